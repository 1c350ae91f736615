// The candidates: chosen, tried, not needed, and those that were left out with the reason in words.

import { useState } from "react";
import type { TraceDetail } from "../../../../server/contracts/control-activity.ts";
import { Button } from "../../ui/button.tsx";
import { cx } from "../../ui/class-names.ts";
import { Money } from "../../ui/money.tsx";
import { Section } from "../../ui/section.tsx";
import { Status, type Tone } from "../../ui/status.tsx";
import { rejectionInWords } from "../../../../server/contracts/rejections.ts";
import { candidatesOf, rejectedOf, type CandidateLine, type RejectedGroup, type Standing } from "./candidates.ts";
import { shortDuration } from "./ladder.ts";
import { shareOf } from "./shares.ts";

const tones: Readonly<Record<Standing, Tone>> = { answered: "good", failed: "bad", waiting: "plain", spare: "plain" };
const shownModels = 12;

export function CandidatesSection({ detail }: { readonly detail: TraceDetail }) {
  const { plan } = detail.trace;
  const lines = candidatesOf(detail);
  const rejected = rejectedOf(detail);
  if (!plan) {
    return (
      <Section title="Candidates">
        <p className="text-base text-muted">The request was refused before a model was looked for.</p>
      </Section>
    );
  }
  const most = lines.reduce(
    (least, { expected }) => (expected !== undefined && expected > least ? expected : least),
    "",
  );
  return (
    <Section title="Candidates" description={plan.reason} flush>
      {lines.length === 0 ? (
        <p className="px-4 pb-3 text-base text-muted">Nobody was left who could answer.</p>
      ) : (
        <div tabIndex={0} role="region" aria-label="Candidates" className="relative overflow-x-auto">
          <table className="w-full min-w-[38rem] text-sm">
            <thead>
              <tr className="border-y border-line text-left">
                {["Model", "How it went", "Expected cost", "Strength", "First byte"].map((title) => (
                  <th key={title} scope="col" className="eyebrow px-3 py-1 first:pl-4">
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {lines.map((line, index) => (
                <CandidateRow key={`${line.model} ${line.provider} ${index}`} line={line} most={most} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {rejected.length > 0 && <Rejected groups={rejected} />}
    </Section>
  );
}

function CandidateRow({ line, most }: { readonly line: CandidateLine; readonly most: string }) {
  const { model, provider, standing, said, expected, worst, firstByteMs, strength, reasons } = line;
  return (
    <tr className={cx("border-b border-line align-top last:border-b-0", standing === "spare" && "text-muted")}>
      <th scope="row" className="px-3 py-2 pl-4 text-left font-normal">
        <span className={cx("block", standing === "answered" && "font-medium")}>{model}</span>
        <span className="text-faint">{provider}</span>
      </th>
      <td className="px-3 py-2">
        <Status tone={tones[standing]}>{said}</Status>
        {reasons.length > 0 && <span className="mt-1 block text-muted">{reasons.join(", ")}</span>}
      </td>
      <td className="px-3 py-2">
        <Money usd={expected} />
        <Bar share={shareOf(expected, most)} />
        {worst !== undefined && (
          <span className="text-xs text-faint">
            at most <Money usd={worst} />
          </span>
        )}
      </td>
      <td className="px-3 py-2">
        {strength === undefined ? (
          <span className="text-faint">–</span>
        ) : (
          <>
            <span className="figures">{strength}</span>
            <Bar share={strength / 100} />
          </>
        )}
      </td>
      <td className="figures px-3 py-2 whitespace-nowrap">
        {firstByteMs === undefined ? <span className="text-faint">–</span> : `≈ ${shortDuration(firstByteMs)}`}
      </td>
    </tr>
  );
}

function Bar({ share }: { readonly share: number }) {
  return (
    <span aria-hidden className="mt-1 block h-1 w-24 rounded-sm bg-sunken">
      <span className="block h-1 rounded-sm bg-brass-strong" style={{ width: `${Math.min(1, share) * 100}%` }} />
    </span>
  );
}

function Rejected({ groups }: { readonly groups: readonly RejectedGroup[] }) {
  const count = new Set(groups.flatMap(({ models }) => models)).size;
  return (
    <div className="border-t border-line px-4 py-3">
      <h3 className="text-sm font-medium">Left out: {count === 1 ? "1 model" : `${count} models`}</h3>
      <dl className="mt-2 flex flex-col gap-2">
        {groups.map((group) => (
          <RejectedLine key={group.reason} group={group} />
        ))}
      </dl>
    </div>
  );
}

function RejectedLine({ group: { reason, models } }: { readonly group: RejectedGroup }) {
  const [all, setAll] = useState(false);
  const shown = all ? models : models.slice(0, shownModels);
  return (
    <div>
      <dt className="text-sm">
        {rejectionInWords(reason)} <span className="figures text-faint">· {models.length}</span>
      </dt>
      <dd className="text-sm break-words text-muted">
        {shown.join(", ")}
        {models.length > shown.length && (
          <Button look="quiet" size="small" onClick={() => setAll(true)}>
            and {models.length - shown.length} more
          </Button>
        )}
      </dd>
    </div>
  );
}
