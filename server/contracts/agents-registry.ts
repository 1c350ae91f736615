// Blueprints and their builds, as the API below `/api/v1` shows and accepts them.

import { z } from "zod";
import { longestReadmeBytes, longestSpecBytes } from "./agents-limits.ts";
import { timeSchema } from "./control.ts";

export const visibilitySchema = z.enum(["private", "public"]);

export const buildIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/, "1 to 64 letters, digits, `_`, `.` and `-`, as an image's tag may be");

const atMostBytes = (most: number) =>
  z.string().refine((text) => Buffer.byteLength(text) <= most, `at most ${most} bytes`);

const diagnosticSchema = z.strictObject({
  severity: z.enum(["error", "warning"]),
  code: z.string().describe("Stable, for programs."),
  path: z.string().describe("With dots: `models.x.provider`."),
  message: z.string(),
  hint: z.string().optional(),
  line: z.number().int().describe("From 1."),
  column: z.number().int().describe("From 1."),
});

export const registerBuildSchema = z
  .object({
    build_id: buildIdSchema,
    registry: z.string().max(500).default("").describe("Where its images are; empty: in the engine that built them."),
    spec_content: atMostBytes(longestSpecBytes).describe("The text of astropods.yml, images in the place of builds."),
    readme: atMostBytes(longestReadmeBytes).default("").describe("The text of AGENT.md."),
    readme_assets: z
      .record(z.string().max(500), z.string().max(2_000))
      .default({})
      .describe("Addresses of uploaded images by their paths in the readme."),
    visibility: visibilitySchema.optional().describe("Absent: as it is; private for a new blueprint."),
  })
  .meta({ id: "RegisterBuild" });

export const registeredBuildSchema = z
  .strictObject({
    account: z.string(),
    name: z.string(),
    build_id: z.string(),
    published_at: timeSchema,
    visibility: visibilitySchema,
    validation_warnings: z.array(diagnosticSchema),
    hints: z.array(z.string()).describe("The warnings as sentences."),
    pruned_builds: z.array(z.string()).describe("Old builds that made room for this one."),
  })
  .meta({ id: "RegisteredBuild" });

const versionSchema = z.strictObject({
  build_id: z.string(),
  published_at: timeSchema,
  readme: z.string().optional().describe("Of the newest build, where one blueprint is read."),
  agent_card: z.strictObject({ body: z.string() }).optional().describe("The readme without its front matter."),
});

export const blueprintSchema = z
  .strictObject({
    account: z.string(),
    name: z.string(),
    visibility: visibilitySchema,
    created_at: timeSchema,
    archived_at: timeSchema.optional(),
    versions: z.array(versionSchema).describe("Builds, the newest first."),
    metrics: z.strictObject({
      deploy_count: z.number().int().describe("Deployments that run a build of it now."),
      lifetime_messages: z.number().int().describe("Always 0: messages are not counted."),
    }),
  })
  .meta({ id: "Blueprint" });

export const blueprintsSchema = z
  .strictObject({ agents: z.array(blueprintSchema), count: z.number().int() })
  .meta({ id: "Blueprints" });

export const listBlueprintsQuerySchema = z.strictObject({
  archived: z.enum(["true", "false"]).default("false").describe("`true` lists archived ones too."),
});

export const createBlueprintSchema = z
  .object({ name: z.string().max(200), visibility: visibilitySchema.default("private") })
  .meta({ id: "CreateBlueprint" });

export const updateBlueprintSchema = z.object({ visibility: visibilitySchema }).meta({ id: "UpdateBlueprint" });

export const buildSchema = z
  .strictObject({
    build_id: z.string(),
    published_at: timeSchema,
    published_by: z.string().describe("By their address, as they were called then."),
    registry: z.string(),
    deployed: z.boolean().describe("Whether a deployment serves it now, or would once it is resumed."),
    validation_warnings: z.array(diagnosticSchema),
  })
  .meta({ id: "Build" });

export const buildsSchema = z.strictObject({ builds: z.array(buildSchema) }).meta({ id: "Builds" });

export const buildDetailSchema = z
  .strictObject({ ...buildSchema.shape, spec_content: z.string(), readme: z.string() })
  .meta({ id: "BuildDetail" });

export const imageRegistrySchema = z
  .strictObject({
    registry: z
      .string()
      .nullable()
      .describe("`host/prefix` that images are pushed to; null: the engine of the server's own machine."),
  })
  .meta({ id: "ImageRegistry" });

export const readmeAssetsSchema = z
  .strictObject({ assets: z.record(z.string(), z.string()).describe("The address of each image by its path.") })
  .meta({ id: "ReadmeAssets" });
