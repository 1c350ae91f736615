// What somebody said who asked for access, and how it was decided.

import type { ShownAccessRequest } from "../../../../server/contracts/control-members.ts";
import { KeyValue } from "../../ui/key-value.tsx";
import { Status, type Tone } from "../../ui/status.tsx";
import { Time } from "../../ui/time.tsx";

const tones: Readonly<Record<ShownAccessRequest["status"], Tone>> = {
  pending: "brass",
  approved: "good",
  declined: "bad",
};
const words: Readonly<Record<ShownAccessRequest["status"], string>> = {
  pending: "Pending",
  approved: "Approved",
  declined: "Declined",
};

export function RequestStatus({ status }: { readonly status: ShownAccessRequest["status"] }) {
  return <Status tone={tones[status]}>{words[status]}</Status>;
}

export function AccessRequestFacts({ request }: { readonly request: ShownAccessRequest }) {
  return (
    <KeyValue
      facts={[
        { name: "Status", value: <RequestStatus status={request.status} /> },
        { name: "Who", value: `${request.name} · ${request.email}` },
        { name: "Company", value: request.company },
        { name: "Use", value: <span className="whitespace-pre-wrap">{request.use}</span> },
        { name: "Expected monthly volume", value: request.expected_monthly_volume },
        { name: "Sent", value: <Time at={request.created_at} /> },
        ...(request.decided_at === null ? [] : [{ name: "Decided", value: <Time at={request.decided_at} /> }]),
        ...(request.note === "" ? [] : [{ name: "Note", value: request.note }]),
      ]}
    />
  );
}
