// Which models a key may ask: chosen from the catalogue, a maker at once, or written as patterns.

import { Combobox } from "../../ui/combobox.tsx";
import { Field } from "../../ui/field.tsx";
import { Textarea } from "../../ui/textarea.tsx";
import { useCatalogue, type Catalogue } from "../../api/catalogue.ts";

export type AllowedModelsFieldProps = {
  /** Ids or patterns, one a line. */
  readonly value: string;
  readonly onValue: (value: string) => void;
};

export function AllowedModelsField({ value, onValue }: AllowedModelsFieldProps) {
  const { item: catalogue } = useCatalogue();
  const lines = value.split("\n").filter((line) => line.trim() !== "");
  const choices = catalogue === undefined ? [] : choicesOf(catalogue).filter((choice) => !lines.includes(choice.value));
  return (
    <div className="flex flex-col gap-2">
      <Field
        label="Allowed models"
        name="allowed_models"
        optional
        hint="One id a line, such as anthropic/* for all of a maker. Empty: all that its stack allows."
      >
        <Textarea
          className="figures"
          rows={3}
          value={value}
          spellCheck={false}
          onChange={(event) => onValue(event.target.value)}
        />
      </Field>
      <Field label="Add a model" labelHidden>
        <Combobox
          value={undefined}
          placeholder="Add a model or a maker"
          choices={choices}
          onValue={(chosen) => void (chosen !== undefined && onValue([...lines, chosen].join("\n")))}
        />
      </Field>
    </div>
  );
}

/** Makers first: whoever limits a key thinks of them. Only ids that begin with the maker's name can be meant at once. */
function choicesOf({ data }: Catalogue) {
  const makers = [...new Set(data.flatMap(({ id, vendor }) => (id.startsWith(`${vendor}/`) ? [vendor] : [])))];
  return [
    ...makers.map((maker) => ({ value: `${maker}/*`, label: `${maker}/*`, detail: "all of a maker" })),
    ...data.map(({ id, name }) => ({ value: id, label: name, detail: id })),
  ];
}
