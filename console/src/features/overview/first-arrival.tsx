// The moment the first request arrives: what was asked of whom, how long it took, what it cost.

import { Sparkle } from "lucide-react";
import { Button } from "../../ui/button.tsx";
import { Figure } from "../../ui/key-value.tsx";
import { Money } from "../../ui/money.tsx";
import { Section } from "../../ui/section.tsx";
import { duration } from "../../ui/time-format.ts";
import type { Request } from "./facts.ts";
import { TraceLink } from "./trace-link.tsx";

export function FirstArrival({ request, onDone }: { readonly request: Request; readonly onDone: () => void }) {
  const answered = request.status < 400;
  return (
    <div role="status" className="appear">
      <Section className="border-brass-strong">
        <div className="flex flex-col gap-6">
          <p className="flex items-center gap-3 text-lg font-semibold">
            <Sparkle aria-hidden className="size-5 text-brass-strong" />
            {answered ? "Your first request arrived" : "A first request arrived, and was refused"}
          </p>
          <div className="grid gap-6 sm:grid-cols-3">
            <Figure
              name={answered ? "Answered by" : "Asked for"}
              value={<span className="text-lg">{request.model ?? request.requested_model}</span>}
              note={request.provider ?? undefined}
            />
            <Figure name="Took" value={duration(request.total_ms)} note={`Status ${request.status}`} />
            <Figure
              name="Cost"
              value={<Money usd={request.debit_usd} />}
              note={request.unbillable_reason === null ? "Debited from your credits" : "Nothing was debited"}
            />
          </div>
          <div className="flex flex-wrap gap-2">
            <TraceLink requestId={request.request_id}>See why it went there</TraceLink>
            <Button onClick={onDone}>Show the overview</Button>
          </div>
        </div>
      </Section>
    </div>
  );
}
