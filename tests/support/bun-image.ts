// An image with the runtime of the tests, FROM scratch: the `bun` binary with the libraries that it is linked to.

import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buildImage } from "../../runtimes/docker/build-image.ts";
import type { Engine } from "../../runtimes/docker/engine.ts";
import { findImage } from "../../runtimes/docker/find-image.ts";

/** Builds it unless the engine has it; gives its name. `bun` is its entry point. */
export async function bunImage(engine: Engine): Promise<string> {
  const image = `localhost/astrolabe-test/bun:${Bun.version}`;
  if ((await findImage(engine, image)) !== undefined) return image;
  const folder = mkdtempSync(join(tmpdir(), "astrolabe-bun-"));
  try {
    for (const path of linkedLibraries(process.execPath)) {
      mkdirSync(join(folder, "files", dirname(path)), { recursive: true });
      copyFileSync(path, join(folder, "files", path));
    }
    copyFileSync(process.execPath, join(folder, "files/bun"));
    writeFileSync(join(folder, "Dockerfile"), 'FROM scratch\nCOPY files /\nENTRYPOINT ["/bun"]\n');
    const request = { image, name: "bun", folder, dockerfile: "Dockerfile", args: {}, labels: {}, fresh: false };
    await buildImage(engine, { ...request, secrets: new Map() }, () => undefined, AbortSignal.timeout(120_000));
    return image;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Absolute paths, the loader's included. */
function linkedLibraries(program: string): readonly string[] {
  const listed = Bun.spawnSync(["ldd", program]).stdout.toString();
  return [...listed.matchAll(/(?:=> )?(\/\S+) \(0x/g)].map((match) => match[1] ?? "");
}
