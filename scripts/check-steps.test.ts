import { join } from "node:path";
import { expect, test } from "bun:test";
import { checkSteps, withoutNoise } from "./check-steps.mjs";

const steps = new Map(checkSteps(join(import.meta.dir, "..")).map((step) => [step.name, step]));

test("each gate counts what it looked at", () => {
  const outputs = {
    types: "/work/server/a.ts\n/work/scripts/b.mjs\n/work/node_modules/zod/index.d.ts\n",
    console: "/work/console/src/a.tsx\n/work/node_modules/react/index.d.ts\n",
    lint: "Found 0 warnings and 0 errors.\nFinished in 414ms on 57 files with 183 rules using 2 threads.\n",
    format:
      "[debug] resolve config from '/work/a.ts'\n[debug] loaded options\n[debug] resolve config from '/work/b.ts'\n",
    tidy: " 36 pass\n 0 fail\n",
  };
  const seen = Object.entries(outputs).map(([name, output]) => steps.get(name)?.countSeen(output));
  expect(seen).toEqual([2, 1, 57, 2, 36]);
});

test("each gate that printed nothing has seen nothing", () => {
  expect([...steps.values()].map((step) => step.countSeen(""))).toEqual([0, 0, 0, 0, 0]);
});

test("a failing gate shows its findings without the lines that were only counted", () => {
  const step = steps.get("types");
  const output = "server/a.ts(1,2): error TS2322: no.\n/work/server/a.ts\n";
  expect(step && withoutNoise(step, output)).toBe("server/a.ts(1,2): error TS2322: no.");
});
