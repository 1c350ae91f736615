// AGENT.md beside a blueprint, and the images of the folder that it shows.

import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join, sep } from "node:path";

export type ReadmeImage = {
  /** As the readme names it. */
  readonly path: string;
  readonly file: string;
};

export type Readme = {
  readonly text: string;
  readonly images: readonly ReadmeImage[];
  readonly left: readonly string[];
};

const mostImages = 20;
const largestImageBytes = 10 * 1024 * 1024;
const imagePatterns = [/!\[[^\]]*\]\(\s*<?([^\s)>]+)/g, /<img\s[^>]*?src\s*=\s*["']([^"']+)["']/gi];

/** Undefined when there is no AGENT.md. `left` says in words which images are not uploaded, and why. */
export function readReadme(folder: string): Readme | undefined {
  const path = join(folder, "AGENT.md");
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, "utf8");
  const named = imagePatterns.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[1] ?? ""));
  const local = [...new Set(named)].filter((name) => !/^(?:[a-z][a-z0-9+.-]*:|\/|#)/i.test(name));
  const images: ReadmeImage[] = [];
  const left: string[] = [];
  for (const name of local) {
    const file = inside(folder, name);
    if (file === undefined) left.push(`${name}: no such file in this folder`);
    else if (statSync(file).size > largestImageBytes) left.push(`${name}: larger than 10 MB`);
    else if (images.length >= mostImages) left.push(`${name}: more than ${mostImages} images`);
    else images.push({ path: name, file });
  }
  return { text, images, left };
}

/** The file, if it lies in the folder once links are followed. */
function inside(folder: string, name: string): string | undefined {
  const path = join(folder, decodeURI(name));
  if (!existsSync(path) || !statSync(path).isFile()) return undefined;
  const real = realpathSync(path);
  return real.startsWith(realpathSync(folder) + sep) ? real : undefined;
}
