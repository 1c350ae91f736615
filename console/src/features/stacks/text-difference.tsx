// Two policies as text, with the lines that differ marked.

import { diffLines } from "diff";
import { useMemo } from "react";
import type { JsonObject } from "../../../../server/contracts/json.ts";
import { cx } from "../../ui/class-names.ts";
import { withDefaults, withoutDefaults } from "./policy-schema.ts";
import { writeText } from "./policy-text.ts";
import { usePolicySchema } from "./use-policy-schema.ts";

type Line = { readonly sign: "+" | "-" | " "; readonly text: string };

export function TextDifference({ before, after }: { readonly before: JsonObject; readonly after: JsonObject }) {
  const schema = usePolicySchema();
  const lines = useMemo(() => {
    if (schema === undefined) return [];
    const written = (policy: JsonObject) => writeText(withoutDefaults(withDefaults(policy, schema), schema));
    return linesOf(written(before), written(after));
  }, [before, after, schema]);
  if (lines.every(({ sign }) => sign === " ")) return <p className="text-base text-muted">They say the same.</p>;
  return (
    <pre
      // Scrolls by keyboard too.
      tabIndex={0}
      aria-label="Lines that differ"
      className="max-h-96 overflow-auto rounded-md border border-line bg-surface py-2 text-sm leading-5 -outline-offset-2"
    >
      {lines.map(({ sign, text }, index) => (
        // Lines of a finished comparison never move.
        <span
          key={index}
          className={cx("block px-3", sign === "+" && "bg-good-soft text-good", sign === "-" && "bg-bad-soft text-bad")}
        >
          {sign} {text}
        </span>
      ))}
    </pre>
  );
}

function linesOf(before: string, after: string): Line[] {
  return diffLines(before, after).flatMap(({ added, removed, value }) =>
    value
      .replace(/\n$/, "")
      .split("\n")
      .map((text): Line => ({ sign: added ? "+" : removed ? "-" : " ", text })),
  );
}
