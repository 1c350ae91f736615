// A Postgres of the run's own, out of npm, whose commits are on the disk before they are answered.

import { join } from "node:path";
import { numberAt, parseObject } from "../../server/contracts/json.ts";
import type { Surroundings } from "../servers/surroundings.ts";

const readyWithinMs = 60_000;

/** @returns the address of its empty database. It ends with the run, or when the run's process does. */
export async function startPostgres({ bun, projectRoot, environment, processes }: Surroundings): Promise<string> {
  const program = join(projectRoot, "tests/support/postgres-server.ts");
  const child = Bun.spawn([bun, program, "durable"], {
    env: { ...environment },
    stdin: "pipe",
    stdout: "pipe",
    stderr: "inherit",
  });
  processes.afterStop(() => void child.stdin.end());
  const timer = setTimeout(() => child.kill(), readyWithinMs);
  const { value } = await child.stdout.getReader().read();
  clearTimeout(timer);
  const port = numberAt(parseObject(new TextDecoder().decode(value)) ?? {}, "port");
  if (port === undefined) throw new Error("the run's Postgres did not start");
  return `postgres://postgres@127.0.0.1:${port}/postgres`;
}
