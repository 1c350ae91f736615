// Where the link of the first start leads: makes whoever opens it the owner, with a password or a passkey.

import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { asApiError } from "../../api/api-error.ts";
import { useChange } from "../../api/item.ts";
import { Button } from "../../ui/button.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { Field } from "../../ui/field.tsx";
import { Form } from "../../ui/form.tsx";
import { Input } from "../../ui/input.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { authStep, enter, useAuthMethods } from "../../api/auth.ts";
import { Door } from "./door.tsx";
import { NewPassword } from "../../ui/new-password.tsx";
import { knowsPasskeys } from "../../api/passkeys.ts";

const route = getRouteApi("/open/claim");

export function ClaimPage() {
  const { token = "" } = route.useSearch();
  const link = useQuery({
    queryKey: ["owner-link", token],
    queryFn: () => authStep<{ readonly usable: boolean }>("/claim/check", { token }),
    retry: false,
    staleTime: Infinity,
  });
  return (
    <Door
      title="Become the owner"
      description="You will own the first workspace and operate this server: its people, its credits, its settings."
    >
      {link.isPending && <Skeleton className="h-48 w-full" />}
      {link.error !== null && <ErrorState error={asApiError(link.error)} />}
      {link.data?.usable === true && <ClaimForm token={token} />}
      {link.data?.usable === false && (
        <Notice title="This link was used or has ended">
          <code>astrolabe owner-link</code> on the server prints another one.
        </Notice>
      )}
    </Door>
  );
}

function ClaimForm({ token }: { readonly token: string }) {
  const { passkey } = useAuthMethods();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const claim = useChange(
    (usePasskey: boolean) =>
      authStep("/claim", { token, name: name.trim(), email: email.trim(), ...(!usePasskey && { password }) }),
    [],
    (_, usePasskey) => enter(usePasskey ? "/account?add=passkey" : "/"),
  );
  const busy = claim.isPending || claim.isSuccess;
  return (
    <Form
      problem={claim.problem}
      onSubmit={() => claim.mutate(false)}
      actions={
        <>
          {passkey && knowsPasskeys() && (
            <Button disabled={busy || name === "" || email === ""} onClick={() => claim.mutate(true)}>
              Use a passkey instead
            </Button>
          )}
          <Button type="submit" look="primary" pending={busy}>
            Become the owner
          </Button>
        </>
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
