// The field for a password that is being chosen: says how long it must be, and can be looked at.

import { Eye, EyeOff } from "lucide-react";
import { useState } from "react";
import { Field } from "./field.tsx";
import { IconButton } from "./icon-button.tsx";
import { Input } from "./input.tsx";

export const leastPasswordLength = 12;

export type NewPasswordProps = {
  readonly label?: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly autoFocus?: boolean;
};

export function NewPassword({ label = "Password", value, onValue, autoFocus = false }: NewPasswordProps) {
  const [seen, setSeen] = useState(false);
  const missing = leastPasswordLength - value.length;
  const hint =
    value === "" || missing > 0
      ? `At least ${leastPasswordLength} characters; a few words are easy to keep.${value === "" ? "" : ` ${missing} more.`}`
      : "Long enough.";
  return (
    <Field label={label} hint={hint}>
      <div className="flex items-center gap-1">
        <Input
          type={seen ? "text" : "password"}
          autoComplete="new-password"
          autoFocus={autoFocus}
          minLength={leastPasswordLength}
          maxLength={128}
          value={value}
          onChange={(event) => onValue(event.target.value)}
        />
        <IconButton
          label={seen ? "Hide the password" : "Show the password"}
          icon={seen ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
          onClick={() => setSeen(!seen)}
        />
      </div>
    </Field>
  );
}
