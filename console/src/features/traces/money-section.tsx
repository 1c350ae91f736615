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
      {lines.length > 0 && <Lines lines={lines} />}
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

function Lines({ lines }: { readonly lines: TraceDetail["trace"]["billing"]["lines"] }) {
  return (
    <table aria-label="Lines of the debit" className="mt-4 w-full text-sm">
      <tbody>
        {lines.map((line, index) => (
          <tr key={index} className="border-t border-line align-top">
            <td className="py-2 pr-3">
              <span className="block">
                <span className="figures">{line.count.toLocaleString("en-US")}</span>{" "}
                {unitInWords(line.unit, line.count)}
              </span>
              <span className="block break-words text-faint">
                {line.model}, <Money usd={line.unit_price_usd} exact /> each
              </span>
            </td>
            <td className="py-2 text-right">
              <Money usd={line.amount_usd} exact />
            </td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr className="border-t border-line-strong">
          <th scope="row" className="py-2 pr-3 text-left font-medium">
            Together
          </th>
          <td className="py-2 text-right font-medium">
            <Money usd={sumOf(lines.map((line) => line.amount_usd))} exact />
          </td>
        </tr>
      </tfoot>
    </table>
  );
}

function unitInWords(unit: string, count: number): string {
  return `${readable(unit).toLowerCase()}${count === 1 ? "" : "s"}`;
}

type AmountLineProps = { readonly name: string; readonly usd: string; readonly share: number; readonly tone: string };

function AmountLine({ name, usd, share, tone }: AmountLineProps) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 gap-y-1">
      <dt className="text-sm text-muted">{name}</dt>
      <dd className="text-right">
        <Money usd={usd} exact />
      </dd>
      <dd aria-hidden className="col-span-2 h-2 rounded-sm bg-sunken">
        <span className={`block h-2 min-w-px rounded-sm ${tone}`} style={{ width: `${share * 100}%` }} />
      </dd>
    </div>
  );
}
