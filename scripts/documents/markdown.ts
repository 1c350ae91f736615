// The few pieces of Markdown that generated pages are made of.

/** A table; cells are Markdown, their line breaks and bars made harmless. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(headings), line(headings.map(() => "---")), ...rows.map(line)].join("\n");
}

export function code(text: string): string {
  return `\`${text}\``;
}

/** `a`, `b` and `c` in code type, joined by `word`. */
export function codeList(values: readonly string[], word: "and" | "or"): string {
  const last = values.at(-1);
  if (last === undefined) return "";
  if (values.length === 1) return code(last);
  return `${values.slice(0, -1).map(code).join(", ")} ${word} ${code(last)}`;
}

/** The page's first lines. */
export function pageHead(title: string, source: string, introduction: string): string {
  return `# ${title}\n\n<!-- Written by \`npm run docs\` from ${source}; change it there. -->\n\n${introduction}\n`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll(/\s+/g, " ").trim();
}
