// A response as it is stored, in two parts that are compressed, encrypted, and bound to their request, workspace and mode:
// the turn, which conversations are gone on from, and what the response says around its answer. The second may be as large
// as a request, and a long conversation should not have to be read with all of them.

import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { RequestId } from "../contracts/ids.ts";
import { arrayAt, isObject, objectAt, parseObject, stringAt, type JsonObject } from "../contracts/json.ts";
import type { EarlierTurn } from "../conversation/earlier-turn.ts";
import type { ResponseOwner } from "./response-records.ts";

export type StoredTurn = EarlierTurn & {
  /** Whether the turn, or one before it, held text from strangers. */
  readonly untrusted: boolean;
};

/** What a sealed part belongs to: it opens for nothing else. */
export type SealedFor = ResponseOwner & { readonly requestId: RequestId };

type Part = "turn" | "rest";

const form = 1;
const nonceBytes = 12;
const tagBytes = 16;
/** The fastest level: this runs within the settling transaction. */
const compression = { level: 1 };

/** @param key 32 bytes: `deriveKey(master, "stored-responses")`. */
export function sealTurn(key: Uint8Array, belongsTo: SealedFor, turn: StoredTurn): Uint8Array {
  return seal(key, belongsTo, "turn", JSON.stringify(turn));
}

/** @param rest the response without its output. */
export function sealRest(key: Uint8Array, belongsTo: SealedFor, rest: JsonObject): Uint8Array {
  return seal(key, belongsTo, "rest", JSON.stringify(rest));
}

/** @throws Error when the bytes were not sealed by `sealTurn` for this owner and request under this key. */
export function openTurn(key: Uint8Array, belongsTo: SealedFor, sealed: Uint8Array): StoredTurn {
  const turn = open(key, belongsTo, "turn", sealed);
  const maker = objectAt(turn, "maker");
  if (!maker) throw new Error("A stored response cannot be read.");
  return {
    maker: { model: stringAt(maker, "model") ?? "", provider: stringAt(maker, "provider") ?? "" },
    untrusted: turn["untrusted"] === true,
    input: (arrayAt(turn, "input") ?? []).filter(isObject),
    output: (arrayAt(turn, "output") ?? []).filter(isObject),
  };
}

/** @throws Error like `openTurn`. */
export function openRest(key: Uint8Array, belongsTo: SealedFor, sealed: Uint8Array): JsonObject {
  return open(key, belongsTo, "rest", sealed);
}

/** Form, nonce, tag, and the encrypted JSON. The key is the part's own, so that no key encrypts twice. */
function seal(key: Uint8Array, belongsTo: SealedFor, part: Part, text: string): Uint8Array {
  const packed = Bun.zstdCompressSync(text, compression);
  const head = Buffer.from([form]);
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", ownKey(key, belongsTo, part), nonce).setAAD(head);
  const encrypted = Buffer.concat([cipher.update(packed), cipher.final()]);
  return Buffer.concat([head, nonce, cipher.getAuthTag(), encrypted]);
}

function open(key: Uint8Array, belongsTo: SealedFor, part: Part, sealed: Uint8Array): JsonObject {
  const bytes = Buffer.from(sealed);
  const head = bytes.subarray(0, 1);
  if (head[0] !== form) throw new Error("A stored response has an unknown form.");
  const tagAt = head.length + nonceBytes;
  const nonce = bytes.subarray(head.length, tagAt);
  const ownBytes = ownKey(key, belongsTo, part);
  const cipher = createDecipheriv("aes-256-gcm", ownBytes, nonce, { authTagLength: tagBytes });
  cipher.setAAD(head).setAuthTag(bytes.subarray(tagAt, tagAt + tagBytes));
  const packed = Buffer.concat([cipher.update(bytes.subarray(tagAt + tagBytes)), cipher.final()]);
  return parseObject(Bun.zstdDecompressSync(packed).toString("utf8")) ?? {};
}

function ownKey(key: Uint8Array, { workspaceId, mode, requestId }: SealedFor, part: Part): Buffer {
  return new Bun.CryptoHasher("sha256", key).update(`${workspaceId} ${mode} ${requestId} ${part}`).digest();
}
