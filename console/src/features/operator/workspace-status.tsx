// The state of a workspace as a word with its colour.

import type { WorkspaceStatus as StatusWord } from "../../api/me.ts";
import { Status, type Tone } from "../../ui/status.tsx";

export const statusWords: Readonly<Record<StatusWord, string>> = {
  active: "Active",
  suspended: "Suspended",
  access_pending: "Waits for access",
};

const tones: Readonly<Record<StatusWord, Tone>> = { active: "good", suspended: "bad", access_pending: "brass" };

export function WorkspaceStatus({ status }: { readonly status: StatusWord }) {
  return <Status tone={tones[status]}>{statusWords[status]}</Status>;
}
