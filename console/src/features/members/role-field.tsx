// Chooses a role, and says what it may do.

import type { Role } from "../../api/me.ts";
import { Field } from "../../ui/field.tsx";
import { Select } from "../../ui/select.tsx";
import { roleNames, rolesGivenBy, roleWords } from "./roles.ts";

export type RoleFieldProps = {
  readonly role: Role;
  readonly onRole: (role: Role) => void;
  /** Whether the reader may make owners. */
  readonly isOwner: boolean;
};

export function RoleField({ role, onRole, isOwner }: RoleFieldProps) {
  const choices = rolesGivenBy(isOwner).map((value) => ({ value, label: roleNames[value] }));
  return (
    <Field label="Role" name="role" hint={roleWords[role]}>
      <Select value={role} choices={choices} onValue={onRole} />
    </Field>
  );
}
