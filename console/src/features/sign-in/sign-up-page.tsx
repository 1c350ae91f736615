// Makes an account with a password, where the server lets people make one.

import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { ApiError } from "../../api/api-error.ts";
import { getApi } from "../../api/fetch-api.ts";
import { useChange } from "../../api/item.ts";
import type { Me } from "../../api/me.ts";
import { safeNext } from "../../api/safe-next.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { Form } from "../../ui/form.tsx";
import { Input } from "../../ui/input.tsx";
import { Notice } from "../../ui/notice.tsx";
import { authStep, enter, signInWith, useAuthMethods } from "../../api/auth.ts";
import { Door, Or } from "./door.tsx";
import { NewPassword } from "../../ui/new-password.tsx";
import { ProblemNotice } from "../../ui/problem-notice.tsx";

const route = getRouteApi("/open/sign-up");

export function SignUpPage() {
  const { next, email } = route.useSearch();
  const { sign_up: policy } = useAuthMethods();
  const below = (
    <p>
      Have an account?{" "}
      <Link to="/sign-in" search={{ next }} className="underline">
        Sign in
      </Link>
    </p>
  );
  if (policy === "closed") {
    return (
      <Door title="Make an account" below={below}>
        <Notice>This server takes no new accounts. Ask its operator for one.</Notice>
      </Door>
    );
  }
  return (
    <Door
      title="Make an account"
      description={policy === "invited" ? "Use the address that was invited to a workspace." : undefined}
      below={below}
    >
      <Providers next={next} />
      <SignUpForm next={next} invited={email} />
    </Door>
  );
}

function Providers({ next }: { readonly next: string | undefined }) {
  const { providers } = useAuthMethods();
  const go = useChange((id: string) => signInWith(id, next), []);
  if (providers.length === 0) return null;
  return (
    <>
      {providers.map(({ id, label }) => (
        <Button key={id} pending={go.isPending} onClick={() => go.mutate(id)} className="w-full">
          Continue with {label}
        </Button>
      ))}
      <ProblemNotice problem={go.problem} />
      <Or />
    </>
  );
}

type SignUpFormProps = { readonly next: string | undefined; readonly invited: string | undefined };

function SignUpForm({ next, invited }: SignUpFormProps) {
  const [name, setName] = useState("");
  const [email, setEmail] = useState(invited ?? "");
  const [password, setPassword] = useState("");
  const join = useChange(
    async () => {
      await authStep("/sign-up/email", {
        name: name.trim(),
        email: email.trim(),
        password,
        callbackURL: safeNext(next),
      });
      return isSignedIn();
    },
    [],
    (signedIn) => void (signedIn && enter(next)),
  );
  if (join.data === false) {
    return (
      <Notice tone="good" role="status" title={`A letter to ${email.trim()} is on its way`}>
        Open its link to confirm the address, then sign in.
      </Notice>
    );
  }
  return (
    <Form
      problem={join.problem}
      onSubmit={() => join.mutate()}
      actions={
        <Button type="submit" look="primary" pending={join.isPending || join.isSuccess} className="w-full">
          Make the account
        </Button>
      }
    >
      <Field label="Name">
        <Input autoComplete="name" autoFocus value={name} onChange={(event) => setName(event.target.value)} />
      </Field>
      <Field label="E-mail address">
        <Input type="email" autoComplete="username" value={email} onChange={(event) => setEmail(event.target.value)} />
      </Field>
      <NewPassword value={password} onValue={setPassword} />
    </Form>
  );
}

/** Where an address has to be confirmed first, an account is made and nobody is signed in. */
async function isSignedIn(): Promise<boolean> {
  try {
    await getApi<Me>("/api/me");
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return false;
    throw error;
  }
}
