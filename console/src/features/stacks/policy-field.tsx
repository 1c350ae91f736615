// One field of a policy in the form, by what its schema says it is.

import { useState } from "react";
import type { Json } from "../../../../server/contracts/json.ts";
import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { Select } from "../../ui/select.tsx";
import { Switch } from "../../ui/switch.tsx";
import { labelOf, sentenceCase } from "./field-words.ts";
import { usePolicyForm } from "./policy-form-context.ts";
import type { FieldSchema, Path } from "./policy-schema.ts";
import { Said } from "./said.tsx";
import { WordList } from "./word-list.tsx";
import { WordToggles } from "./word-toggles.tsx";

export type PolicyFieldProps = { readonly path: Path; readonly schema: FieldSchema };

const ordered = new Set(["priority", "use"]);
const modelLists = new Set(["allowedModels", "blockedModels", "priority", "use"]);
const wordOf: Readonly<Record<string, string>> = {
  allowedProviders: "provider",
  blockedProviders: "provider",
  regions: "region",
  fileUrlAllowlist: "host",
  imageUrlAllowlist: "host",
};

export function PolicyField({ path, schema }: PolicyFieldProps) {
  const form = usePolicyForm();
  const name = String(path.at(-1));
  const label = labelOf(String(path.at(-2)), name);
  const value = form.valueAt(path);
  const said = form.saidOf(path);
  const set = (next: Json | undefined): void => form.setAt(path, next);
  if (schema.type === "boolean") {
    return (
      <div>
        <Switch label={label} hint={said.sentence} checked={value === true} onChange={set} disabled={form.disabled} />
        <Said said={said} />
      </div>
    );
  }
  return (
    <Field label={label} error={said.problem} hint={said.sentence ?? plain(schema.description)}>
      <Control path={path} schema={schema} label={label} value={value} set={set} />
      <Said said={{ ...said, problem: undefined }} />
    </Field>
  );
}

type ControlProps = PolicyFieldProps & {
  readonly label: string;
  readonly value: Json | undefined;
  readonly set: (value: Json | undefined) => void;
};

function Control({ path, schema, label, value, set }: ControlProps) {
  const { disabled, names } = usePolicyForm();
  const name = String(path.at(-1));
  if (schema.enum !== undefined) {
    const choices = schema.enum.map((word) => ({ value: word, label: sentenceCase(word) }));
    const none = schema.default === undefined ? [{ value: "", label: "Not set" }] : [];
    const chosen = typeof value === "string" ? value : "";
    return (
      <Select
        value={chosen}
        choices={[...none, ...choices]}
        disabled={disabled}
        onValue={(word) => set(word === "" ? undefined : word)}
      />
    );
  }
  if (schema.type === "array") {
    const words = Array.isArray(value) ? value.filter((word) => typeof word === "string") : [];
    const { enum: choices } = schema.items ?? {};
    const onWords = (next: string[]): void => set(next.length === 0 && schema.default === undefined ? undefined : next);
    if (choices !== undefined) return <WordToggles {...{ label, choices, words, onWords, disabled }} />;
    const suggestions = modelLists.has(name) ? names.models : wordOf[name] === "provider" ? names.providers : [];
    return (
      <WordList
        of={wordOf[name] ?? "model"}
        ordered={ordered.has(name)}
        {...{ words, onWords, suggestions, disabled }}
      />
    );
  }
  return <TypedValue schema={schema} value={value} set={set} disabled={disabled} />;
}

type TypedProps = Pick<ControlProps, "schema" | "value" | "set"> & { readonly disabled: boolean };

/** A number or an amount: what is typed stays as it is typed, and counts at once. */
function TypedValue({ schema, value, set, disabled }: TypedProps) {
  const isNumber = schema.type === "integer" || schema.type === "number";
  const shown = typeof value === "number" || typeof value === "string" ? String(value) : "";
  const standard = typeof schema.default === "number" ? String(schema.default) : "";
  const [typed, setTyped] = useState(shown);
  // `1.` is a number already, and an empty field has its default: neither is written over while it is typed.
  const isMeant = typed === "" ? shown === standard : isNumber && Number(typed) === value;
  const read = (text: string): Json | undefined => {
    if (text.trim() === "") return undefined;
    const number = Number(text);
    return isNumber && Number.isFinite(number) ? number : text.trim();
  };
  return (
    <Input
      figures
      inputMode="decimal"
      value={isMeant ? typed : shown}
      disabled={disabled}
      placeholder={standard === "" ? "Not set" : `${standard}, unless set`}
      onChange={(event) => {
        setTyped(event.target.value);
        set(read(event.target.value));
      }}
    />
  );
}

/** Descriptions mark names with backticks. */
function plain(text: string | undefined): string | undefined {
  return text?.replaceAll("`", "");
}
