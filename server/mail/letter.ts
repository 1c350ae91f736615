// A letter as its writer sees it, and how it looks as plain text and as simple HTML.

export type Letter = {
  readonly to: string;
  readonly subject: string;
  /** Plain sentences; each is a paragraph. */
  readonly paragraphs: readonly string[];
  /** What the reader is to do. */
  readonly action?: { readonly label: string; readonly url: string };
  /** In small print below, such as what to do when the letter was not expected. */
  readonly footnote?: string;
};

export function letterText({ paragraphs, action, footnote }: Letter): string {
  const parts = [
    ...paragraphs,
    ...(action === undefined ? [] : [`${action.label}:\n${action.url}`]),
    ...(footnote === undefined ? [] : [footnote]),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** Every text of the letter is escaped; nothing is loaded from elsewhere. */
export function letterHtml({ subject, paragraphs, action, footnote }: Letter): string {
  const button =
    action === undefined
      ? ""
      : `<p style="margin:24px 0"><a href="${escapeHtml(action.url)}" style="background:#10151f;color:#faf8f4;` +
        `padding:10px 18px;border-radius:6px;text-decoration:none;display:inline-block">${escapeHtml(action.label)}</a></p>` +
        `<p style="font-size:13px;color:#5b6270;word-break:break-all">${escapeHtml(action.url)}</p>`;
  const small =
    footnote === undefined ? "" : `<p style="font-size:13px;color:#5b6270;margin-top:24px">${escapeHtml(footnote)}</p>`;
  const body = paragraphs.map((text) => `<p style="margin:0 0 16px">${escapeHtml(text)}</p>`).join("");
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(subject)}</title></head>` +
    `<body style="margin:0;background:#faf8f4;color:#10151f;font:16px/1.6 system-ui,sans-serif">` +
    `<div style="max-width:520px;margin:0 auto;padding:32px 24px">` +
    `<h1 style="font-size:18px;margin:0 0 20px">${escapeHtml(subject)}</h1>${body}${button}${small}</div></body></html>`
  );
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
