// An open ledger store as the suite for all engines sees it: batches go in, rows come out.

import { newId, type RequestId, type WorkspaceId } from "../contracts/ids.ts";
import { emptyAccount } from "../ledger/batch.ts";
import { GroupCommitLedger, type BatchItem } from "../ledger/group-commit.ts";
import { Operations } from "../ledger/ledger.test-kit.ts";
import type { Entry, Operation } from "../ledger/operations.ts";
import type { KeptAnswer } from "../ledger/request-record.ts";
import { entryFromRow } from "./activity-store.ts";
import type { OpenDatabase } from "./database.ts";

/** An open store with one workspace in it, and its rows as the tests want to see them. */
export class OpenedStore {
  readonly database: OpenDatabase;
  readonly workspaceId: WorkspaceId;
  readonly our: Operations;

  private constructor(database: OpenDatabase, workspaceId: WorkspaceId) {
    this.database = database;
    this.workspaceId = workspaceId;
    this.our = operationsOf(workspaceId);
  }

  static async over(database: OpenDatabase): Promise<OpenedStore> {
    const opened = new OpenedStore(database, newId("ws"));
    await opened.addWorkspace(opened.workspaceId);
    return opened;
  }

  async addWorkspace(id: WorkspaceId): Promise<void> {
    const row = { id, name: "w", status: "active", stack_id: null, created_at: 1 };
    await this.database.query.insertInto("workspaces").values(row).execute();
  }

  /** Commits operations, or operations with their records, as one batch. */
  commit(...batch: readonly (Operation | Partial<BatchItem>)[]) {
    const items = batch.map((one) => ("type" in one ? { operation: one } : one));
    return this.database.ledgerStore.commit(
      items.map((item) => ({ operation: undefined, record: undefined, ...item })),
    );
  }

  async account() {
    return (await this.database.ledgerStore.account(this.workspaceId)) ?? emptyAccount(this.workspaceId);
  }

  async entries(): Promise<Entry[]> {
    const query = this.database.query.selectFrom("ledger_entries").selectAll();
    const rows = await query.where("workspace_id", "=", this.workspaceId).orderBy("sequence").execute();
    return rows.map((row) => ({ ...entryFromRow(row), lines: row.lines }));
  }

  async usage(requestId: RequestId) {
    const query = this.database.query.selectFrom("usage_rows").selectAll();
    return query.where("workspace_id", "=", this.workspaceId).where("request_id", "=", requestId).executeTakeFirst();
  }

  async holds() {
    await this.database.writeHolds();
    const query = this.database.query.selectFrom("holds").selectAll();
    return query.where("workspace_id", "=", this.workspaceId).orderBy("request_id").execute();
  }

  async counter(scope: string) {
    await this.database.writeHolds();
    return this.database.query.selectFrom("counters").selectAll().where("scope", "=", scope).executeTakeFirst();
  }

  async events() {
    const query = this.database.query.selectFrom("events").selectAll();
    const rows = await query.where("workspace_id", "=", this.workspaceId).orderBy("id").execute();
    return rows.map((row) => [row.type, Number(row.created_at), row.data]);
  }

  /** A running request whose answer is to be kept, and what keeps it. */
  async claim(requestId: RequestId, answer: KeptAnswer["answer"]): Promise<KeptAnswer> {
    const keyHash = `hash_${requestId}`;
    const row = { key_hash: keyHash, workspace_id: this.workspaceId, body_hash: "b", request_id: requestId };
    const values = { ...row, lease_until: 5, answer: null, expires_at: 5 };
    await this.database.query.insertInto("idempotent_requests").values(values).execute();
    return { keyHash, answer, expiresAt: 99 };
  }

  async keptAnswer(keyHash: string) {
    const query = this.database.query.selectFrom("idempotent_requests").select(["answer", "expires_at"]);
    const { answer, expires_at } = await query.where("key_hash", "=", keyHash).executeTakeFirstOrThrow();
    return { text: answer && new TextDecoder().decode(answer), expiresAt: Number(expires_at) };
  }
}

export type UseStore = () => OpenedStore;

export function ledgerOver({ database }: OpenedStore): GroupCommitLedger {
  return new GroupCommitLedger({ store: database.ledgerStore, onFailure: () => undefined });
}

/** Operations on requests with fresh ids. */
function operationsOf(workspaceId: WorkspaceId): Operations {
  const requests = new Map<number, RequestId>();
  return new Operations(workspaceId, (n) => {
    const id = requests.get(n) ?? newId("req");
    requests.set(n, id);
    return id;
  });
}
