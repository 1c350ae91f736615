import { expect, test } from "bun:test";
import { duration, relativeTime } from "./time-format.ts";

const noon = Date.parse("2026-03-02T12:00:00Z");

test("a moment is told by its distance, and by its date when that is far", () => {
  expect(relativeTime(noon - 10_000, noon)).toBe("just now");
  expect(relativeTime(noon - 60_000, noon)).toBe("1 min. ago");
  expect(relativeTime(noon + 2 * 3_600_000, noon)).toBe("in 2 hr.");
  expect(relativeTime(noon - 3 * 86_400_000, noon)).toBe("3 days ago");
  expect(relativeTime(noon - 30 * 86_400_000, noon)).toBe("Jan 31, 2026");
});

test("a span has the unit that fits it", () => {
  expect([duration(0.4), duration(840), duration(1_240), duration(200_000)]).toEqual([
    "0 ms",
    "840 ms",
    "1.24 s",
    "3 min 20 s",
  ]);
});
