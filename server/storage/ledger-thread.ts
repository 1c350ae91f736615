// The ledger's thread: a second connection to the same SQLite file that commits batches while the main thread goes on
// serving. It knows nothing but the store.

import { openLedgerConnection } from "./sqlite.ts";
import { sqliteLedgerStore } from "./sqlite-ledger-store.ts";
import type { ThreadReply, ThreadRequest } from "./threaded-ledger-store.ts";

declare const self: Worker;

let store: ReturnType<typeof sqliteLedgerStore> | undefined;

self.onmessage = ({ data }: MessageEvent<ThreadRequest>) => void answer(data);

async function answer(request: ThreadRequest): Promise<void> {
  if (request.kind === "open") {
    store = sqliteLedgerStore(openLedgerConnection(request.path));
    return reply({ kind: "opened" });
  }
  if (!store) return reply({ kind: "failed", id: request.id, message: "the ledger thread has no database" });
  try {
    reply({ kind: "committed", id: request.id, results: await store.commit(request.batch) });
  } catch (error) {
    reply({ kind: "failed", id: request.id, message: String(error) });
  }
}

function reply(message: ThreadReply): void {
  self.postMessage(message);
}
