// Where the letter leads that confirms an address, or a change of it.

import { getRouteApi, Link } from "@tanstack/react-router";
import { useChange } from "../../api/item.ts";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { letterStep } from "../../api/auth.ts";
import { Door } from "./door.tsx";
import { ProblemNotice } from "../../ui/problem-notice.tsx";

const route = getRouteApi("/open/verify-email");

export function VerifyPage() {
  const { token, next } = route.useSearch();
  const confirm = useChange(() => letterStep("/verify-email", token ?? ""), []);
  return (
    <Door title="Confirm your e-mail address">
      {confirm.isSuccess ? (
        <>
          <Notice tone="good" role="status">
            That is done. When you change your address, the new one gets a letter of its own.
          </Notice>
          <ButtonLink look="primary" to="/sign-in" search={{ next }}>
            Go on
          </ButtonLink>
        </>
      ) : (
        <>
          <Button look="primary" autoFocus pending={confirm.isPending} onClick={() => confirm.mutate()}>
            Confirm the address
          </Button>
          <ProblemNotice problem={confirm.problem} />
          {confirm.problem !== undefined && (
            <Link to="/sign-in" search={{ next }} className="text-sm text-muted underline">
              Sign in, and a new letter is sent
            </Link>
          )}
        </>
      )}
    </Door>
  );
}
