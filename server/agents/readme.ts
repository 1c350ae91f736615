// The text of AGENT.md: what the registry shows of it, and the images that belong to it.

/** Without its front matter. */
export function bodyOfReadme(readme: string): string {
  return readme.replace(/^\uFEFF?---\r?\n[\s\S]*?\n---[ \t]*(?:\r?\n|$)/, "").trim();
}

/**
 * Puts addresses in the place of the paths by which a readme names its images.
 * @param addresses by path, as the readme writes it, without a leading `./`.
 * @param prefix what every address has to begin with; others are passed over.
 */
export function withImages(readme: string, addresses: Readonly<Record<string, string>>, prefix: string): string {
  const known = new Map(Object.entries(addresses).filter(([, address]) => address.startsWith(prefix)));
  if (known.size === 0) return readme;
  const addressOf = (path: string): string => known.get(path.replace(/^\.\//, "")) ?? path;
  return readme
    .replaceAll(/(!\[[^\]\n]*\]\(\s*<?)([^)\s>]+)/g, (_, before: string, path: string) => before + addressOf(path))
    .replaceAll(
      /(<img\b[^>\n]*?\bsrc=["'])([^"'\n]+)/gi,
      (_, before: string, path: string) => before + addressOf(path),
    );
}

const signatures: readonly (readonly [mediaType: string, test: (bytes: Uint8Array) => boolean])[] = [
  ["image/png", (bytes) => startsWith(bytes, [0x89, 0x50, 0x4e, 0x47])],
  ["image/jpeg", (bytes) => startsWith(bytes, [0xff, 0xd8, 0xff])],
  ["image/gif", (bytes) => startsWith(bytes, [0x47, 0x49, 0x46, 0x38])],
  ["image/webp", (bytes) => startsWith(bytes, [0x52, 0x49, 0x46, 0x46]) && textAt(bytes, 8, 4) === "WEBP"],
  ["image/svg+xml", (bytes) => /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*<svg[\s>]/.test(textAt(bytes, 0, 1024))],
];

/** What kind of image these bytes are; undefined for anything else. What a name or a header says does not count. */
export function imageType(bytes: Uint8Array): string | undefined {
  return signatures.find(([, test]) => test(bytes))?.[0];
}

function startsWith(bytes: Uint8Array, signature: readonly number[]): boolean {
  return signature.every((byte, index) => bytes[index] === byte);
}

function textAt(bytes: Uint8Array, from: number, count: number): string {
  return Buffer.from(bytes.subarray(from, from + count)).toString("latin1");
}
