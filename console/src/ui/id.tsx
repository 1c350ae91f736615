// An id: in figures, shortened in the middle where room is scarce, with a button that copies the whole.

import { CopyButton } from "./copy-button.tsx";

const keptAtStart = 10;
const keptAtEnd = 4;

export type IdProps = {
  readonly id: string;
  /** What it is the id of, as in `Copy the trace id`. */
  readonly of: string;
  readonly full?: boolean;
};

export function Id({ id, of, full = false }: IdProps) {
  const long = id.length > keptAtStart + keptAtEnd + 2;
  const shown = full || !long ? id : `${id.slice(0, keptAtStart)}…${id.slice(-keptAtEnd)}`;
  return (
    <span className="inline-flex max-w-full items-center gap-1">
      <span className="figures min-w-0 text-sm break-all" title={shown === id ? undefined : id}>
        {shown}
      </span>
      <CopyButton text={id} label={`Copy the ${of} id`} />
    </span>
  );
}
