// The image of the repository's own Dockerfile. No registry can be reached, so both of its bases are made here, FROM
// scratch: this machine's Node.js with the installed packages, and the C library alone.

import { createHash } from "node:crypto";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pack, type Pack } from "tar-fs";
import { buildImage } from "../../runtimes/docker/build-image.ts";
import { engineEvents } from "../../runtimes/docker/engine-events.ts";
import type { Engine } from "../../runtimes/docker/engine.ts";
import { findImage } from "../../runtimes/docker/find-image.ts";
import { isObject, objectAt, parseObject } from "../../server/contracts/json.ts";
import { root } from "../tidy/source-tree.ts";

const installed = realpathSync(join(root, "node_modules"));
const searchPath = "ENV PATH=/usr/local/bin:/usr/bin:/bin";

/** Builds the image with the name; layers of earlier runs are used again. */
export async function buildServerImage(engine: Engine, image: string): Promise<void> {
  const [BUILD_IMAGE, BASE_IMAGE] = [await packagesImage(engine), await libraryImage(engine)];
  const request = { image, name: "server", folder: root, dockerfile: "Dockerfile", labels: {}, fresh: false };
  const args = { BUILD_IMAGE, BASE_IMAGE };
  await buildImage(engine, { ...request, args, secrets: new Map() }, () => undefined, AbortSignal.timeout(120_000));
}

/** Node.js, and the packages that are no development packages where the Dockerfile looks for them. */
async function packagesImage(engine: Engine): Promise<string> {
  const node = Bun.which("node");
  if (node === null) throw new Error("These tests need Node.js on the path.");
  const lock = readFileSync(join(root, "package-lock.json"));
  const addons = ["*/*.node", "@*/*/*.node"].flatMap((pattern) => [
    ...new Bun.Glob(pattern).scanSync({ cwd: installed, absolute: true }),
  ]);
  const packed = pack(installed, {
    entries: [".package-lock.json", ...neededPackages(lock.toString())],
    ignore: (path) => /\.(?:map|md|d\.[cm]?ts)$/.test(path),
    map: (header) => Object.assign(header, { name: `build/node_modules/${header.name}`, uid: 0, gid: 0 }),
    finalize: false,
    finish: (archive) => {
      archive.entry({ name: "usr/local/bin/node", mode: 0o755 }, readFileSync(node));
      addLibraries(archive, [node, process.execPath, ...addons]);
    },
  });
  return importImage(engine, `packages:${createHash("sha256").update(lock).digest("hex").slice(0, 16)}`, packed);
}

/** What a base has to have: the C library with its loader. */
function libraryImage(engine: Engine): Promise<string> {
  const finish = (archive: Pack) => addLibraries(archive, [process.execPath]);
  return importImage(engine, `c-library:${Bun.version}`, pack(root, { entries: [], finalize: false, finish }));
}

/** The libraries that programs are linked to, and the end of the archive. */
function addLibraries(archive: Pack, programs: readonly string[]): void {
  const listed = Bun.spawnSync(["ldd", ...programs]).stdout.toString();
  const paths = new Set([...listed.matchAll(/(?:=> )?(\/\S+) \(0x/g)].map((match) => match[1] ?? ""));
  for (const path of paths) archive.entry({ name: path.slice(1), mode: 0o755 }, readFileSync(path));
  archive.finalize();
}

/** An image of one layer, unless the engine has it. */
async function importImage(engine: Engine, name: string, files: Pack): Promise<string> {
  const image = `localhost/astrolabe-test/${name}`;
  if ((await findImage(engine, image)) !== undefined) return image;
  const stream = await engine.streaming.importImage(Readable.from(files), { repo: image, changes: searchPath });
  for await (const event of engineEvents(stream)) {
    if (event.error !== undefined) throw new Error(`${name}: ${event.errorDetail?.message ?? event.error}`);
  }
  return image;
}

/** Folders at the top of node_modules that this machine has and a build wants. */
function neededPackages(lock: string): string[] {
  const packages = Object.entries(objectAt(parseObject(lock) ?? {}, "packages") ?? {});
  const needed = packages.filter(([, entry]) => isObject(entry) && entry["dev"] !== true);
  const names = needed.map(([path]) => path.replace("node_modules/", ""));
  return names.filter((name) => name !== "" && !name.includes("node_modules") && existsSync(join(installed, name)));
}
