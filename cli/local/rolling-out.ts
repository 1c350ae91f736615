// Shows the steps of a roll-out as they happen.

import type { RolloutStep } from "../../runtimes/runtime.ts";
import type { Output } from "../terminal/output.ts";

/** @throws what `work` throws */
export async function rollingOut(
  output: Output,
  work: (report: (step: RolloutStep) => void) => Promise<void>,
): Promise<void> {
  const progress = output.progress("Starting containers");
  try {
    await work(({ kind, message }) => {
      if (kind === "warning") output.warn(message);
      else if (kind === "healthy" || kind === "job") output.step(message);
      else if (kind !== "switch") progress.update(`${message.charAt(0).toUpperCase()}${message.slice(1)}`);
    });
  } finally {
    progress.stop();
  }
}
