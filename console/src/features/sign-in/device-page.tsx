// Lets a program in: shows what asks, and waits for a yes or a no.

import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { asApiError } from "../../api/api-error.ts";
import { getApi } from "../../api/fetch-api.ts";
import { useChange } from "../../api/item.ts";
import { useMe } from "../../api/me.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { Form } from "../../ui/form.tsx";
import { Input } from "../../ui/input.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { authStep } from "../../api/auth.ts";
import { Door } from "./door.tsx";
import { ProblemNotice } from "../../ui/problem-notice.tsx";

const route = getRouteApi("/open/device");

type DeviceRequest = { readonly user_code: string; readonly status: string; readonly client_id?: string };

export function DevicePage() {
  const { user_code: userCode } = route.useSearch();
  return userCode === undefined ? <CodeForm /> : <Request userCode={userCode} />;
}

function CodeForm() {
  const navigate = useNavigate();
  const [code, setCode] = useState("");
  return (
    <Door title="Let a program in" description="Enter the code that it shows.">
      <Form
        problem={undefined}
        onSubmit={() => void (code.trim() !== "" && navigate({ to: "/device", search: { user_code: code.trim() } }))}
        actions={
          <Button type="submit" look="primary" className="w-full">
            Go on
          </Button>
        }
      >
        <Field label="Code">
          <Input
            figures
            autoFocus
            autoCapitalize="characters"
            autoComplete="off"
            value={code}
            onChange={(event) => setCode(event.target.value)}
          />
        </Field>
      </Form>
    </Door>
  );
}

function Request({ userCode }: { readonly userCode: string }) {
  const { email } = useMe();
  const request = useQuery({
    queryKey: ["device", userCode],
    queryFn: () => getApi<DeviceRequest>("/api/auth/device", { user_code: userCode }),
    retry: false,
    staleTime: Infinity,
  });
  const answer = useChange((step: "approve" | "deny") => authStep(`/device/${step}`, { userCode }), []);
  if (answer.isSuccess) return <Answered let={answer.variables === "approve"} />;
  return (
    <Door title="Let a program in">
      {request.isPending && <Skeleton className="h-32 w-full" />}
      {request.error !== null && (
        <>
          <ProblemNotice problem={asApiError(request.error)} />
          <CodeAgain />
        </>
      )}
      {request.isSuccess && request.data.status !== "pending" && (
        <>
          <Notice>This code was answered already. Begin anew in the program.</Notice>
          <CodeAgain />
        </>
      )}
      {request.isSuccess && request.data.status === "pending" && (
        <>
          <p className="text-base">
            The program <strong className="figures">{request.data.client_id ?? "unknown"}</strong> wants to act as{" "}
            <strong>{email}</strong>, with all that you may do here. Allow it only if you began this, and if it shows:
          </p>
          <p className="figures rounded-md border border-line-strong bg-sunken py-3 text-center text-xl tracking-widest">
            {request.data.user_code}
          </p>
          <ProblemNotice problem={answer.problem} />
          <div className="flex justify-end gap-2">
            <Button pending={answer.isPending} onClick={() => answer.mutate("deny")}>
              Turn it away
            </Button>
            <Button look="primary" pending={answer.isPending} onClick={() => answer.mutate("approve")}>
              Let it in
            </Button>
          </div>
        </>
      )}
    </Door>
  );
}

function CodeAgain() {
  const navigate = useNavigate();
  return (
    <Button onClick={() => void navigate({ to: "/device", search: {} })} className="self-start">
      Enter another code
    </Button>
  );
}

function Answered({ let: isIn }: { readonly let: boolean }) {
  return (
    <Door title={isIn ? "The program is in" : "The program was turned away"}>
      <Notice tone={isIn ? "good" : "plain"} role="status">
        {isIn
          ? "Go back to it. It is listed among your sessions, where you can end it."
          : "It gets no access. You can close this page."}
      </Notice>
    </Door>
  );
}
