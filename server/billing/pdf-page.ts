// Plain documents as PDF: lines of text and tables on A4 pages. The library is loaded with the first document.

import type { PDFFont, PDFPage } from "pdf-lib";

const [pageWidth, pageHeight] = [595.28, 841.89];
const [margin, lineHeight] = [56, 16];
const columnGap = 12;
/** A document of more lines is no receipt. */
const mostLines = 2_000;

export type PdfBlock =
  | { readonly kind: "title" | "heading" | "text" | "small"; readonly text: string }
  | { readonly kind: "gap" }
  /** The last columns align right: amounts. */
  | {
      readonly kind: "table";
      readonly columns: readonly { readonly title: string; readonly share: number; readonly right?: true }[];
      readonly rows: readonly (readonly string[])[];
    };

const sizes = { title: 20, heading: 12, text: 10, small: 8 } as const;

/**
 * Writes the blocks one below the other.
 * @param title what programs that open the file show.
 */
export async function writePdf(title: string, blocks: readonly PdfBlock[], at: Date): Promise<Uint8Array<ArrayBuffer>> {
  const { PDFDocument, StandardFonts } = await import("pdf-lib");
  const document = await PDFDocument.create();
  document.setTitle(writable(title));
  document.setProducer("Astrolabe");
  document.setCreator("Astrolabe");
  document.setCreationDate(at);
  document.setModificationDate(at);
  const regular = await document.embedFont(StandardFonts.Helvetica);
  const bold = await document.embedFont(StandardFonts.HelveticaBold);
  const pen = new Pen(() => document.addPage([pageWidth, pageHeight]), regular, bold);
  for (const block of blocks) pen.write(block);
  return new Uint8Array(await document.save());
}

class Pen {
  readonly #addPage: () => PDFPage;
  readonly #regular: PDFFont;
  readonly #bold: PDFFont;
  #page: PDFPage;
  #y = pageHeight - margin;
  #lines = 0;

  constructor(addPage: () => PDFPage, regular: PDFFont, bold: PDFFont) {
    this.#addPage = addPage;
    this.#regular = regular;
    this.#bold = bold;
    this.#page = addPage();
  }

  write(block: PdfBlock): void {
    if (block.kind === "gap") this.#y -= lineHeight;
    else if (block.kind === "table") this.#table(block);
    else this.#paragraph(block.text, block.kind);
  }

  #paragraph(text: string, kind: keyof typeof sizes): void {
    const font = kind === "title" || kind === "heading" ? this.#bold : this.#regular;
    const size = sizes[kind];
    for (const line of text.split("\n")) {
      for (const part of wrapped(writable(line), font, size, pageWidth - 2 * margin)) {
        this.#nextLine(size * 1.5);
        this.#page.drawText(part, { x: margin, y: this.#y, size, font });
      }
    }
  }

  #table({ columns, rows }: Extract<PdfBlock, { readonly kind: "table" }>): void {
    this.#row(
      columns,
      columns.map(({ title }) => title),
      this.#bold,
    );
    this.#page.drawLine({
      start: { x: margin, y: this.#y - 4 },
      end: { x: pageWidth - margin, y: this.#y - 4 },
      thickness: 0.5,
    });
    this.#y -= 4;
    for (const row of rows) this.#row(columns, row, this.#regular);
  }

  #row(
    columns: readonly { readonly share: number; readonly right?: true }[],
    cells: readonly string[],
    font: PDFFont,
  ): void {
    const size = sizes.text;
    const whole = columns.reduce((sum, { share }) => sum + share, 0);
    const room = pageWidth - 2 * margin;
    const widths = columns.map(({ share }) => (room * share) / whole - columnGap);
    const parts = cells.map((cell, index) => wrapped(writable(cell), font, size, widths[index] ?? room));
    const height = Math.max(1, ...parts.map((lines) => lines.length));
    for (let line = 0; line < height; line++) {
      this.#nextLine(lineHeight);
      let x = margin;
      columns.forEach(({ share, right }, index) => {
        const text = parts[index]?.[line] ?? "";
        const width = widths[index] ?? 0;
        const at = right ? x + width - font.widthOfTextAtSize(text, size) : x;
        if (text !== "") this.#page.drawText(text, { x: at, y: this.#y, size, font });
        x += (room * share) / whole;
      });
    }
  }

  #nextLine(height: number): void {
    if (++this.#lines > mostLines) throw new Error("The document is too long.");
    if (this.#y - height < margin) {
      this.#page = this.#addPage();
      this.#y = pageHeight - margin;
    }
    this.#y -= height;
  }
}

/** Breaks between words, and within words that are too long. */
function wrapped(text: string, font: PDFFont, size: number, width: number): string[] {
  const fits = (line: string): boolean => font.widthOfTextAtSize(line, size) <= width;
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (fits(longer)) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    line = "";
    for (const character of word) {
      if (line !== "" && !fits(line + character)) {
        lines.push(line);
        line = "";
      }
      line += character;
    }
  }
  return [...lines, line];
}

/** The built-in fonts know the letters of western Europe: others lose their accents, or become a question mark. */
function writable(text: string): string {
  return [...text].map((character) => (isWestern(character) ? character : withoutAccents(character))).join("");
}

function withoutAccents(character: string): string {
  const plain = [...character.normalize("NFKD")].filter((part) => isWestern(part)).join("");
  return plain === "" ? "?" : plain;
}

function isWestern(character: string): boolean {
  return /^[\u0020-\u007e\u00a0-\u00ff\u20ac]$/.test(character);
}
