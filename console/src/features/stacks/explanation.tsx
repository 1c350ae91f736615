// A policy in plain words, group by group: what somebody chose first, the rest on demand.

import { useState } from "react";
import { Checkbox } from "../../ui/checkbox.tsx";
import { cx } from "../../ui/class-names.ts";
import { Marked } from "../../ui/marked.tsx";
import { sentenceCase } from "./field-words.ts";
import type { Stack } from "./stacks-api.ts";

export function Explanation({ sentences }: { readonly sentences: Stack["explanation"] }) {
  // Where nothing was chosen, what is as usual is all there is to say.
  const [all, setAll] = useState(() => sentences.every(({ standard }) => standard));
  const shown = all ? sentences : sentences.filter(({ standard }) => !standard);
  const groups = [...new Set(shown.map(({ group }) => group))];
  return (
    <div className="flex flex-col gap-4">
      <Checkbox label="Show what is as usual too" checked={all} onChange={setAll} />
      {groups.length === 0 && (
        <p className="text-base text-muted">Everything is as usual: the defaults of every field.</p>
      )}
      {groups.map((group) => (
        <section key={group} className="grid gap-x-6 gap-y-1 sm:grid-cols-[10rem_minmax(0,1fr)]">
          <h3 className="text-sm font-medium text-muted">{sentenceCase(group)}</h3>
          <ul className="flex max-w-[75ch] flex-col gap-1">
            {shown
              .filter((each) => each.group === group)
              .map(({ pointer, sentence, standard }) => (
                <li key={pointer} className={cx("text-base", standard && "text-muted")}>
                  <Marked text={sentence} />
                </li>
              ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
