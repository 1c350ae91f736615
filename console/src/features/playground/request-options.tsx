// What a request may say besides the conversation: routing, limits, tools, structure. Folded away until wanted.

import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { Fold } from "../../ui/fold.tsx";
import { Input } from "../../ui/input.tsx";
import { Switch } from "../../ui/switch.tsx";
import { Textarea } from "../../ui/textarea.tsx";
import { OverrideFields } from "./override-fields.tsx";
import type { PlaygroundRequest } from "./playground-request.ts";
import { numberOrAbsent } from "./request-body.ts";
import type { RequestFormProps } from "./request-form.tsx";
import { readTools, toolsExample } from "./tools.ts";

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
        <OverrideFields {...props} />
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
