import { expect, test } from "bun:test";
import { csvOf, type TableColumn } from "./table-column.ts";

type Row = { readonly name: string; readonly amount: string };

const columns: readonly TableColumn<Row>[] = [
  { id: "name", title: "Name", cell: ({ name }) => name, text: ({ name }) => name },
  { id: "menu", title: "", cell: () => null },
  { id: "amount", title: "Amount", cell: ({ amount }) => amount, text: ({ amount }) => amount },
];

test("a table is written as CSV with the columns that have text", () => {
  expect(csvOf(columns, [{ name: 'a "b", c', amount: "-1.50" }])).toBe('\uFEFFName,Amount\r\n"a ""b"", c",-1.50\r\n');
});

test("a cell that a spreadsheet would run stays text", () => {
  const names = ["=1+1", "+1", "@x", "-cmd", "-1"].map((name) => ({ name, amount: "" }));
  const lines = csvOf(columns, names).split("\r\n").slice(1, -1);
  expect(lines).toEqual(["'=1+1,", "'+1,", "'@x,", "'-cmd,", "-1,"]);
});
