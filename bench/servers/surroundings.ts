// What the processes of a run need from outside, gathered once so that nothing else reads the environment.

import { tmpdir } from "node:os";
import type { Placement } from "./placement.ts";
import type { ProcessGroup } from "./process-group.ts";

export type Surroundings = {
  readonly processes: ProcessGroup;
  /** The folder of package.json. */
  readonly projectRoot: string;
  /** The running Bun program. */
  readonly bun: string;
  readonly placement: Placement;
  /** Where the gateway's data goes for the time of the run: should be on a real disk. */
  readonly temporaryDirectory: string;
  /** Variables every child gets: where programs and the home folder are. Provider keys of the user stay outside. */
  readonly environment: Readonly<Record<string, string>>;
};

const passedOn = ["PATH", "HOME", "TMPDIR"];

export function surroundingsOf(
  processes: ProcessGroup,
  placement: Placement,
  projectRoot: string,
  environment: Readonly<Record<string, string | undefined>>,
): Surroundings {
  const passed = passedOn.flatMap((name) => {
    const value = environment[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    processes,
    projectRoot,
    placement,
    bun: process.execPath,
    temporaryDirectory: tmpdir(),
    environment: Object.fromEntries(passed),
  };
}
