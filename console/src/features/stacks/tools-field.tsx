// What each tool can do, in the form: a tool a line.

import { Trash2 } from "lucide-react";
import { useState } from "react";
import type { Json } from "../../../../server/contracts/json.ts";
import { Button } from "../../ui/button.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import { Input } from "../../ui/input.tsx";
import type { PolicyFieldProps } from "./policy-field.tsx";
import { usePolicyForm } from "./policy-form-context.ts";
import { Said } from "./said.tsx";
import { WordToggles } from "./word-toggles.tsx";

export function ToolsField({ path, schema }: PolicyFieldProps) {
  const { valueAt, setAt, saidOf, disabled } = usePolicyForm();
  const said = saidOf(path);
  const [typed, setTyped] = useState("");
  const value = valueAt(path);
  const tools: { readonly [name: string]: Json | undefined } =
    typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
  const { additionalProperties } = schema;
  const choices = typeof additionalProperties === "object" ? (additionalProperties.items?.enum ?? []) : [];
  const add = (): void => {
    if (typed.trim() !== "") setAt([...path, typed.trim()], []);
    setTyped("");
  };
  return (
    <div className="flex flex-col gap-2">
      <p className="text-sm font-medium">What each tool can do</p>
      {said.sentence !== undefined && <p className="text-sm text-faint">{said.sentence}</p>}
      <Said said={said} />
      {Object.entries(tools).map(([name, can]) => (
        <div key={name} className="flex flex-col gap-1 rounded-md border border-line p-2">
          <div className="flex items-center justify-between gap-2">
            <span className="figures truncate text-sm">{name}</span>
            {!disabled && (
              <IconButton
                label={`Remove ${name}`}
                icon={<Trash2 aria-hidden />}
                onClick={() => setAt([...path, name], undefined)}
              />
            )}
          </div>
          <WordToggles
            label={`What ${name} can do`}
            choices={choices}
            words={Array.isArray(can) ? can.filter((word) => typeof word === "string") : []}
            disabled={disabled}
            onWords={(words) => setAt([...path, name], words)}
          />
        </div>
      ))}
      {!disabled && (
        <div className="flex gap-1">
          <Input
            figures
            aria-label="Name of the tool"
            placeholder="Add a tool"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
          <Button onClick={add} disabled={typed.trim() === ""}>
            Add
          </Button>
        </div>
      )}
    </div>
  );
}
