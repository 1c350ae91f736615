// The way in: every way that this server has, the password in front.

import { getRouteApi, Link } from "@tanstack/react-router";
import { KeyRound } from "lucide-react";
import { useState } from "react";
import { useChange } from "../../api/item.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { Form } from "../../ui/form.tsx";
import { Input } from "../../ui/input.tsx";
import { Notice } from "../../ui/notice.tsx";
import { authStep, enter, goOn, signInWith, useAuthMethods, type SignInAnswer } from "../../api/auth.ts";
import { Door, Or } from "./door.tsx";
import { MailLink } from "./mail-link.tsx";
import { knowsPasskeys, signInWithPasskey } from "../../api/passkeys.ts";
import { ProblemNotice } from "../../ui/problem-notice.tsx";
import { providerProblem } from "./provider-problem.ts";

const route = getRouteApi("/open/sign-in");

export function SignInPage() {
  const { next, error, again } = route.useSearch();
  const methods = useAuthMethods();
  const [email, setEmail] = useState("");
  const others = methods.providers.length > 0 || (methods.passkey && knowsPasskeys());
  return (
    <Door
      title={again === undefined ? "Sign in" : "Sign in again"}
      description={again === undefined ? undefined : "Changing how you sign in takes a session of the last hour."}
      below={<Elsewhere next={next} />}
    >
      {error !== undefined && (
        <Notice tone="bad" role="alert">
          {providerProblem(error)}
        </Notice>
      )}
      {!methods.claimed && (
        <Notice tone="brass" title="This server has no owner yet">
          Its start printed a link that makes one; <code>astrolabe owner-link</code> prints another.
        </Notice>
      )}
      <OtherWays next={next} />
      {others && <Or />}
      <PasswordForm email={email} onEmail={setEmail} next={next} />
      {methods.magic_link && <MailLink email={email} next={next} />}
    </Door>
  );
}

function OtherWays({ next }: { readonly next: string | undefined }) {
  const { providers, passkey } = useAuthMethods();
  const withProvider = useChange((id: string) => signInWith(id, next), []);
  const withPasskey = useChange(signInWithPasskey, [], () => enter(next));
  return (
    <>
      {providers.map(({ id, label }) => (
        <Button key={id} pending={withProvider.isPending} onClick={() => withProvider.mutate(id)} className="w-full">
          Continue with {label}
        </Button>
      ))}
      {passkey && knowsPasskeys() && (
        <Button
          icon={<KeyRound aria-hidden />}
          pending={withPasskey.isPending}
          onClick={() => withPasskey.mutate()}
          className="w-full"
        >
          Use a passkey
        </Button>
      )}
      <ProblemNotice problem={withProvider.problem ?? withPasskey.problem} />
    </>
  );
}

type PasswordFormProps = {
  readonly email: string;
  readonly onEmail: (email: string) => void;
  readonly next: string | undefined;
};

function PasswordForm({ email, onEmail, next }: PasswordFormProps) {
  const { password_reset: canReset } = useAuthMethods();
  const [password, setPassword] = useState("");
  const signIn = useChange(
    () => authStep<SignInAnswer>("/sign-in/email", { email: email.trim(), password }),
    [],
    (answer) => goOn(answer, next),
  );
  return (
    <Form
      problem={signIn.problem}
      onSubmit={() => signIn.mutate()}
      actions={
        <Button type="submit" look="primary" pending={signIn.isPending || signIn.isSuccess} className="w-full">
          Sign in
        </Button>
      }
    >
      <Field label="E-mail address">
        <Input
          type="email"
          autoComplete="username"
          autoFocus
          value={email}
          onChange={(event) => onEmail(event.target.value)}
        />
      </Field>
      <Field label="Password">
        <Input
          type="password"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </Field>
      {canReset && (
        <Link to="/reset-password" className="self-start text-sm text-muted underline">
          Choose a new password
        </Link>
      )}
    </Form>
  );
}

function Elsewhere({ next }: { readonly next: string | undefined }) {
  const { sign_up: signUp } = useAuthMethods();
  if (signUp === "closed") return null;
  return (
    <p>
      {signUp === "open" ? "No account yet? " : "Invited, and no account yet? "}
      <Link to="/sign-up" search={{ next }} className="underline">
        Make an account
      </Link>
    </p>
  );
}
