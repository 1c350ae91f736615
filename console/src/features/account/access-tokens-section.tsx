// The person's access tokens, for CI and scripts: made, listed, revoked.

import { getRouteApi } from "@tanstack/react-router";
import { Plus, SquareTerminal } from "lucide-react";
import { useState } from "react";
import type { z } from "zod";
import type { accessTokenSchema } from "../../../../server/contracts/control-access-tokens.ts";
import { fetchApi } from "../../api/fetch-api.ts";
import { useList } from "../../api/list.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { Section } from "../../ui/section.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { Badge } from "../../ui/status.tsx";
import { Time } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import { CreateTokenDialog } from "./create-token-dialog.tsx";
import { accountPaths, useOwnChange } from "./own-change.ts";

type AccessToken = z.output<typeof accessTokenSchema>;

const route = getRouteApi("/signed-in/account");

export function AccessTokensSection() {
  const { add } = route.useSearch();
  const navigate = route.useNavigate();
  const { items: tokens, error, retry } = useList<AccessToken>(accountPaths.tokens);
  const [ending, setEnding] = useState<AccessToken>();
  const open = (next: "token" | undefined): void => void navigate({ search: { add: next }, replace: true });
  return (
    <Section
      title="Access tokens"
      description="For CI, scripts and ast: programs that act as you, and can do less."
      actions={
        <Button icon={<Plus aria-hidden />} onClick={() => open("token")}>
          Create a token
        </Button>
      }
    >
      {error !== undefined && <ErrorState error={error} onRetry={retry} />}
      {tokens === undefined && error === undefined && <Skeleton className="h-10 w-full" />}
      {tokens?.length === 0 && <p className="text-base text-muted">No tokens yet.</p>}
      <ul className="flex flex-col">
        {tokens?.map((token) => (
          <TokenRow key={token.id} token={token} onRevoke={() => setEnding(token)} />
        ))}
      </ul>
      {add === "token" && <CreateTokenDialog onClose={() => open(undefined)} />}
      {ending !== undefined && <RevokeDialog token={ending} onClose={() => setEnding(undefined)} />}
    </Section>
  );
}

function TokenRow({ token, onRevoke }: { readonly token: AccessToken; readonly onRevoke: () => void }) {
  const { name, prefix, workspace, read_only: readOnly, status } = token;
  const expired = status === "expired";
  return (
    <li className="flex items-center gap-3 border-b border-line py-2 last:border-b-0">
      <SquareTerminal aria-hidden className="size-4 shrink-0 text-faint" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="max-w-full truncate">{name}</span>
          {expired && <Badge tone="bad">Expired</Badge>}
          {readOnly && <Badge>Only reads</Badge>}
          {workspace !== null && <Badge>In {workspace.name}</Badge>}
        </p>
        <p className="flex flex-wrap gap-x-3 text-sm text-muted">
          <code className="figures">{prefix}…</code>
          <span>
            created <Time at={token.created_at} />
          </span>
          <span>
            {token.last_used_at === null ? "never used" : "used "}
            {token.last_used_at !== null && <Time at={token.last_used_at} />}
          </span>
          <span>
            {expired ? "ended " : "ends "}
            <Time at={token.expires_at} />
          </span>
        </p>
      </div>
      <Button look="quiet" size="small" aria-label={`Revoke ${name}`} onClick={onRevoke}>
        Revoke
      </Button>
    </li>
  );
}

function RevokeDialog({ token, onClose }: { readonly token: AccessToken; readonly onClose: () => void }) {
  const revoke = useOwnChange(
    () => fetchApi("DELETE", `${accountPaths.tokens}/${token.id}`),
    () => {
      toast.done(`“${token.name}” is revoked.`);
      onClose();
    },
  );
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`Revoke “${token.name}”?`}
      verb="Revoke the token"
      onConfirm={() => revoke.mutate(undefined)}
      pending={revoke.isPending}
      problem={revoke.problem}
    >
      Calls with <code className="text-sm">{token.prefix}…</code> are refused with 401 from now on. This cannot be taken
      back.
    </ConfirmDialog>
  );
}
