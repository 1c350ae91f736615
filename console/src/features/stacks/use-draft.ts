// One draft, held as text: the form and the text editor both show it and both change it.

import { useCallback, useMemo, useState } from "react";
import type { Json, JsonObject } from "../../../../server/contracts/json.ts";
import { canonical, withDefaults, withoutDefaults, type Path, type PolicySchema } from "./policy-schema.ts";
import { changeText, readText, valueAt, writeText, type TextFault } from "./policy-text.ts";

export type Draft = {
  readonly text: string;
  /** As it is written; undefined while the text is no JSON. */
  readonly policy: JsonObject | undefined;
  readonly faults: readonly TextFault[];
  /** Whether it says something else than what is saved. */
  readonly unsaved: boolean;
  readonly setText: (text: string) => void;
  /** Changes one field; a value that is the default takes the field out of the text. */
  readonly setAt: (path: Path, value: Json | undefined) => void;
  /** The field's value, its default when it is not written. */
  readonly valueAt: (path: Path) => Json | undefined;
  /** Shows another policy, as if it had been typed. */
  readonly replace: (policy: JsonObject) => void;
};

/** @param saved the policy that the server holds, every default filled in. */
export function useDraft(saved: JsonObject, schema: PolicySchema): Draft {
  const [text, setText] = useState(() => writeText(withoutDefaults(saved, schema)));
  const { policy, faults } = useMemo(() => readText(text), [text]);
  const full = useMemo(() => withDefaults(policy ?? saved, schema), [policy, saved, schema]);
  const setAt = useCallback(
    (path: Path, value: Json | undefined) => {
      const byDefault = valueAt(withDefaults({}, schema), path);
      const written = value !== undefined && canonical(value) === canonical(byDefault) ? undefined : value;
      setText((before) => (readText(before).policy === undefined ? before : changeText(before, path, written)));
    },
    [schema],
  );
  return {
    text,
    policy,
    faults,
    unsaved: policy === undefined || canonical(full) !== canonical(withDefaults(saved, schema)),
    setText,
    setAt,
    valueAt: (path) => valueAt(full, path),
    replace: (next) => setText(writeText(withoutDefaults(next, schema))),
  };
}
