import { describe, expect, test } from "bun:test";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { csvLine } from "./csv.ts";

describe("a line of CSV", () => {
  test("is read back by a reader of CSV, whatever its cells hold", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('"', ",", "\r", "\n", "a", " ") }), { minLength: 2 }),
        (cells) => {
          const read: unknown = parse(csvLine(cells.map((value) => ({ value }))), { record_delimiter: "\r\n" });
          expect(read).toEqual([cells]);
        },
      ),
    );
  });

  test("disarms formulas in text, and leaves numbers alone", () => {
    const line = csvLine([
      { value: '=HYPERLINK("http://x")', text: true },
      { value: "+1", text: true },
      { value: "@x", text: true },
      { value: "-0.5" },
    ]);
    expect(line).toBe(`"'=HYPERLINK(""http://x"")",'+1,'@x,-0.5\r\n`);
  });
});
