// Requests sent with an Idempotency-Key: which of them runs, which is answered from what was kept, which is refused.

import { GatewayError } from "../contracts/errors.ts";
import { idempotencyKeyHeader } from "../contracts/headers.ts";
import type { KeyId, RequestId, WorkspaceId } from "../contracts/ids.ts";
import { Claim, type ClaimParts } from "./claim.ts";
import { answerNotKept, conflict, inProgress } from "./errors.ts";
import type { FoundClaim, IdempotencyRecords, KeyClaim } from "./idempotency-records.ts";
import { openReply, type KeptReply } from "./sealed-reply.ts";

const longestKey = 255;
const keptMs = 86_400_000;
/** Rows change hands between a look and a try; more tries than this mean that somebody else is at it. */
const mostTries = 4;
const prunedAtOnce = 500;
/** Bounds one round of housekeeping; what is left waits for the next. */
const mostPruneBatches = 20;

/** Which request this is, whoever sends it how often. */
export type RequestIdentity = Pick<KeyClaim, "keyHash" | "bodyHash">;

/** A request that wants its key. */
export type Claimant = {
  readonly requestId: RequestId;
  readonly workspaceId: WorkspaceId;
  /** Whether a hold will stand for it while it runs; without one the lease is renewed instead. */
  readonly opensHold: boolean;
};

export type DeliveredReply = Extract<KeptReply, { kind: "answer" }>;

export type IdempotentRequestsOptions = {
  readonly records: IdempotencyRecords;
  /** From the master secret: for the hashes, and for the encryption. */
  readonly hashKey: Uint8Array;
  readonly sealKey: Uint8Array;
  /** A claim whose process died is free after this, or when its hold has expired, whichever is later. */
  readonly leaseMs: number;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly reportFault: (where: string, error: unknown) => void;
};

export class IdempotentRequests {
  readonly #options: IdempotentRequestsOptions;
  readonly #claimParts: ClaimParts;
  /** Claims of this process that no hold stands for. */
  readonly #renewed = new Set<Claim>();
  #renewal: ReturnType<typeof setInterval> | undefined;

  constructor(options: IdempotentRequestsOptions) {
    this.#options = options;
    this.#claimParts = { ...options, keptMs, onEnd: (claim) => this.#forget(claim) };
  }

  /**
   * @param header the header's value.
   * @param protocol stands for the path: an endpoint's addresses are one endpoint.
   * @throws GatewayError invalid_request for a value of the wrong length.
   */
  identify(apiKeyId: KeyId, header: string, protocol: string, body: string): RequestIdentity {
    if (header.length === 0 || header.length > longestKey) {
      const message = `\`Idempotency-Key\` must be 1 to ${longestKey} characters long.`;
      throw new GatewayError("invalid_request", message, { param: idempotencyKeyHeader });
    }
    return { keyHash: this.#hash("key", apiKeyId, header), bodyHash: this.#hash("body", protocol, body) };
  }

  /**
   * The claim of a request that is to run, durable before it resolves; or the answer of an earlier one.
   * @throws GatewayError idempotency_conflict, idempotency_in_progress or idempotency_answer_not_kept.
   */
  async claim(
    identity: RequestIdentity,
    { requestId, workspaceId, opensHold }: Claimant,
  ): Promise<Claim | DeliveredReply> {
    const { records, leaseMs } = this.#options;
    let found: FoundClaim | undefined;
    for (let tries = 0; tries < mostTries; tries++) {
      const now = this.#now();
      const wanted = { ...identity, requestId, workspaceId, leaseUntil: now + leaseMs, expiresAt: now + keptMs };
      if (await records.insert(wanted)) return this.#start(wanted, opensHold);
      found = await records.find(identity.keyHash);
      if (!found) continue;
      const answer = this.#answerOf(found, identity);
      if (answer) return answer;
      if (await records.takeOver(found, wanted)) return this.#start(wanted, opensHold);
    }
    if (!found) throw new GatewayError("service_unavailable", undefined, { retryAfterSeconds: 1 });
    throw inProgress(found, this.#now(), keptMs);
  }

  /** Deletes what has expired, in bounded batches. */
  async prune(): Promise<void> {
    for (let batch = 0; batch < mostPruneBatches; batch++) {
      if ((await this.#options.records.prune(this.#now(), prunedAtOnce)) < prunedAtOnce) return;
    }
  }

  /** The kept answer; undefined when the key may be taken over: it has expired, or its process died. */
  #answerOf(found: FoundClaim, { bodyHash }: RequestIdentity): DeliveredReply | undefined {
    const now = this.#now();
    if (found.expiresAt <= now && !found.holdOpen) return undefined;
    if (found.bodyHash !== bodyHash) throw conflict(found);
    if (!found.answer) {
      if (found.holdOpen || found.leaseUntil > now) throw inProgress(found, now, keptMs);
      return undefined;
    }
    const kept = openReply(this.#options.sealKey, found, found.answer);
    if (kept.kind === "not_kept") throw answerNotKept(found, kept.reason);
    return kept;
  }

  #start(claim: KeyClaim, opensHold: boolean): Claim {
    const started = new Claim(claim, this.#claimParts);
    if (opensHold) return started;
    this.#renewed.add(started);
    this.#renewal ??= setInterval(() => this.#renew(), this.#options.leaseMs / 4);
    return started;
  }

  #renew(): void {
    for (const claim of this.#renewed) {
      claim.renew().catch((error: unknown) => this.#options.reportFault("renew an idempotency key", error));
    }
  }

  /** No timer runs while there is nothing to renew. */
  #forget(claim: Claim): void {
    this.#renewed.delete(claim);
    if (this.#renewed.size > 0) return;
    clearInterval(this.#renewal);
    this.#renewal = undefined;
  }

  /** What is hashed is told apart by its kind and its first part's length, so that no two inputs read alike. */
  #hash(kind: "key" | "body", scope: string, text: string): string {
    const hasher = new Bun.CryptoHasher("sha256", this.#options.hashKey);
    return hasher.update(`${kind} ${scope.length} ${scope} `).update(text).digest("base64url");
  }

  #now(): number {
    return Math.floor(this.#options.now());
  }
}
