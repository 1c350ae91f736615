// A build's folder as the stream of a tar file: without what .dockerignore names, and with what only this build needs.

import { existsSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { Readable } from "node:stream";

export type BuildContext = {
  /** Absolute. */
  readonly folder: string;
  /** From the folder. */
  readonly dockerfile: string;
  /** Files that are sent besides and that no COPY sees, by name. */
  readonly hidden: ReadonlyMap<string, string>;
};

const ignoreFiles = [".containerignore", ".dockerignore"];

/** Owners are left out, so that the same files give the same image wherever they lie. */
export async function packContext(context: BuildContext): Promise<Readable> {
  const [{ pack }, rules] = await Promise.all([import("tar-fs"), ignoreRules(context)]);
  const replaced = context.hidden.size === 0 ? [] : ignoreFiles;
  const archive = pack(context.folder, {
    strict: false,
    finalize: false,
    ignore: (path) => {
      const name = relative(context.folder, path);
      return replaced.includes(name) || rules(name);
    },
    map: (header) => Object.assign(header, { uid: 0, gid: 0 }),
    finish: (packed) => {
      for (const [name, text] of context.hidden) packed.entry({ name, mode: 0o600 }, text);
      const names = [...context.hidden.keys()].map((name) => `${name}\n`).join("");
      for (const name of replaced) packed.entry({ name }, `${readIgnoreFile(context)}\n${names}`);
      packed.finalize();
    },
  });
  return Readable.from(archive);
}

/** Whether a path, relative to the folder, stays here. */
async function ignoreRules(context: BuildContext): Promise<(name: string) => boolean> {
  const { default: dockerIgnore } = await import("@balena/dockerignore");
  const text = readIgnoreFile(context);
  const rules = dockerIgnore({ ignorecase: false }).add(text);
  const hasExceptions = /^\s*!/m.test(text);
  const needed = [...ignoreFiles, context.dockerfile.split(sep).join("/")];
  return (name) => {
    if (name === "" || needed.includes(name)) return false;
    if (!rules.ignores(name)) return false;
    // Something below may be excepted, and the way to the Dockerfile has to be sent as well.
    const isFolder = statSync(join(context.folder, name), { throwIfNoEntry: false })?.isDirectory() === true;
    return !(isFolder && (hasExceptions || needed.some((path) => path.startsWith(`${name}/`))));
  };
}

/** The ignore file that counts; empty when there is none. */
function readIgnoreFile({ folder, dockerfile }: BuildContext): string {
  const own = join(folder, `${dockerfile}.dockerignore`);
  const path = [own, ...ignoreFiles.map((name) => join(folder, name))].find((candidate) => existsSync(candidate));
  return path === undefined ? "" : readFileSync(path, "utf8");
}
