// A new password by letter: asks for the letter, and where its link leads, for the password.

import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { useChange } from "../../api/item.ts";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { Form } from "../../ui/form.tsx";
import { Input } from "../../ui/input.tsx";
import { Notice } from "../../ui/notice.tsx";
import { authStep, useAuthMethods } from "../../api/auth.ts";
import { Door } from "./door.tsx";
import { NewPassword } from "../../ui/new-password.tsx";

const route = getRouteApi("/open/reset-password");

export function ResetPage() {
  const { token } = route.useSearch();
  const { password_reset: canSend } = useAuthMethods();
  return (
    <Door
      title="Choose a new password"
      below={
        <Link to="/sign-in" className="self-start underline">
          Back to signing in
        </Link>
      }
    >
      {token !== undefined && <ChooseForm token={token} />}
      {token === undefined && canSend && <AskForm />}
      {token === undefined && !canSend && (
        <Notice>
          This server sends no letters. Ask its operator; an owner is let in again by <code>astrolabe owner-link</code>.
        </Notice>
      )}
    </Door>
  );
}

function AskForm() {
  const [email, setEmail] = useState("");
  const ask = useChange(() => authStep("/request-password-reset", { email: email.trim() }), []);
  if (ask.isSuccess) {
    return (
      <Notice tone="good" role="status" title={`A letter to ${email.trim()} is on its way`}>
        Its link works once, for an hour. Nothing comes to an address without an account.
      </Notice>
    );
  }
  return (
    <Form
      problem={ask.problem}
      onSubmit={() => ask.mutate()}
      actions={
        <Button type="submit" look="primary" pending={ask.isPending} className="w-full">
          Send the letter
        </Button>
      }
    >
      <Field label="E-mail address">
        <Input
          type="email"
          autoComplete="username"
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
      </Field>
    </Form>
  );
}

function ChooseForm({ token }: { readonly token: string }) {
  const [password, setPassword] = useState("");
  const choose = useChange(() => authStep("/reset-password", { token, newPassword: password }), []);
  if (choose.isSuccess) {
    return (
      <>
        <Notice tone="good" role="status">
          The password is changed, and every session has ended.
        </Notice>
        <ButtonLink look="primary" to="/sign-in">
          Sign in
        </ButtonLink>
      </>
    );
  }
  return (
    <Form
      problem={choose.problem}
      onSubmit={() => choose.mutate()}
      actions={
        <Button type="submit" look="primary" pending={choose.isPending} className="w-full">
          Change the password
        </Button>
      }
    >
      <NewPassword label="New password" value={password} onValue={setPassword} autoFocus />
    </Form>
  );
}
