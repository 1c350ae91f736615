// Routes for the images of a blueprint's readme: uploaded before the build that shows them, and read by whoever may read
// the blueprint.

import { z } from "zod";
import { blueprintNamePattern, largestReadmeImageBytes, mostReadmeImages } from "../../contracts/agents-limits.ts";
import { readmeAssetsSchema } from "../../contracts/agents-registry.ts";
import { GatewayError, invalidField } from "../../contracts/errors.ts";
import { readableBlueprint } from "../../agents/builds.ts";
import { imageType } from "../../agents/readme.ts";
import { builders, mayReadAll, signedIn } from "../control/access.ts";
import { accountRoute, noBody, noQuery } from "../control/declared-route.ts";
import { imagePrefix } from "./shown-blueprints.ts";

const tag = "Agents: blueprints";
/** All images of one upload together. */
const largestUploadBytes = 32 * 1_048_576;
/** What is kept; what was pushed the longest ago goes first. */
const kept = { perBlueprint: 60, perWorkspaceBytes: 256 * 1_048_576 };

export const readmeRoutes = [
  accountRoute({
    method: "POST",
    path: "/api/v1/agents/:account/:name/readme-assets",
    auth: builders,
    tag,
    summary: "Upload images of a readme",
    description:
      "As `multipart/form-data`: the name of each part is the image's path in the readme. At most 20 images of at most " +
      "10 MiB, 32 MiB together: PNG, JPEG, GIF, WebP, SVG. Kept are the newest 60 of a blueprint, 256 MiB of an account.",
    query: noQuery,
    body: noBody,
    unread: true,
    status: 200,
    response: readmeAssetsSchema,
    handle: async ({ workspace, param, request, services }) => {
      const name = param("name");
      if (!blueprintNamePattern.test(name)) throw invalidField("name", "a blueprint's name");
      const parts = await imagesIn(request);
      const images = parts.map(({ mediaType, content }) => {
        const hash = new Bun.CryptoHasher("sha256").update(content).digest("hex");
        return { workspaceId: workspace.id, name, hash, mediaType, content };
      });
      await services.agents.readmeImages.store(images, kept, services.now());
      const prefix = imagePrefix(services, workspace, name);
      return {
        assets: Object.fromEntries(parts.map(({ path }, index) => [path, prefix + (images[index]?.hash ?? "")])),
      };
    },
  }),
  accountRoute({
    method: "GET",
    path: "/api/v1/agents/:account/:name/readme-assets/:image",
    auth: signedIn,
    tag,
    summary: "Get an image of a readme",
    query: noQuery,
    body: noBody,
    status: 200,
    media: "image/*",
    response: z.string(),
    errors: ["blueprint_not_found"],
    handle: async ({ workspace, param, caller, role, services }) => {
      const name = param("name");
      await readableBlueprint(services.agents.registry, workspace.id, name, mayReadAll(caller, role));
      const image = await services.agents.readmeImages.find(workspace.id, name, param("image"));
      if (image === undefined) throw new GatewayError("not_found", "The readme has no such image.");
      return new Response(new Uint8Array(image.content), {
        // An SVG that is opened by itself is a page: it gets no scripts, and nothing of this origin.
        headers: { "content-type": image.mediaType, "content-security-policy": "default-src 'none'; sandbox" },
      });
    },
  }),
];

type Part = { readonly path: string; readonly mediaType: string; readonly content: Uint8Array };

/** @throws GatewayError invalid_request, payload_too_large */
async function imagesIn(request: Request): Promise<Part[]> {
  const declared = Number(request.headers.get("content-length") ?? Number.NaN);
  if (Number.isNaN(declared)) throw new GatewayError("invalid_request", "Send a `content-length`.");
  if (declared > largestUploadBytes) throw tooLarge(largestUploadBytes);
  const form = await request.formData().catch((cause: unknown) => {
    throw new GatewayError("invalid_request", "Send the images as `multipart/form-data`.", { cause });
  });
  const entries = [...form.entries()];
  if (entries.length > mostReadmeImages) {
    throw new GatewayError("invalid_request", `A readme has at most ${mostReadmeImages} images.`);
  }
  return Promise.all(entries.map(([path, value]) => imageOf(path, value)));
}

async function imageOf(path: string, value: File | string): Promise<Part> {
  if (typeof value === "string") throw invalidField(path.slice(0, 100), "a file");
  if (value.size > largestReadmeImageBytes) throw tooLarge(largestReadmeImageBytes);
  const content = new Uint8Array(await value.arrayBuffer());
  const mediaType = imageType(content);
  if (mediaType === undefined) throw invalidField(path.slice(0, 100), "an image: PNG, JPEG, GIF, WebP or SVG");
  return { path, mediaType, content };
}

function tooLarge(limitBytes: number): GatewayError {
  return new GatewayError("payload_too_large", undefined, { details: { limit_bytes: limitBytes } });
}
