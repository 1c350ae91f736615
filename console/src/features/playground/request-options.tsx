// What a request may say besides the conversation: routing, limits, tools, structure. Folded away until wanted.

import type { z } from "zod";
import type { stackHeadlineSchema } from "../../../../server/contracts/control-stacks.ts";
import type { RequestOverrides } from "../../../../server/contracts/overrides.ts";
import { useList } from "../../api/list.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { Button } from "../../ui/button.tsx";
import { Checkbox } from "../../ui/checkbox.tsx";
import { Combobox } from "../../ui/combobox.tsx";
import { Field } from "../../ui/field.tsx";
import { Fold } from "../../ui/fold.tsx";
import { Input } from "../../ui/input.tsx";
import { Select } from "../../ui/select.tsx";
import { Switch } from "../../ui/switch.tsx";
import { Textarea } from "../../ui/textarea.tsx";
import type { PlaygroundRequest } from "./playground-request.ts";
import { numberOrAbsent } from "./request-body.ts";
import type { RequestFormProps } from "./request-form.tsx";
import { readTools, toolsExample } from "./tools.ts";

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

export function RequestOptions(props: RequestFormProps) {
  const { request } = props;
  const embeds = request.protocol === "embeddings";
  const overrides = Object.values(request.overrides).filter((value) => value !== undefined).length;
  const tools = readTools(request.tools);
  const limits = [request.temperature, request.topP, request.maxOutputTokens, request.dimensions];
  const set = limits.filter((text) => text !== "").length;
  return (
    <div className="border-t border-line">
      <Fold title="Routing" summary={overrides === 0 ? "as the stack says" : countOf(overrides, "override")}>
        <Overrides {...props} />
      </Fold>
      <Fold title="Limits and sampling" summary={set === 0 ? "the model's own" : `${set} set`}>
        <Limits {...props} />
      </Fold>
      {!embeds && (
        <>
          <Fold
            title="Tools"
            summary={
              "problem" in tools
                ? "not readable yet"
                : tools.value.length === 0
                  ? "none"
                  : countOf(tools.value.length, "tool")
            }
          >
            <Tools {...props} />
          </Fold>
          <Fold title="Structured output" summary={request.schema.trim() === "" ? "free text" : "by a schema"}>
            <Field label="JSON schema" optional hint="The answer has to follow it, strictly.">
              <Textarea
                rows={8}
                spellCheck={false}
                className="figures text-sm"
                placeholder='{"type":"object","properties":{}}'
                value={request.schema}
                onChange={({ target }) => props.onRequest({ ...request, schema: target.value })}
              />
            </Field>
          </Fold>
        </>
      )}
    </div>
  );
}

function countOf(count: number, word: string): string {
  return count === 1 ? `1 ${word}` : `${count} ${word}s`;
}

function Overrides({ request, onRequest }: RequestFormProps) {
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
    </>
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

type NumberFieldProps = {
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
};

function NumberField({ label, hint, value, onValue }: NumberFieldProps) {
  const wrong = value.trim() !== "" && numberOrAbsent(value) === undefined;
  return (
    <Field label={label} hint={hint} error={wrong ? "A number, such as 0.7." : undefined}>
      <Input inputMode="decimal" figures value={value} onChange={({ target }) => onValue(target.value)} />
    </Field>
  );
}

function Limits({ request, onRequest }: RequestFormProps) {
  const set = (part: Partial<PlaygroundRequest>): void => onRequest({ ...request, ...part });
  if (request.protocol === "embeddings") {
    return (
      <NumberField
        label="Dimensions"
        hint="Where the model has several sizes"
        value={request.dimensions}
        onValue={(dimensions) => set({ dimensions })}
      />
    );
  }
  return (
    <>
      <div className="grid gap-3 sm:grid-cols-3">
        <NumberField label="Temperature" value={request.temperature} onValue={(temperature) => set({ temperature })} />
        <NumberField label="Top p" value={request.topP} onValue={(topP) => set({ topP })} />
        <NumberField
          label="Most output tokens"
          value={request.maxOutputTokens}
          onValue={(maxOutputTokens) => set({ maxOutputTokens })}
        />
      </div>
      <Switch label="Stream the answer as it comes" checked={request.stream} onChange={(stream) => set({ stream })} />
    </>
  );
}

function Tools({ request, onRequest }: RequestFormProps) {
  const tools = readTools(request.tools);
  const set = (text: string): void => onRequest({ ...request, tools: text });
  return (
    <>
      <Field
        label="Tools"
        optional
        hint="A JSON list. A tool with a mock_answer is answered with it when the model calls it, up to five rounds."
        error={"problem" in tools ? tools.problem : undefined}
      >
        <Textarea
          rows={10}
          spellCheck={false}
          className="figures text-sm"
          value={request.tools}
          onChange={({ target }) => set(target.value)}
        />
      </Field>
      {request.tools.trim() === "" && (
        <div>
          <Button size="small" onClick={() => set(toolsExample)}>
            Put in an example
          </Button>
        </div>
      )}
    </>
  );
}
