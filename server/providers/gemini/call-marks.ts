// Ids of Gemini's function calls, and the signatures of its thoughts, in neutral terms. Calls often come without an id and
// a signature belongs to one part of the answer: both have to find their way back there through any client.

/** In front of an id that Gemini gave; an id without it was made here, or by another provider, and means nothing there. */
const givenMark = "gemini_";
/** What every protocol takes as an id. */
const plainId = /^[\w-]{1,32}$/;
/** Most characters that are taken of an answer's id, which makes the ids of its calls its own. */
const mostOfAnswerId = 28;

/** @param position the call's place among the calls of its answer, from 0. */
export function callIdOf(given: string | undefined, answerId: string | undefined, position: number): string {
  if (given !== undefined && plainId.test(given)) return givenMark + given;
  const answer = (answerId ?? "").replaceAll(/[^\w-]/g, "").slice(0, mostOfAnswerId);
  return answer === "" ? `call_${position}` : `call_${answer}_${position}`;
}

/** The id that Gemini gave the call; undefined when it gave none. */
export function givenId(callId: string): string | undefined {
  return callId.startsWith(givenMark) ? callId.slice(givenMark.length) : undefined;
}

/** Opaque continuations say who made them, because only their maker takes them back. */
const continuationMark = "gemini:";

export type ThoughtSignature = {
  readonly signature: string;
  /** The call whose part was signed; undefined: a text. */
  readonly callId: string | undefined;
};

/** The signature as a continuation of reasoning. */
export function continuationOf({ signature, callId }: ThoughtSignature): string {
  return `${continuationMark}${callId ?? ""}:${signature}`;
}

/** Undefined for another maker's continuation, or none. */
export function thoughtSignature(encrypted: string | undefined): ThoughtSignature | undefined {
  if (encrypted === undefined || !encrypted.startsWith(continuationMark)) return undefined;
  const rest = encrypted.slice(continuationMark.length);
  const colon = rest.indexOf(":");
  if (colon === -1) return undefined;
  return { callId: rest.slice(0, colon) || undefined, signature: rest.slice(colon + 1) };
}
