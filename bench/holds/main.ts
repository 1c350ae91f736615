// One process of the hold run: reads its job as JSON from stdin, does it, writes the result as JSON to stdout.

import { asId, type WorkspaceId } from "../../server/contracts/ids.ts";
import { parseJson } from "../../server/contracts/json.ts";
import { GroupCommitLedger } from "../../server/ledger/group-commit.ts";
import type { OpenDatabase } from "../../server/storage/database.ts";
import { openHoldDatabase } from "./hold-database.ts";
import { holdJobSchema, type HoldJob } from "./job.ts";
import { loadPairs, type MeasuredLedger } from "./pair-load.ts";
import { openRowByRow } from "./row-by-row.ts";

type Opened = { readonly ledger: MeasuredLedger; readonly close: () => Promise<void> };

async function open({ ledger, callers }: HoldJob): Promise<Opened> {
  if (ledger.kind === "row-by-row") return openRowByRow(ledger.url, callers);
  const database = await openHoldDatabase(ledger);
  return { ledger: inBatches(database), close: () => database.close() };
}

/** The ledger as the server runs it. */
function inBatches({ ledgerStore: store, ledgerLanes: lanes }: OpenDatabase): MeasuredLedger {
  const onFailure = (error: unknown) => void process.stderr.write(`${String(error)}\n`);
  const ledger = new GroupCommitLedger({ store, lanes, onFailure });
  return {
    hold: (operation) => ledger.submit(operation),
    settle: (operation, record) => ledger.submit(operation, record),
  };
}

const job = holdJobSchema.parse(parseJson(await Bun.stdin.text()));
const { ledger, close } = await open(job);
const result = await loadPairs(ledger, asId<WorkspaceId>(job.workspaceId), job);
await close();
await Bun.write(Bun.stdout, JSON.stringify(result));
process.exit(0);
