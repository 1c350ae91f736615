// Where a stack is used: by the workspace, and by which keys.

import { Link } from "@tanstack/react-router";
import { useItem } from "../../api/item.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { ErrorState } from "../../ui/error-state.tsx";
import { KeyValue } from "../../ui/key-value.tsx";
import { Section } from "../../ui/section.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { Badge } from "../../ui/status.tsx";
import { Money } from "../../ui/money.tsx";
import type { StackTraffic, StackUses } from "./stacks-api.ts";

export function StackUsesSection({ slug }: { readonly slug: string }) {
  const { path, id } = useWorkspace();
  const { item, error, retry } = useItem<StackUses>(`${path}/stacks/${slug}/uses`);
  const traffic = useItem<StackTraffic>(`${path}/stack-traffic`).item?.stacks.find((each) => each.slug === slug);
  if (error !== undefined) return <ErrorState error={error} onRetry={retry} />;
  const keys = item?.keys ?? [];
  return (
    <Section title="Used by">
      {item === undefined ? (
        <Skeleton className="h-16 w-full" />
      ) : (
        <KeyValue
          facts={[
            {
              name: "The workspace",
              value: item.workspace ? "Yes: keys without a stack of their own run under it." : "No",
            },
            {
              name: "Keys",
              value:
                keys.length === 0 ? (
                  "None has it as its own."
                ) : (
                  <ul className="flex flex-wrap gap-x-4 gap-y-1">
                    {keys.map((key) => (
                      <li key={key.id} className="flex items-center gap-2">
                        <Link
                          to="/w/$workspaceId/keys"
                          params={{ workspaceId: id }}
                          search={{ q: key.name }}
                          className="underline underline-offset-2"
                        >
                          {key.name}
                        </Link>
                        {key.mode === "test" && <Badge>Test</Badge>}
                      </li>
                    ))}
                  </ul>
                ),
            },
            {
              name: "Requests, 7 days",
              value:
                traffic === undefined ? (
                  "None"
                ) : (
                  <>
                    <span className="figures">{traffic.requests.toLocaleString("en")}</span>, of which{" "}
                    <span className="figures">{traffic.refused.toLocaleString("en")}</span> failed, for{" "}
                    <Money usd={traffic.debit_usd} />
                  </>
                ),
            },
          ]}
        />
      )}
    </Section>
  );
}
