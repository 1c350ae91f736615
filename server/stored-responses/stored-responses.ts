// Responses that are kept because their callers asked for it: found, continued and deleted, for their own workspace alone.

import { GatewayError } from "../contracts/errors.ts";
import { asId, type RequestId } from "../contracts/ids.ts";
import { arrayAt, isObject, type JsonObject } from "../contracts/json.ts";
import type { EarlierTurn } from "../conversation/earlier-turn.ts";
import type { SealedResponse } from "../ledger/request-record.ts";
import type { ResponseOwner, ResponseRecords, TurnRow } from "./response-records.ts";
import { openRest, openTurn, sealRest, sealTurn, type StoredTurn } from "./sealed-response.ts";

/** Most responses that one conversation may consist of when it is continued. */
export const mostTurns = 200;

const responseIdForm = /^resp_([0-9a-f]{32})$/;

/** The id of a kept response: its request's, with another prefix. */
export function keptResponseId(requestId: RequestId): string {
  return `resp_${requestId.slice("req_".length)}`;
}

/** A turn before it is answered. */
export type StoredSaying = Omit<StoredTurn, "output">;

/** What a request that names an earlier response goes on from. */
export type EarlierTurns = {
  /** The response that it names. */
  readonly previous: RequestId;
  /** Oldest first. */
  readonly turns: readonly EarlierTurn[];
  /** Whether one of them held text from strangers. */
  readonly untrusted: boolean;
};

export type StoredResponsesOptions = {
  readonly records: ResponseRecords;
  /** 32 bytes: `deriveKey(master, "stored-responses")`. */
  readonly key: Uint8Array;
  /** Most bytes of a request with the conversation that it continues: as many as one may have that brings all itself. */
  readonly mostBytes: number;
  /** Unix milliseconds. */
  readonly now: () => number;
};

export class StoredResponses {
  readonly #options: StoredResponsesOptions;

  constructor(options: StoredResponsesOptions) {
    this.#options = options;
  }

  get mostBytes(): number {
    return this.#options.mostBytes;
  }

  /**
   * The conversation up to a response, for a request that continues it.
   * @throws GatewayError previous_response_not_found when any of its responses is missing; invalid_request when there are
   * too many.
   */
  async continuedFrom(owner: ResponseOwner, responseId: string): Promise<EarlierTurns> {
    const rows = await this.#chain(owner, responseId);
    const [newest, oldest] = [rows[0], rows.at(-1)];
    if (!newest || !oldest) throw notKept(responseId);
    if (oldest.previous !== undefined) throw rows.length < mostTurns ? broken(responseId, oldest) : tooLong();
    const turns = rows.map((row) => this.#open(owner, row)).reverse();
    return { previous: newest.requestId, turns, untrusted: turns.some(({ untrusted }) => untrusted) };
  }

  /** The response as its client got it, its output apart, and its turn. @throws GatewayError not_found */
  async find(
    owner: ResponseOwner,
    responseId: string,
  ): Promise<{ readonly rest: JsonObject; readonly turn: StoredTurn }> {
    const { records, key } = this.#options;
    const requestId = requestIdOf(responseId);
    const found = requestId && (await records.find(owner, requestId, this.#now()));
    if (!found) throw notFound(responseId);
    const belongsTo = { ...owner, requestId };
    return { rest: openRest(key, belongsTo, found.rest), turn: openTurn(key, belongsTo, found.turn) };
  }

  /**
   * The conversation up to a response, oldest turn first and that of the response last. Turns before one that was deleted or
   * has expired are left out. @throws GatewayError not_found
   */
  async turnsOf(
    owner: ResponseOwner,
    responseId: string,
  ): Promise<(EarlierTurn & { readonly requestId: RequestId })[]> {
    const rows = await this.#chain(owner, responseId);
    if (rows.length === 0) throw notFound(responseId);
    return rows.map((row) => ({ ...this.#open(owner, row), requestId: row.requestId })).reverse();
  }

  /** @throws GatewayError not_found */
  async delete(owner: ResponseOwner, responseId: string): Promise<void> {
    const requestId = requestIdOf(responseId);
    const deleted = requestId && (await this.#options.records.delete(owner, requestId, this.#now()));
    if (!deleted) throw notFound(responseId);
  }

  /** @param response as its client gets it. */
  seal(owner: ResponseOwner, requestId: RequestId, said: StoredSaying, response: JsonObject): SealedResponse {
    const { key } = this.#options;
    const belongsTo = { ...owner, requestId };
    const { output: _output, ...rest } = response;
    const output = (arrayAt(response, "output") ?? []).filter(isObject);
    return { turn: sealTurn(key, belongsTo, { ...said, output }), rest: sealRest(key, belongsTo, rest) };
  }

  async #chain(owner: ResponseOwner, responseId: string): Promise<TurnRow[]> {
    const requestId = requestIdOf(responseId);
    return requestId === undefined ? [] : this.#options.records.chain(owner, requestId, mostTurns, this.#now());
  }

  #open(owner: ResponseOwner, { requestId, turn }: TurnRow): StoredTurn {
    return openTurn(this.#options.key, { ...owner, requestId }, turn);
  }

  #now(): number {
    return Math.floor(this.#options.now());
  }
}

function requestIdOf(responseId: string): RequestId | undefined {
  const hex = responseIdForm.exec(responseId)?.[1];
  return hex === undefined ? undefined : asId<RequestId>(`req_${hex}`);
}

function notFound(responseId: string): GatewayError {
  const message = `This workspace keeps no response with the id \`${responseId.slice(0, 100)}\`.`;
  return new GatewayError("not_found", message, {
    hint: "A response is kept when its request said `store: true` and its stack allows it, until it is deleted or expires.",
  });
}

function notKept(responseId: string): GatewayError {
  const message = `Previous response with id \`${responseId.slice(0, 100)}\` not found: a response is kept only when its request says \`store: true\`, until it is deleted or expires.`;
  return new GatewayError("previous_response_not_found", message, { param: "previous_response_id" });
}

function broken(responseId: string, { previous }: TurnRow): GatewayError {
  const missing = previous === undefined ? "" : ` \`${keptResponseId(previous)}\``;
  const message = `The conversation of \`${responseId}\` is not whole: its response${missing} was deleted or has expired.`;
  return new GatewayError("previous_response_not_found", message, { param: "previous_response_id" });
}

function tooLong(): GatewayError {
  const message = `The conversation has ${mostTurns} responses, and no more can follow. Begin a new one with the input that matters.`;
  return new GatewayError("invalid_request", message, { param: "previous_response_id", details: { most: mostTurns } });
}
