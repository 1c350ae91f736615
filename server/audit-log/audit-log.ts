// The one way into the audit log. Writing to it never fails a call that has been done already: a record that cannot be
// written is reported as a fault of the server.

import { newId } from "../contracts/ids.ts";
import type { NewAuditEvent } from "./audit-event.ts";
import type { AuditRecords } from "./audit-records.ts";

/** So long one refusal stands for all of its kind, so that nobody fills the log by trying. */
const refusalMs = 60_000;
const mostRefusalsRemembered = 1_000;
const longestText = 300;

export type AuditLogOptions = {
  readonly records: AuditRecords;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly reportFault: (where: string, error: unknown) => void;
};

export class AuditLog {
  readonly records: AuditRecords;
  readonly #now: () => number;
  readonly #reportFault: AuditLogOptions["reportFault"];
  /** When each kind of refusal was last written. */
  readonly #refusals = new Map<string, number>();

  constructor({ records, now, reportFault }: AuditLogOptions) {
    this.records = records;
    this.#now = now;
    this.#reportFault = reportFault;
  }

  /** Resolves when the event is written, or the fault reported; never rejects. */
  async record(event: NewAuditEvent): Promise<void> {
    const createdAt = this.#now();
    if (event.outcome === "refused" && this.#isRepeated(event, createdAt)) return;
    try {
      await this.records.append({
        ...event,
        userAgent: event.userAgent?.slice(0, longestText),
        id: newId("aud"),
        createdAt,
      });
    } catch (error) {
      this.#reportFault(`audit log, ${event.action}`, error);
    }
  }

  #isRepeated({ actor, action, workspaceId, address }: NewAuditEvent, now: number): boolean {
    const kind = [actor.kind, actor.id, action, workspaceId, address].join(" ");
    const writtenAt = this.#refusals.get(kind);
    if (writtenAt !== undefined && now - writtenAt < refusalMs) return true;
    if (this.#refusals.size >= mostRefusalsRemembered) this.#refusals.clear();
    this.#refusals.set(kind, now);
    return false;
  }
}
