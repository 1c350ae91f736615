import { expect, test } from "bun:test";
import { formatMegabytes, formatNumber, renderTable } from "./table.ts";

test("a table lines up its columns, text left and numbers right, and is Markdown", () => {
  const rows = [
    { name: "bare", rate: 12_345 },
    { name: "a longer name", rate: 7 },
  ];
  const table = renderTable<(typeof rows)[number]>(
    [
      { title: "Server", value: (row) => row.name, align: "left" },
      { title: "req/s", value: (row) => formatNumber(row.rate), align: "right" },
    ],
    rows,
  );
  expect(table.split("\n")).toEqual([
    "| Server        |  req/s |",
    "| ------------- | -----: |",
    "| bare          | 12,345 |",
    "| a longer name |      7 |",
  ]);
});

test("a figure that was not measured is called unknown, never zero", () => {
  expect(formatNumber(undefined)).toBe("unknown");
  expect(formatNumber(Number.NaN, 2)).toBe("unknown");
  expect(formatMegabytes(undefined)).toBe("unknown");
  expect(formatNumber(0, 2)).toBe("0.00");
  expect(formatMegabytes(61_700_000)).toBe("62");
});
