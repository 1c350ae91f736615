// Where nothing is sold: who grants credits, and how.

import { useMe } from "../../api/me.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { CodeBlock } from "../../ui/code-block.tsx";
import { Section } from "../../ui/section.tsx";

export function NoPayments() {
  const { id } = useWorkspace();
  const { is_operator: isOperator } = useMe();
  return (
    <Section title="Payments are not set up on this server">
      {isOperator ? (
        <div className="flex flex-col gap-3">
          <p className="max-w-[70ch] text-muted">
            As an operator you grant credits by hand. To sell them, give the server a key of Stripe: STRIPE_SECRET_KEY
            and STRIPE_WEBHOOK_SECRET.
          </p>
          <CodeBlock
            label="Grant credits"
            samples={[
              { language: "Shell", code: `npx astrolabe credits grant 10 --workspace ${id} --memo "invoice 7"` },
            ]}
          />
        </div>
      ) : (
        <p className="max-w-[70ch] text-muted">
          Ask the operator of this server for credits, and give them the id of this workspace:{" "}
          <span className="figures text-sm break-all text-ink">{id}</span>
        </p>
      )}
    </Section>
  );
}
