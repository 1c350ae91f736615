// How one request departs from its stack: the seven fields of `metadata.astrolabe`, and what its sender declares.

import type { z } from "zod";
import type { stackHeadlineSchema } from "../../../../server/contracts/control-stacks.ts";
import type { RequestOverrides } from "../../../../server/contracts/overrides.ts";
import { useList } from "../../api/list.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { Checkbox } from "../../ui/checkbox.tsx";
import { Combobox } from "../../ui/combobox.tsx";
import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { Select } from "../../ui/select.tsx";
import { numberOrAbsent } from "./request-body.ts";
import type { RequestFormProps } from "./request-form.tsx";

type StackHeadline = z.output<typeof stackHeadlineSchema>;

const qualities = ["draft", "standard", "high", "critical"] as const satisfies readonly NonNullable<
  RequestOverrides["quality"]
>[];
const costModes = [
  "lowest_passable",
  "balanced",
  "fastest_passable",
  "premium",
  "fixed",
] as const satisfies readonly NonNullable<RequestOverrides["cost_mode"]>[];
const verifications = ["off", "auto", "light", "strict", "strong"] as const satisfies readonly NonNullable<
  RequestOverrides["verification"]
>[];

export function OverrideFields({ request, onRequest }: RequestFormProps) {
  const { path } = useWorkspace();
  const stacks = useList<StackHeadline>(`${path}/stacks`, { limit: 200 });
  const { overrides } = request;
  const set = (part: Partial<RequestOverrides>): void => {
    const next = { ...overrides, ...part };
    onRequest({
      ...request,
      overrides: Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined)),
    });
  };
  const usable = (stacks.items ?? []).filter((stack) => stack.status === "active" && stack.active_version !== null);
  return (
    <>
      <Field label="Stack">
        <Combobox
          value={overrides.stack}
          placeholder="Find a stack"
          none="The playground key's, or the workspace's"
          choices={usable.map(({ slug, name }) => ({ value: slug, label: name, detail: slug }))}
          onValue={(stack) => set({ stack })}
        />
      </Field>
      <div className="grid gap-3 sm:grid-cols-2">
        <WordField
          label="Quality"
          words={qualities}
          value={overrides.quality}
          onValue={(quality) => set({ quality })}
        />
        <WordField
          label="Cost"
          words={costModes}
          value={overrides.cost_mode}
          onValue={(cost_mode) => set({ cost_mode })}
        />
        <WordField
          label="Verification"
          words={verifications}
          value={overrides.verification}
          onValue={(verification) => set({ verification })}
        />
        <Field label="First token within" hint="Milliseconds">
          <Input
            inputMode="numeric"
            figures
            placeholder="As the stack says"
            value={overrides.latency_slo_ms ?? ""}
            onChange={({ target }) =>
              set({ latency_slo_ms: numberOrAbsent(target.value.replaceAll(/\D/g, "").slice(0, 6)) || undefined })
            }
          />
        </Field>
        <Field label="Fallback">
          <Select
            value={overrides.fallback === undefined ? "" : overrides.fallback ? "on" : "off"}
            choices={[
              { value: "", label: "As the stack says" },
              { value: "on", label: "On" },
              { value: "off", label: "Off" },
            ]}
            onValue={(word) => set({ fallback: word === "" ? undefined : word === "on" })}
          />
        </Field>
      </div>
      <Declarations request={request} onRequest={onRequest} onOverrides={set} />
    </>
  );
}

type DeclarationsProps = RequestFormProps & { readonly onOverrides: (part: Partial<RequestOverrides>) => void };

function Declarations({ request, onRequest, onOverrides: set }: DeclarationsProps) {
  const { overrides } = request;
  return (
    <div className="flex flex-col">
      <Checkbox
        label="Explain the plan in the answer"
        checked={overrides.explain ?? false}
        onChange={(explain) => set({ explain: explain || undefined })}
      />
      <Checkbox
        label="The input holds text from strangers"
        hint="Dangerous tool calls are then refused."
        checked={overrides.untrusted_content ?? false}
        onChange={(untrusted) => set({ untrusted_content: untrusted || undefined })}
      />
      <Checkbox
        label="Confirm what counts as high-stakes"
        hint="Sent as x-astrolabe-confirmed."
        checked={request.confirmed}
        onChange={(confirmed) => onRequest({ ...request, confirmed })}
      />
    </div>
  );
}

type WordFieldProps<Word extends string> = {
  readonly label: string;
  readonly words: readonly Word[];
  readonly value: Word | undefined;
  readonly onValue: (word: Word | undefined) => void;
};

function WordField<Word extends string>({ label, words, value, onValue }: WordFieldProps<Word>) {
  return (
    <Field label={label}>
      <Select
        value={value ?? ""}
        choices={[
          { value: "", label: "As the stack says" },
          ...words.map((word) => ({ value: word, label: inWords(word) })),
        ]}
        onValue={(word) => onValue(words.find((one) => one === word))}
      />
    </Field>
  );
}

/** `lowest_passable` becomes `Lowest passable`. */
function inWords(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1).replaceAll("_", " ");
}
