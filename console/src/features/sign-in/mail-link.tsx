// A link to sign in, by letter, to the address that is in the form.

import { Mail } from "lucide-react";
import { useChange } from "../../api/item.ts";
import { safeNext } from "../../api/safe-next.ts";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { authStep } from "../../api/auth.ts";
import { ProblemNotice } from "../../ui/problem-notice.tsx";

export function MailLink({ email, next }: { readonly email: string; readonly next: string | undefined }) {
  const send = useChange(
    (to: string) => authStep("/sign-in/magic-link", { email: to, callbackURL: safeNext(next) }),
    [],
  );
  if (send.isSuccess) {
    return (
      <Notice tone="good" role="status" title={`A letter to ${send.variables} is on its way`}>
        Its link signs you in, once, for 10 minutes. Nothing comes to an address without an account.
      </Notice>
    );
  }
  return (
    <>
      <Button
        icon={<Mail aria-hidden />}
        disabled={!/^\S+@\S+$/.test(email.trim())}
        pending={send.isPending}
        onClick={() => send.mutate(email.trim())}
        className="w-full"
      >
        Send me a link instead
      </Button>
      <ProblemNotice problem={send.problem} />
    </>
  );
}
