// The name under which the engine knows a deployment, and the first part of the host name that it answers at.

import type { RandomBytes } from "./sealed-value.ts";

const longestName = 30;
const letters = "abcdefghijklmnopqrstuvwxyz234567";
const mark = 8;

/** A DNS label of at most 39 characters: the name as far as it can be one, and a random end that makes it unique. */
export function makeLabel(displayName: string, random: RandomBytes): string {
  const name = displayName
    .toLowerCase()
    .normalize("NFKD")
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, longestName)
    .replace(/-+$/, "");
  const end = Array.from(random(mark), (byte) => letters[byte % letters.length]).join("");
  return `${name === "" ? "agent" : name}-${end}`;
}
