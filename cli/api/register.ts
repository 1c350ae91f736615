// Publishing a build: where images belong, the readme's images, and the build itself.

import { z } from "zod";
import type { Json } from "../../server/contracts/json.ts";
import type { Readme } from "../local/readme.ts";
import type { Api } from "./api.ts";
import { apiPath } from "./http-client.ts";

const registrySchema = z.looseObject({ registry: z.string().nullable() });
const assetsSchema = z.looseObject({ assets: z.record(z.string(), z.string()) });
const registeredSchema = z.looseObject({ hints: z.array(z.string()).default([]) });

/** `host/prefix` that the server wants images in; undefined when it takes them from its machine's engine. */
export async function imageRegistry(api: Api, account: string): Promise<string | undefined> {
  const answer = await api.read(registrySchema, "GET", apiPath`/api/v1/accounts/${account}/image-registry`);
  return answer.registry ?? undefined;
}

/** Addresses of the images by their paths; empty when there are none. */
export async function uploadImages(
  api: Api,
  account: string,
  name: string,
  { images }: Pick<Readme, "images">,
): Promise<Readonly<Record<string, string>>> {
  if (images.length === 0) return {};
  const form = new FormData();
  for (const { path, file } of images) {
    const content = await Bun.file(file).bytes();
    form.append(path, new Blob([content], { type: Bun.file(file).type }), path.split("/").at(-1) ?? path);
  }
  const path = apiPath`/api/v1/agents/${account}/${name}/readme-assets`;
  return (await api.read(assetsSchema, "POST", path, { body: form })).assets;
}

export type NewBuild = {
  readonly buildId: string;
  readonly registry: string;
  readonly text: string;
  readonly readme: string;
  readonly assets: Readonly<Record<string, string>>;
  /** Undefined leaves it as it is. */
  readonly visibility: string | undefined;
};

/** The server's answer, and its warnings in words. */
export async function registerBuild(
  api: Api,
  account: string,
  name: string,
  build: NewBuild,
): Promise<{ readonly document: Json; readonly hints: readonly string[] }> {
  const document = await api.send("POST", apiPath`/api/v1/agents/${account}/${name}/register`, {
    body: {
      build_id: build.buildId,
      registry: build.registry,
      spec_content: build.text,
      readme: build.readme,
      readme_assets: { ...build.assets },
      ...(build.visibility !== undefined && { visibility: build.visibility }),
    },
  });
  return { document, hints: api.parse(registeredSchema, document, "the registration").hints };
}
