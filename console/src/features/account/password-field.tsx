// The password that confirms a change, where there is one.

import { useMe } from "../../api/me.ts";
import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";

/** Whoever has a password confirms with it. */
export function PasswordField({
  value,
  onValue,
}: {
  readonly value: string;
  readonly onValue: (text: string) => void;
}) {
  const { has_password: hasPassword } = useMe();
  if (!hasPassword) return null;
  return (
    <Field label="Your password">
      <Input
        type="password"
        autoComplete="current-password"
        autoFocus
        value={value}
        onChange={(event) => onValue(event.target.value)}
      />
    </Field>
  );
}

/** For the library: absent where there is no password. */
export function passwordBody(password: string): { readonly password?: string } {
  return password === "" ? {} : { password };
}
