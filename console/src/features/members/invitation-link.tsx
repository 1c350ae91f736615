// The link of an invitation, shown this once.

import type { ShownInvitationWithLink } from "../../../../server/contracts/control-members.ts";
import { Button } from "../../ui/button.tsx";
import { useCopy } from "../../ui/copy-button.tsx";
import { Notice } from "../../ui/notice.tsx";

export type InvitationLinkProps = { readonly invitation: ShownInvitationWithLink; readonly onDone: () => void };

export function InvitationLink({ invitation, onDone }: InvitationLinkProps) {
  const { email, link, mailed } = invitation;
  const { copied, copy } = useCopy(link);
  return (
    <div className="flex flex-col gap-4">
      <Notice tone="brass">
        {mailed
          ? `The link is on its way to ${email}. You can also hand it over yourself: it is shown once.`
          : `This server sends no mail: hand the link to ${email} yourself. It is shown once.`}
      </Notice>
      <code
        data-secret
        className="figures rounded-md border border-line-strong bg-sunken px-3 py-2 text-sm break-all select-all"
      >
        {link}
      </code>
      <p className="text-sm text-muted">It works once, for seven days, for somebody signed in as {email}.</p>
      <div className="flex justify-end gap-2">
        <Button onClick={copy}>{copied ? "Copied" : "Copy the link"}</Button>
        <Button look="primary" onClick={onDone}>
          Done
        </Button>
      </div>
    </div>
  );
}
