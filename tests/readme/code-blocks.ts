// Reads the examples out of a Markdown page, so that tests run what readers copy.

export type CodeBlock = { readonly language: string; readonly text: string };

export function codeBlocks(markdown: string): CodeBlock[] {
  return [...markdown.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map((match) => ({
    language: match[1] ?? "",
    text: match[2] ?? "",
  }));
}

/**
 * The only block of a language that holds `marker`.
 * @throws Error when there is none, or more than one.
 */
export function onlyBlock(markdown: string, language: string, marker: string): string {
  const found = codeBlocks(markdown).filter((block) => block.language === language && block.text.includes(marker));
  const [block] = found;
  if (block === undefined || found.length > 1) {
    throw new Error(`The page has ${found.length} ${language} blocks with ${marker}, and should have one.`);
  }
  return block.text;
}

export type RequestFields = { readonly baseUrl: string; readonly path: string; readonly body: Record<string, string> };

/**
 * What a Python example of the `openai` package would send: the client's address, the called resource, and its text
 * arguments. For machines where the package is not installed.
 * @throws Error when the example has another form.
 */
export function readPythonRequest(source: string): RequestFields {
  const baseUrl = /\bbase_url="([^"]+)"/.exec(source)?.[1];
  const call = /\bclient\.([\w.]+)\.create\(([^()]*)\)/.exec(source);
  if (baseUrl === undefined || call === null) throw new Error("The Python example has no client or no create call.");
  const [, resource = "", given = ""] = call;
  const texts = [...given.matchAll(/(\w+)="([^"]*)"\s*(?:,|$)/g)];
  const rest = given.replaceAll(/(\w+)="([^"]*)"\s*(?:,|$)/g, "").trim();
  if (rest !== "") throw new Error(`The Python example has arguments that are not text: ${rest}`);
  return {
    baseUrl,
    path: `/${resource.replaceAll(".", "/")}`,
    body: Object.fromEntries(texts.map((match) => [match[1] ?? "", match[2] ?? ""])),
  };
}
