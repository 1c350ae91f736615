// The pieces of the schema that stand in several places: builds, health checks, containers, inputs.

import { z } from "zod";
import { datatypes, displayKinds } from "./blueprint.ts";
import { entryNamePattern, variablePattern } from "./names.ts";

/** What a format asks for and the way out, in the one text that zod carries. */
function sentences(message: string, hint: string): string {
  return `${message}\n${hint}`;
}

/** At most so many characters, as people count them. */
function boundedText(most: number) {
  return z
    .string()
    .refine(
      (text) => [...text].length <= most,
      sentences(`must be at most ${most} characters long`, "Make it shorter."),
    )
    .meta({ maxLength: most });
}

const noSpaces = (what: string, example: string) =>
  z.string().regex(/^\S+$/u, sentences(`must be ${what} without spaces`, `For example: \`${example}\`.`));

/** Text, or a number or a truth value that is taken as it is written. */
export const scalarText = z.union([z.string(), z.number(), z.boolean()]);

export const variableName = z
  .string()
  .regex(
    variablePattern,
    sentences(
      "must be the name of an environment variable",
      "Use letters, digits and underscores, and no digit at the start: `API_TOKEN`.",
    ),
  );

export const entryName = z
  .string()
  .regex(
    entryNamePattern,
    sentences(
      "must be a short name",
      "Use at most 50 letters, digits, hyphens, underscores and dots, with a letter or a digit at both ends.",
    ),
  );

const duration = z
  .string()
  .regex(
    /^(?:[0-9]+(?:\.[0-9]+)?(?:ms|s|m|h))+$/u,
    sentences("must be a time with its unit", "Write it like `10s`, `500ms` or `1m30s`."),
  );

const absolutePath = (what: string, example: string) =>
  z.string().regex(/^\/\S*$/u, sentences(`must be ${what} that begins with \`/\``, `For example: \`${example}\`.`));

const imageName = noSpaces("the name of an image", "my-agent:latest").describe(
  "Name of an image that exists. Either this or `build`.",
);

const build = z
  .strictObject({
    context: z
      .string()
      .min(1)
      .describe("Folder that the build can see, from the folder of this file; `.` is that folder itself."),
    dockerfile: z.string().min(1).describe("The Dockerfile, from the context."),
    target: z.string().min(1).optional().describe("Stage of a Dockerfile with several; without it the last one."),
    args: z
      .record(z.string().min(1), scalarText)
      .optional()
      .describe("Values of the Dockerfile's `ARG` lines, by name."),
    secrets: z
      .array(
        z.strictObject({
          id: noSpaces("an id", "npm-token").describe("What the Dockerfile calls it: `--mount=type=secret,id=...`."),
          env: variableName
            .optional()
            .describe(
              "Variable, where the build is started, that holds the value. Without it the one named like the id.",
            ),
        }),
      )
      .optional()
      .describe("Secrets that single steps of the build may read, and that no image keeps."),
  })
  .describe("How the image is built. Either this or `image`.");

export const healthcheck = z
  .strictObject({
    test: z
      .array(z.string())
      .min(1)
      .optional()
      .describe(
        'Command that ends with 0 when all is well: `["CMD", "pg_isready"]`, or `["CMD-SHELL", "..."]` for a shell.',
      ),
    path: absolutePath("a path", "/health")
      .optional()
      .describe("Path that answers 200 to 399 over HTTP when all is well."),
    interval: duration.optional().meta({ default: "10s" }).describe("Time between two checks."),
    timeout: duration.optional().meta({ default: "5s" }).describe("Time after which a check has failed."),
    retries: z
      .int()
      .min(1)
      .max(100)
      .optional()
      .meta({ default: 3 })
      .describe("Failures in a row after which the container counts as unhealthy."),
  })
  .describe("How it is told that the container is ready for use. Either `test` or `path`.");

export const source = { image: imageName.optional(), build: build.optional() };

