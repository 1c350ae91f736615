// Everything that a request can say, as a form; or its body as JSON.

import { Section } from "../../ui/section.tsx";
import { Combobox } from "../../ui/combobox.tsx";
import { Field } from "../../ui/field.tsx";
import { Select } from "../../ui/select.tsx";
import { Switch } from "../../ui/switch.tsx";
import { Textarea } from "../../ui/textarea.tsx";
import { useCatalogue, type Catalogue } from "../../api/catalogue.ts";
import { ConversationEditor } from "./conversation-editor.tsx";
import { RequestOptions } from "./request-options.tsx";
import { protocols, type PlaygroundRequest } from "./playground-request.ts";
import { bodyOf } from "./request-body.ts";

export type RequestFormProps = {
  readonly request: PlaygroundRequest;
  readonly onRequest: (request: PlaygroundRequest) => void;
};

export function RequestForm({ request, onRequest }: RequestFormProps) {
  const set = (part: Partial<PlaygroundRequest>): void => onRequest({ ...request, ...part });
  const asJson = request.raw !== "";
  return (
    <Section title="Request" flush actions={<JsonSwitch request={request} onRequest={onRequest} />}>
      <div className="flex flex-col gap-3 px-4 pb-4">
        <div className="grid gap-3 sm:grid-cols-2">
          <Field label="Protocol">
            <Select
              value={request.protocol}
              choices={protocols}
              onValue={(protocol) => set({ protocol, ...modelFor(protocol, request.model) })}
            />
          </Field>
          <Field label="Pay with">
            <Select
              value={request.mode}
              choices={[
                { value: "live", label: "Credits (live)" },
                { value: "test", label: "Nothing (test, sandbox)" },
              ]}
              onValue={(mode) => set({ mode })}
            />
          </Field>
        </div>
        {asJson ? (
          <Field label="Body" hint="Sent exactly as it stands here.">
            <Textarea
              rows={18}
              spellCheck={false}
              className="figures text-sm"
              value={request.raw}
              onChange={({ target }) => set({ raw: target.value === "" ? "{}" : target.value })}
            />
          </Field>
        ) : (
          <>
            <ModelField request={request} onModel={(model) => set({ model })} />
            <ConversationEditor request={request} onRequest={onRequest} />
          </>
        )}
      </div>
      {!asJson && <RequestOptions request={request} onRequest={onRequest} />}
    </Section>
  );
}

function JsonSwitch({ request, onRequest }: RequestFormProps) {
  const body = bodyOf(request);
  return (
    <Switch
      label="Write the body as JSON"
      checked={request.raw !== ""}
      onChange={(on) =>
        onRequest({ ...request, raw: on && "value" in body ? JSON.stringify(body.value, undefined, 2) : "" })
      }
    />
  );
}

const firstEmbedder = "titan-embed-text-v2";

/** Virtual models do not embed: a change of protocol takes a model that speaks it. */
function modelFor(protocol: PlaygroundRequest["protocol"], model: string): Partial<PlaygroundRequest> {
  const embeds = model === firstEmbedder || model.includes("embed");
  if (protocol === "embeddings") return embeds ? {} : { model: firstEmbedder };
  return embeds ? { model: "astrolabe/auto" } : {};
}

function ModelField({
  request,
  onModel,
}: {
  readonly request: PlaygroundRequest;
  readonly onModel: (model: string) => void;
}) {
  const { item: catalogue } = useCatalogue();
  const choices = catalogue === undefined ? [] : modelChoices(catalogue, request.protocol === "embeddings");
  return (
    <Field label="Model" hint="A virtual model leaves the choice to the stack.">
      <Combobox
        value={request.model}
        placeholder="Find a model"
        choices={choices}
        onValue={(model) => onModel(model ?? "astrolabe/auto")}
      />
    </Field>
  );
}

function modelChoices(catalogue: Catalogue, embeds: boolean) {
  const virtual = embeds
    ? []
    : catalogue.lanes.map((lane) => ({ value: lane.virtual_model, label: lane.virtual_model, detail: "virtual" }));
  const models = catalogue.data.filter(({ kind, available }) => available && (kind === "embed") === embeds);
  return [
    ...virtual,
    ...models.map(({ id, name, prices }) => ({
      value: id,
      label: name,
      detail: `$${prices?.input_per_1m_usd ?? "–"} in`,
    })),
  ];
}
