// Where the letter's link leads. It asks first: programs that open links before their reader would use it up.

import { getRouteApi, Link } from "@tanstack/react-router";
import { useChange } from "../../api/item.ts";
import { Button } from "../../ui/button.tsx";
import { goOn, letterStep } from "../../api/auth.ts";
import { Door } from "./door.tsx";
import { ProblemNotice } from "../../ui/problem-notice.tsx";

const route = getRouteApi("/open/sign-in/link");

export function LinkPage() {
  const { token, next } = route.useSearch();
  const signIn = useChange(
    () => letterStep("/magic-link/verify", token ?? ""),
    [],
    (answer) => goOn(answer, next),
  );
  return (
    <Door
      title="Sign in by link"
      description="The link works once, in this browser."
      below={
        <Link to="/sign-in" search={{ next }} className="self-start underline">
          Choose another way
        </Link>
      }
    >
      <Button
        look="primary"
        autoFocus
        pending={signIn.isPending || signIn.isSuccess}
        onClick={() => signIn.mutate()}
        className="w-full"
      >
        Sign in
      </Button>
      <ProblemNotice problem={signIn.problem} />
    </Door>
  );
}
