// Identities at providers that open this account.

import { useState } from "react";
import { useItem } from "../../api/item.ts";
import { serverAddress } from "../../api/base.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { Section } from "../../ui/section.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { toast } from "../../ui/toast.tsx";
import { authStep, useAuthMethods } from "../../api/auth.ts";
import { ProblemNotice } from "../../ui/problem-notice.tsx";
import { accountPaths, useOwnChange } from "./own-change.ts";

type Identity = { readonly id: string; readonly providerId: string };
type Provider = { readonly id: string; readonly label: string };

export function IdentitiesSection() {
  const { providers } = useAuthMethods();
  const { item: identities, error, retry } = useItem<readonly Identity[]>(accountPaths.identities);
  const [leaving, setLeaving] = useState<{ readonly identity: Identity; readonly label: string }>();
  const link = useOwnChange(async ({ id }: Provider) => {
    const back = `${serverAddress}/account`;
    const body = {
      provider: id,
      callbackURL: back,
      errorCallbackURL: `${serverAddress}/sign-in`,
      disableRedirect: true,
    };
    location.assign((await authStep<{ readonly url: string }>("/link-social", body)).url);
  });
  return (
    <Section title="Linked identities" description="Each of them opens your account.">
      {error !== undefined && <ErrorState error={error} onRetry={retry} />}
      {identities === undefined && error === undefined && <Skeleton className="h-10 w-full" />}
      <ul className="flex flex-col">
        {identities !== undefined &&
          providers.map((provider) => {
            const identity = identities.find(({ providerId }) => providerId === provider.id);
            return (
              <li key={provider.id} className="flex items-center gap-3 border-b border-line py-2 last:border-b-0">
                <span className="min-w-0 flex-1 truncate">{provider.label}</span>
                {identity === undefined ? (
                  <Button size="small" pending={link.isPending} onClick={() => link.mutate(provider)}>
                    Link
                  </Button>
                ) : (
                  <Button
                    size="small"
                    look="quiet"
                    aria-label={`Unlink ${provider.label}`}
                    onClick={() => setLeaving({ identity, label: provider.label })}
                  >
                    Unlink
                  </Button>
                )}
              </li>
            );
          })}
      </ul>
      <ProblemNotice problem={link.problem} />
      {leaving !== undefined && <UnlinkDialog {...leaving} onClose={() => setLeaving(undefined)} />}
    </Section>
  );
}

type UnlinkProps = { readonly identity: Identity; readonly label: string; readonly onClose: () => void };

function UnlinkDialog({ identity, label, onClose }: UnlinkProps) {
  const unlink = useOwnChange(
    () => authStep("/unlink-account", { accountId: identity.id }),
    () => {
      toast.done(`${label} no longer opens your account.`);
      onClose();
    },
  );
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`Unlink ${label}?`}
      verb="Unlink it"
      onConfirm={() => unlink.mutate()}
      pending={unlink.isPending}
      problem={unlink.problem}
    >
      You can no longer sign in with it. Your account stays.
    </ConfirmDialog>
  );
}
