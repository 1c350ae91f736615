// Name and e-mail address.

import { useState } from "react";
import { useMe } from "../../api/me.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { Form } from "../../ui/form.tsx";
import { Input } from "../../ui/input.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Section } from "../../ui/section.tsx";
import { Badge } from "../../ui/status.tsx";
import { toast } from "../../ui/toast.tsx";
import { authStep, useAuthMethods } from "../../api/auth.ts";
import { useOwnChange } from "./own-change.ts";

export function ProfileSection() {
  return (
    <Section title="Profile">
      <div className="grid gap-6 sm:grid-cols-2">
        <NameForm />
        <EmailForm />
      </div>
    </Section>
  );
}

function NameForm() {
  const me = useMe();
  const [name, setName] = useState(me.name);
  const save = useOwnChange(
    () => authStep("/update-user", { name: name.trim() }),
    () => toast.done("Your name is changed."),
  );
  return (
    <Form
      problem={save.problem}
      onSubmit={() => save.mutate()}
      actions={
        <Button type="submit" pending={save.isPending} disabled={name.trim() === "" || name.trim() === me.name}>
          Save the name
        </Button>
      }
    >
      <Field label="Name" hint="Members of your workspaces see it.">
        <Input autoComplete="name" maxLength={100} value={name} onChange={(event) => setName(event.target.value)} />
      </Field>
    </Form>
  );
}

function EmailForm() {
  const me = useMe();
  const { magic_link: sendsLetters } = useAuthMethods();
  const [email, setEmail] = useState(me.email);
  const address = email.trim().toLowerCase();
  const save = useOwnChange(
    (newEmail: string) => authStep("/change-email", { newEmail }),
    () => void (!sendsLetters && toast.done("Your address is changed.")),
  );
  const verify = useOwnChange(
    () => authStep("/send-verification-email", { email: me.email, callbackURL: "/account" }),
    () => toast.done("The letter is on its way."),
  );
  return (
    <Form
      problem={save.problem ?? verify.problem}
      onSubmit={() => save.mutate(address)}
      actions={
        <>
          {sendsLetters && !me.email_verified && (
            <Button pending={verify.isPending} onClick={() => verify.mutate()}>
              Confirm this address
            </Button>
          )}
          <Button type="submit" pending={save.isPending} disabled={!/^\S+@\S+$/.test(address) || address === me.email}>
            Change the address
          </Button>
        </>
      }
    >
      <Field
        label={
          <span className="inline-flex items-center gap-2">
            E-mail address
            {sendsLetters && (
              <Badge tone={me.email_verified ? "good" : "brass"}>
                {me.email_verified ? "Confirmed" : "Not confirmed"}
              </Badge>
            )}
          </span>
        }
        hint={sendsLetters ? "A letter asks at the old address first, then at the new one." : undefined}
      >
        <Input type="email" autoComplete="email" value={email} onChange={(event) => setEmail(event.target.value)} />
      </Field>
      {save.isSuccess && sendsLetters && save.variables !== me.email && (
        <Notice tone="good" role="status">
          A letter to {me.email_verified ? me.email : save.variables} is on its way. Open its link to go on.
        </Notice>
      )}
    </Form>
  );
}
