// For members who cannot pay: whom to ask.

import { useList } from "../../api/list.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { Notice } from "../../ui/notice.tsx";
import type { Billing } from "./billing.ts";

type Member = { readonly id: string; readonly name: string; readonly email: string; readonly role: string };

const mostNamed = 5;

export function WhoMayPay({ billing }: { readonly billing: Billing }) {
  const { path } = useWorkspace();
  const members = useList<Member>(`${path}/members`, { limit: 200 });
  const payers = (members.items ?? []).filter(({ role }) => ["owner", "admin", "billing"].includes(role));
  const buys = billing.payments === "stripe" ? "buy credits and see the ledger" : "see the ledger";
  return (
    <Notice title={`Owners, admins and billing members ${buys}.`}>
      {payers.length > 0 && (
        <p className="text-muted">
          Ask{" "}
          {payers.slice(0, mostNamed).map(({ id, name, email, role }, index) => (
            <span key={id}>
              {index > 0 && ", "}
              <a className="underline underline-offset-2 hover:text-ink" href={`mailto:${email}`}>
                {name || email}
              </a>{" "}
              ({role})
            </span>
          ))}
          .
        </p>
      )}
      {billing.payments === "none" && (
        <p className="text-muted">Payments are not set up on this server: its operator grants credits by hand.</p>
      )}
    </Notice>
  );
}