export const container = z
  .strictObject({
    ...source,
    port: z.int().min(1).max(65535).optional().describe("Port that it listens on. Others reach it there."),
    volume: absolutePath("a path in the container", "/data")
      .optional()
      .describe("Where a volume is mounted that outlives the container. Without it nothing is kept."),
    environment: z
      .record(variableName, scalarText)
      .optional()
      .describe("Variables with fixed values. No place for secrets: use `inputs`."),
    gpu: z
      .strictObject({
        vram: z
          .string()
          .regex(
            /^[0-9]+(?:\.[0-9]+)?(?:Mi|Gi|Ti|M|G|T)$/u,
            sentences("must be an amount of memory", "For example: `24Gi`."),
          )
          .optional()
          .describe("Memory that the accelerator must have."),
        runtime: z.enum(["cuda", "rocm"]).optional().describe("Kind of accelerator."),
      })
      .optional()
      .describe("Accelerator that the container needs."),
    healthcheck: healthcheck.optional(),
  })
  .describe("Container that is run beside the agent.");

export const input = z
  .strictObject({
    name: variableName.describe("The environment variable, exactly as written."),
    datatype: z.enum(datatypes).describe("What the value is."),
    secret: z.boolean().optional().meta({ default: false }).describe("Whether the value is hidden once it is given."),
    description: z.string().optional().describe("Shown to whoever gives the value."),
    "display-as": z.enum(displayKinds).optional().describe("How it is asked for. `select` needs `options`."),
    options: z.array(scalarText).optional().describe("What may be chosen when `display-as` is `select`."),
    default: scalarText.optional().describe("Value when none is given. Not for secrets."),
    optional: z.boolean().optional().meta({ default: false }).describe("Whether the agent runs without it."),
  })
  .describe("A value that is asked for before the agent runs.");

export const inputs = z.array(input);

const skillFormat = sentences(
  "must be a name of lower-case letters, digits, dots, hyphens and underscores that does not begin with `agent.`",
  "For example: `summarise-issues`.",
);

export const skill = z.strictObject({
  // Two patterns instead of a look-ahead, which many validators of JSON Schema do not know.
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,127}$/u, skillFormat)
    .refine((name) => !name.startsWith("agent."), skillFormat)
    .meta({ not: { pattern: "^agent\\." } })
    .describe("At most 128 lower-case letters, digits, dots, hyphens and underscores."),
  description: boundedText(500).optional().describe("At most 500 characters."),
});

export const connection = z.strictObject({
  provider: z
    .string()
    .regex(/^[a-z][a-z0-9_-]*$/u, sentences("must be a provider's short name", "For example: `github`."))
    .describe("Whose account is to be connected."),
  reason: boundedText(120)
    .regex(/\S/u, sentences("must say something", "Tell in one sentence what the agent does with the connection."))
    .describe("What the agent does with it. At most 120 characters."),
  scopes: z.array(noSpaces("one scope", "repo:read")).optional().describe("What the agent asks to be allowed."),
});

const packages = z
  .array(
    z
      .string()
      .regex(
        /^[^\s;|&$`()'"\\-][^\s;|&$`()'"\\]*$/u,
        sentences("must be one package", "It may not begin with `-` or hold spaces or signs of a shell: `ripgrep`."),
      ),
  )
  .optional()
  .describe("Names of packages.");

export const sandbox = z
  .strictObject({
    toolchain: z.enum(["auto", "always", "never"]).describe("When the toolchain is installed."),
    packages,
    python: z
      .strictObject({
        version: z
          .string()
          .regex(/^[0-9]+\.[0-9]+$/u, sentences("must be a version of two parts", 'For example: `"3.12"`.'))
          .optional()
          .describe('Such as `"3.12"`, in quotes.'),
        packages,
      })
      .optional()
      .describe("Python and its packages."),
    node: z
      .strictObject({
        version: z
          .string()
          .regex(/^[0-9]+$/u, sentences("must be a major version", 'For example: `"22"`.'))
          .optional()
          .describe('Such as `"22"`, in quotes.'),
        packages,
      })
      .optional()
      .describe("Node.js and its packages."),
    browser: z
      .strictObject({ name: z.enum(["chromium"]).describe("Which one.") })
      .optional()
      .describe("A browser for the agent."),
    env: z.record(variableName, scalarText).optional().describe("Variables of the sandbox."),
    setup: z
      .array(z.string().regex(/\S/u, sentences("must be a command", "Remove the line, or write the command.")))
      .optional()
      .describe("Commands that are run once."),
  })
  .describe("Tools that the agent's sandbox is set up with.");
