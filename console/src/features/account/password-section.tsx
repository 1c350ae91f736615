// The password: changed with the current one, or chosen for the first time.

import { useState } from "react";
import { useMe } from "../../api/me.ts";
import { Button } from "../../ui/button.tsx";
import { Checkbox } from "../../ui/checkbox.tsx";
import { Field } from "../../ui/field.tsx";
import { Form } from "../../ui/form.tsx";
import { Input } from "../../ui/input.tsx";
import { Section } from "../../ui/section.tsx";
import { toast } from "../../ui/toast.tsx";
import { authStep } from "../../api/auth.ts";
import { leastPasswordLength, NewPassword } from "../../ui/new-password.tsx";
import { useOwnChange } from "./own-change.ts";

export function PasswordSection() {
  const { has_password: hasPassword } = useMe();
  return (
    <Section
      title="Password"
      description={hasPassword ? undefined : "You have none: you sign in another way. With one you have two ways."}
    >
      {hasPassword ? <ChangeForm /> : <FirstForm />}
    </Section>
  );
}

function ChangeForm() {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [endOthers, setEndOthers] = useState(true);
  const save = useOwnChange(
    () => authStep("/change-password", { currentPassword: current, newPassword: next, revokeOtherSessions: endOthers }),
    () => {
      setCurrent("");
      setNext("");
      toast.done(endOthers ? "The password is changed; other sessions have ended." : "The password is changed.");
    },
  );
  return (
    <Form
      problem={save.problem}
      onSubmit={() => save.mutate()}
      actions={
        <Button type="submit" pending={save.isPending} disabled={current === "" || next.length < leastPasswordLength}>
          Change the password
        </Button>
      }
    >
      <Field label="Current password">
        <Input
          type="password"
          autoComplete="current-password"
          value={current}
          onChange={(event) => setCurrent(event.target.value)}
        />
      </Field>
      <NewPassword label="New password" value={next} onValue={setNext} />
      <Checkbox label="End all other sessions" checked={endOthers} onChange={setEndOthers} />
    </Form>
  );
}

function FirstForm() {
  const [password, setPassword] = useState("");
  const save = useOwnChange(
    () => authStep("/set-password", { newPassword: password }),
    () => toast.done("The password is set."),
  );
  return (
    <Form
      problem={save.problem}
      onSubmit={() => save.mutate()}
      actions={
        <Button type="submit" pending={save.isPending} disabled={password.length < leastPasswordLength}>
          Set the password
        </Button>
      }
    >
      <NewPassword value={password} onValue={setPassword} />
    </Form>
  );
}
