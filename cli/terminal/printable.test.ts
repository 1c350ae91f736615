import { expect, test } from "bun:test";
import { printable, printableLine, printableLog } from "./printable.ts";

test("names cannot move the cursor, change the title of the window or begin a line", () => {
  const evil = "a\u001b[2J\u001b]0;title\u0007b\u001b[31mc\u0008\u009b1A\rd\ne";
  expect(printable(evil)).toBe("abc1Ad\ne");
  expect(printableLine(evil)).toBe("abc1Ad e");
});

test("logs keep their colours and nothing else of what terminals obey", () => {
  expect(printableLog("\u001b[31mred\u001b[0m \u001b[2Jgone \u001b]52;c;aGk=\u0007\u001bcx")).toBe(
    "\u001b[31mred\u001b[0m gone x",
  );
});
