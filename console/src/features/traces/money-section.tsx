// What was held and what was debited, line by line: the lines add up to the debit exactly.

import type { TraceDetail } from "../../../../server/contracts/control-activity.ts";
import { Id } from "../../ui/id.tsx";
import { Money } from "../../ui/money.tsx";
import { Section } from "../../ui/section.tsx";
import { readable, unbilledInWords } from "../../words/reasons.ts";
import { shareOf, sumOf } from "./shares.ts";

export function MoneySection({ detail }: { readonly detail: TraceDetail }) {
  const { billing } = detail.trace;
  const { lines, hold_usd: hold, ceiling_usd: ceiling, debit_usd: debit, reason } = billing;
  return (
    <Section
      title="Hold and debit"
      description={
        reason === undefined ? `At the prices of ${billing.price_version}.` : `Not billed. ${unbilledInWords(reason)}.`
      }
    >
      <dl className="flex flex-col gap-2">
        <AmountLine name="Reserved at most" usd={ceiling} share={shareOf(ceiling, ceiling)} tone="bg-line-strong" />
        <AmountLine name="Held" usd={hold} share={shareOf(hold, ceiling)} tone="bg-faint" />
        <AmountLine name="Debited" usd={debit} share={shareOf(debit, ceiling)} tone="bg-brass-strong" />
      </dl>
      {lines.length > 0 && (
        <div tabIndex={0} role="region" aria-label="Lines of the debit" className="mt-4 overflow-x-auto">
          <table className="w-full min-w-[36rem] text-sm">
            <thead>
              <tr className="border-y border-line text-left">
                {["Model", "Unit"].map((title) => (
                  <th key={title} scope="col" className="eyebrow py-1 pr-3">
                    {title}
                  </th>
                ))}
                {["Count", "Price", "Amount"].map((title) => (
                  <th key={title} scope="col" className="eyebrow py-1 pl-3 text-right">
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {lines.map((line, index) => (
                <tr key={index} className="border-b border-line">
                  <td className="py-1 pr-3">{line.model}</td>
                  <td className="py-1 pr-3 whitespace-nowrap">{readable(line.unit)}</td>
                  <td className="figures py-1 pl-3 text-right">{line.count.toLocaleString("en-US")}</td>
                  <td className="py-1 pl-3 text-right">
                    <Money usd={line.unit_price_usd} exact />
                  </td>
                  <td className="py-1 pl-3 text-right">
                    <Money usd={line.amount_usd} exact />
                  </td>
                </tr>
              ))}
            </tbody>
            <tfoot>
              <tr>
                <th scope="row" colSpan={4} className="py-1 pr-3 text-left font-medium">
                  Together
                </th>
                <td className="py-1 pl-3 text-right font-medium">
                  <Money usd={sumOf(lines.map((line) => line.amount_usd))} exact />
                </td>
              </tr>
            </tfoot>
          </table>
        </div>
      )}
      {billing.uncollected_usd !== undefined && (
        <p className="mt-2 text-sm text-bad">
          <Money usd={billing.uncollected_usd} exact /> of it was covered neither by the hold nor by the balance.
        </p>
      )}
      {detail.ledger_entry_id !== null && (
        <p className="mt-3 flex flex-wrap items-center gap-2 text-sm text-muted">
          Ledger entry {detail.ledger_sequence} <Id id={detail.ledger_entry_id} of="ledger entry" />
        </p>
      )}
    </Section>
  );
}

type AmountLineProps = { readonly name: string; readonly usd: string; readonly share: number; readonly tone: string };

function AmountLine({ name, usd, share, tone }: AmountLineProps) {
  return (
    <div className="grid grid-cols-[8.5rem_minmax(0,1fr)] items-center gap-x-3 sm:grid-cols-[8.5rem_minmax(0,1fr)_11rem]">
      <dt className="text-sm text-muted">{name}</dt>
      <dd className="text-right sm:order-3">
        <Money usd={usd} exact />
      </dd>
      <dd aria-hidden className="h-3 rounded-sm bg-sunken max-sm:col-span-2 sm:order-2">
        <span className={`block h-3 min-w-px rounded-sm ${tone}`} style={{ width: `${share * 100}%` }} />
      </dd>
    </div>
  );
}
