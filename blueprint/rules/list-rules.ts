// Rules about lists whose entries have names: skills and connections stand once each.

import type { Findings } from "../findings.ts";
import { listAt, textAt, type Path } from "../raw-values.ts";
import { quoted } from "../words.ts";

export function checkLists(root: unknown, findings: Findings): void {
  checkOnce(root, { list: ["agent", "skills"], key: "name", code: "skill-twice" }, findings);
  checkOnce(root, { list: ["connections"], key: "provider", code: "connection-twice" }, findings);
}

type Rule = { readonly list: Path; readonly key: string; readonly code: "skill-twice" | "connection-twice" };

function checkOnce(root: unknown, { list, key, code }: Rule, findings: Findings): void {
  const seen = new Set<string>();
  listAt(root, list).forEach((entry, index) => {
    const name = textAt(entry, [key]);
    if (name === undefined) return;
    if (seen.has(name)) {
      const hint = "Keep one of them.";
      findings.error({
        code,
        path: [...list, index, key],
        message: `${quoted(name)} is listed twice.`,
        hint,
        aim: "value",
      });
    }
    seen.add(name);
  });
}
