// The console as the build left it on disk: its page with this server's address filled in, and the list of its files.

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { pathOf } from "../public-path.ts";

export type Encoding = "br" | "gzip";

export type BuiltFile = {
  readonly path: string;
  readonly contentType: string;
  /** Its name holds a hash of its content: it never changes. */
  readonly immutable: boolean;
  readonly etag: string;
  /** Paths of its compressed forms. */
  readonly encoded: Readonly<Partial<Record<Encoding, string>>>;
};

export type BuiltConsole = {
  readonly page: string;
  /** With the quotes. */
  readonly pageEtag: string;
  /** By address below the base, such as `assets/index-1a2b3c4d.js`. */
  readonly files: ReadonlyMap<string, BuiltFile>;
};

const contentTypes: Readonly<Record<string, string>> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
  ".json": "application/json",
};

const suffixes: readonly (readonly [Encoding, string])[] = [
  ["br", ".br"],
  ["gzip", ".gz"],
];

/**
 * @param folder what `scripts/build.mjs` wrote.
 * @param publicUrl address of the server without a trailing slash; its path is where the console lives.
 * @returns undefined when there is no build.
 */
export function readBuiltConsole(folder: string, publicUrl: string): BuiltConsole | undefined {
  const index = join(folder, "index.html");
  if (!existsSync(index)) return undefined;
  const page = withAddress(readFileSync(index, "utf8"), publicUrl);
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => name.replaceAll("\\", "/"));
  const files = new Map<string, BuiltFile>();
  for (const name of names) {
    const contentType = contentTypes[extname(name)];
    if (contentType !== undefined) files.set(name, builtFile(folder, name, contentType));
  }
  return { page, pageEtag: etagOf(page), files };
}

function builtFile(folder: string, name: string, contentType: string): BuiltFile {
  const path = join(folder, name);
  const { size, mtimeMs } = statSync(path);
  const encoded: Partial<Record<Encoding, string>> = {};
  for (const [encoding, suffix] of suffixes) if (existsSync(path + suffix)) encoded[encoding] = path + suffix;
  const immutable = name.startsWith("assets/");
  return { path, contentType, immutable, etag: `"${size.toString(36)}-${Math.floor(mtimeMs).toString(36)}"`, encoded };
}

/** Every file is named from the base: the page itself is answered at many depths. */
function withAddress(page: string, publicUrl: string): string {
  const base = escapeAttribute(`${pathOf(publicUrl)}/`);
  return page
    .replaceAll(/(?<=(?:src|href)=")\.\//g, () => base)
    .replace(/(?<=name="astrolabe-base" content=")[^"]*/, () => base)
    .replace(/(?<=name="astrolabe-address" content=")[^"]*/, () => escapeAttribute(publicUrl));
}

function escapeAttribute(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function etagOf(text: string): string {
  return `"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"`;
}
