// The values that a deployment is given: each typed, or taken by name out of the vault.

import type { z } from "zod";
import type { requestedVariableSchema, TemplateRequest } from "../../../../server/contracts/agents-deployments.ts";
import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { Select } from "../../ui/select.tsx";

type Requested = z.output<typeof requestedVariableSchema>;
export type GivenValues = NonNullable<TemplateRequest["variables"]>;

export type DeployVariablesProps = {
  readonly requested: readonly Requested[];
  /** Names in the vault. */
  readonly kept: readonly string[];
  readonly values: GivenValues;
  readonly onValues: (values: GivenValues) => void;
};

const typedHere = "";

export function DeployVariables({ requested, kept, values, onValues }: DeployVariablesProps) {
  return requested.map((variable) => {
    const { name } = variable;
    const given = values[name] ?? undefined;
    const set = (value: GivenValues[string] | undefined): void => {
      const { [name]: _, ...others } = values;
      onValues(value === undefined ? others : { ...others, [name]: value });
    };
    return (
      <div key={name} className="grid gap-2 sm:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <Field
          label={name}
          name={`variables.${name}`}
          hint={variable.description ?? undefined}
          optional={variable.optional || variable.default !== null}
        >
          {given?.ref === undefined ? (
            <Value
              variable={variable}
              value={given?.value}
              onValue={(value) => set(value === "" ? undefined : { value })}
            />
          ) : (
            <Input disabled value={`Kept as ${given.ref}`} />
          )}
        </Field>
        {kept.length > 0 && (
          <Field label={`Where ${name} comes from`} labelHidden>
            <Select
              className="sm:mt-6"
              value={given?.ref ?? typedHere}
              choices={[
                { value: typedHere, label: "Typed here" },
                ...kept.map((value) => ({ value, label: `From ${value}` })),
              ]}
              onValue={(ref) => set(ref === typedHere ? undefined : { ref })}
            />
          </Field>
        )}
      </div>
    );
  });
}

type ValueProps = {
  readonly variable: Requested;
  readonly value: string | undefined;
  readonly onValue: (value: string) => void;
};

function Value({ variable: { secret, options, default: usual }, value = "", onValue }: ValueProps) {
  if (options.length > 0) {
    return (
      <Select
        value={value}
        choices={[
          { value: "", label: usual === null ? "Choose one" : `As usual: ${usual}` },
          ...options.map((option) => ({ value: option, label: option })),
        ]}
        onValue={onValue}
      />
    );
  }
  return (
    <Input
      figures
      type={secret ? "password" : "text"}
      autoComplete="off"
      placeholder={usual ?? ""}
      value={value}
      onChange={({ target }) => onValue(target.value)}
    />
  );
}
