// Where the link of an invitation leads: who invites into what, and the way in, signed in or not.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ShownInvitationPreview, ShownMembership } from "../../../../server/contracts/control-members.ts";
import { ApiError, asApiError } from "../../api/api-error.ts";
import { basePath } from "../../api/base.ts";
import { fetchApi } from "../../api/fetch-api.ts";
import { meQuery } from "../../api/me.ts";
import { lastWorkspace } from "../../app/last-workspace.ts";
import { currentPath } from "../../app/sign-in-address.ts";
import { Button, ButtonAnchor } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { Notice } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Card } from "../../ui/section.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { Time } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";

export function InvitationPage() {
  const { token = "" } = useSearch({ from: "/open/invitation" });
  const preview = useQuery({
    queryKey: ["invitation", token],
    queryFn: ({ signal }) =>
      fetchApi<ShownInvitationPreview>("POST", "/api/invitations/preview", { body: { token }, signal }),
    enabled: token !== "",
    retry: false,
  });
  return (
    <div className="mx-auto max-w-md">
      <PageHeader title="Invitation" />
      <Card>
        {token === "" ? (
          <EmptyState title="This link is not complete">Open the whole link that was sent to you.</EmptyState>
        ) : preview.error !== null ? (
          <ErrorState error={asApiError(preview.error)} onRetry={() => void preview.refetch()} />
        ) : preview.data === undefined ? (
          <Skeleton className="h-24 w-full" />
        ) : (
          <Offer token={token} preview={preview.data} />
        )}
      </Card>
    </div>
  );
}

type OfferProps = { readonly token: string; readonly preview: ShownInvitationPreview };

function Offer({ token, preview }: OfferProps) {
  const me = useQuery({ ...meQuery, retry: false });
  const { workspace_name: workspace, inviter_name: inviter, expires_at: ends } = preview;
  const signedOut = me.error instanceof ApiError && me.error.status === 401;
  return (
    <div className="flex flex-col gap-4">
      <p className="text-base">
        {inviter ?? "Somebody"} invites you to the workspace <strong className="font-semibold">{workspace}</strong>.
      </p>
      <p className="text-sm text-muted">
        It is for the person whose e-mail address was invited, and ends <Time at={ends} />
      </p>
      {me.data !== undefined ? (
        <Accept token={token} email={me.data.email} workspace={workspace} />
      ) : signedOut ? (
        <SignedOut />
      ) : me.error !== null ? (
        <ErrorState error={asApiError(me.error)} onRetry={() => void me.refetch()} />
      ) : (
        <Skeleton className="h-8 w-40" />
      )}
    </div>
  );
}

function SignedOut() {
  const next = encodeURIComponent(currentPath());
  return (
    <div className="flex flex-wrap gap-2">
      <ButtonAnchor look="primary" href={`${basePath}sign-in?next=${next}`}>
        Sign in to accept
      </ButtonAnchor>
      <ButtonAnchor href={`${basePath}sign-up?next=${next}`}>Make an account</ButtonAnchor>
    </div>
  );
}

type AcceptProps = { readonly token: string; readonly email: string; readonly workspace: string };

function Accept({ token, email, workspace }: AcceptProps) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const accept = useMutation({
    mutationFn: () => fetchApi<ShownMembership>("POST", "/api/invitations/accept", { body: { token } }),
    onSuccess: async ({ workspace_id: workspaceId }) => {
      lastWorkspace.set(workspaceId);
      await client.invalidateQueries(meQuery);
      toast.done(`You are a member of ${workspace} now.`);
      await navigate({ to: "/w/$workspaceId", params: { workspaceId } });
    },
  });
  const problem = accept.error === null ? undefined : asApiError(accept.error);
  return (
    <div className="flex flex-col gap-4">
      {problem !== undefined && (
        <Notice tone="bad" role="alert">
          {problem.message}
        </Notice>
      )}
      <div className="flex flex-wrap items-center gap-3">
        <Button look="primary" pending={accept.isPending} onClick={() => accept.mutate()}>
          Accept the invitation
        </Button>
        <span className="text-sm text-muted">You are signed in as {email}.</span>
      </div>
    </div>
  );
}
