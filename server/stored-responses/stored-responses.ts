// Responses that are kept because their callers asked for it: found, continued and deleted, for their own workspace alone.

import { GatewayError } from "../contracts/errors.ts";
import { asId, type RequestId } from "../contracts/ids.ts";
import { arrayAt, isObject } from "../contracts/json.ts";
import type { EarlierTurn } from "../conversation/earlier-turn.ts";
import type { ResponseOwner, ResponseRecords, ResponseRow } from "./response-records.ts";
import { openResponse, sealResponse, type StoredResponse } from "./sealed-response.ts";

/** Most responses that one conversation may consist of when it is continued. */
export const mostTurns = 200;

const responseIdForm = /^resp_([0-9a-f]{32})$/;

/** The id of a kept response: its request's, with another prefix. */
export function keptResponseId(requestId: RequestId): string {
  return `resp_${requestId.slice("req_".length)}`;
}

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
    const rows = await this.#chain(owner, responseId, mostTurns);
    const [newest, oldest] = [rows[0], rows.at(-1)];
    if (!newest || !oldest) throw notKept(responseId);
    if (oldest.previous !== undefined) throw rows.length < mostTurns ? broken(responseId, oldest) : tooLong();
    const stored = rows.map((row) => this.#open(owner, row)).reverse();
    return {
      previous: newest.requestId,
      turns: stored.map(turnOf),
      untrusted: stored.some(({ untrusted }) => untrusted),
    };
  }

  /** @throws GatewayError not_found */
  async find(owner: ResponseOwner, responseId: string): Promise<StoredResponse> {
    const [row] = await this.#chain(owner, responseId, 1);
    if (!row) throw notFound(responseId);
    return this.#open(owner, row);
  }

  /**
   * The conversation up to a response, oldest turn first and that of the response last. Turns before one that was deleted or
   * has expired are left out. @throws GatewayError not_found
   */
  async turnsOf(
    owner: ResponseOwner,
    responseId: string,
  ): Promise<(EarlierTurn & { readonly requestId: RequestId })[]> {
    const rows = await this.#chain(owner, responseId, mostTurns);
    if (rows.length === 0) throw notFound(responseId);
    return rows.map((row) => ({ ...turnOf(this.#open(owner, row)), requestId: row.requestId })).reverse();
  }

  /** @throws GatewayError not_found */
  async delete(owner: ResponseOwner, responseId: string): Promise<void> {
    const requestId = requestIdOf(responseId);
    const deleted = requestId && (await this.#options.records.delete(owner, requestId, this.#now()));
    if (!deleted) throw notFound(responseId);
  }

  seal(owner: ResponseOwner, requestId: RequestId, stored: StoredResponse): Uint8Array {
    return sealResponse(this.#options.key, { ...owner, requestId }, stored);
  }

  async #chain(owner: ResponseOwner, responseId: string, most: number): Promise<ResponseRow[]> {
    const requestId = requestIdOf(responseId);
    return requestId === undefined ? [] : this.#options.records.chain(owner, requestId, most, this.#now());
  }

  #open(owner: ResponseOwner, { requestId, sealed }: ResponseRow): StoredResponse {
    return openResponse(this.#options.key, { ...owner, requestId }, sealed);
  }

  #now(): number {
    return Math.floor(this.#options.now());
  }
}

function turnOf({ maker, input, response }: StoredResponse): EarlierTurn {
  return { maker, input, output: (arrayAt(response, "output") ?? []).filter(isObject) };
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
  const message = `Previous response with id \`${responseId.slice(0, 100)}\` not found.`;
  return new GatewayError("previous_response_not_found", message, { param: "previous_response_id" });
}

function broken(responseId: string, { previous }: ResponseRow): GatewayError {
  const missing = previous === undefined ? "" : ` \`${keptResponseId(previous)}\``;
  const message = `The conversation of \`${responseId}\` is not whole: its response${missing} was deleted or has expired.`;
  return new GatewayError("previous_response_not_found", message, { param: "previous_response_id" });
}

function tooLong(): GatewayError {
  const message = `The conversation has ${mostTurns} responses, and no more can follow. Begin a new one with the input that matters.`;
  return new GatewayError("invalid_request", message, { param: "previous_response_id", details: { most: mostTurns } });
}
