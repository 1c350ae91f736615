// Signs receipts as compact JWS with Ed25519 (RFC 7515, RFC 8037) and checks them again. The same receipt always gets the
// same signature, so nothing about it is stored.

import { createHash, createPrivateKey, createPublicKey, sign, verify, type KeyObject } from "node:crypto";
import { arrayAt, isObject, parseObject, stringAt, type JsonObject } from "../contracts/json.ts";

const receiptType = "astrolabe-receipt+jwt";
/** What comes before the 32 bytes of a private Ed25519 key in PKCS #8 (RFC 8410). */
const pkcs8Prefix = Buffer.from("302e020100300506032b657004220420", "hex");

/** A public key as a JSON Web Key. */
export type PublicJwk = {
  readonly kty: "OKP";
  readonly crv: "Ed25519";
  readonly x: string;
  readonly kid: string;
  readonly use: "sig";
  readonly alg: "EdDSA";
};

export type ReceiptSigner = {
  readonly jwks: { readonly keys: readonly PublicJwk[] };
  /** A compact JWS over this object. */
  readonly sign: (payload: object) => string;
};

/** @param seed the private key's 32 bytes */
export function receiptSigner(seed: Uint8Array): ReceiptSigner {
  const der = Buffer.concat([pkcs8Prefix, seed]);
  const privateKey = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  const jwk = publicJwk(createPublicKey(privateKey));
  const header = base64url(JSON.stringify({ alg: "EdDSA", typ: receiptType, kid: jwk.kid }));
  return {
    jwks: { keys: [jwk] },
    sign(payload) {
      const signed = `${header}.${base64url(JSON.stringify(payload))}`;
      return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString("base64url")}`;
    },
  };
}

/** The key's id is its thumbprint (RFC 7638). */
function publicJwk(key: KeyObject): PublicJwk {
  const x = key.export({ format: "jwk" }).x ?? "";
  const thumbprint = createHash("sha256").update(JSON.stringify({ crv: "Ed25519", kty: "OKP", x }));
  return { kty: "OKP", crv: "Ed25519", x, kid: thumbprint.digest("base64url"), use: "sig", alg: "EdDSA" };
}

export type CheckedReceipt =
  { readonly ok: true; readonly payload: JsonObject } | { readonly ok: false; readonly problem: string };

/** Checks a compact JWS against a set of public keys (`{ "keys": [...] }`). Only Ed25519 receipts pass. */
export function checkReceipt(jws: string, jwks: JsonObject): CheckedReceipt {
  const [header = "", payload = "", signature = "", ...rest] = jws.trim().split(".");
  const claims = rest.length === 0 ? parseObject(decoded(header)) : undefined;
  const body = parseObject(decoded(payload));
  if (!claims || !body) return { ok: false, problem: "This is not a receipt's signed form." };
  if (stringAt(claims, "alg") !== "EdDSA" || stringAt(claims, "typ") !== receiptType) {
    return {
      ok: false,
      problem: `The signed text is no receipt: its type is ${stringAt(claims, "typ") ?? "missing"}.`,
    };
  }
  const kid = stringAt(claims, "kid");
  const key = publicKeyOf((arrayAt(jwks, "keys") ?? []).find((known) => isObject(known) && known["kid"] === kid));
  if (!key) return { ok: false, problem: `The keys do not hold the one that it is signed with (${kid ?? "unnamed"}).` };
  const isSigned = verify(null, Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, "base64url"));
  return isSigned ? { ok: true, payload: body } : { ok: false, problem: "The signature is not that of this receipt." };
}

function publicKeyOf(jwk: unknown): KeyObject | undefined {
  if (!isObject(jwk) || jwk["kty"] !== "OKP" || jwk["crv"] !== "Ed25519") return undefined;
  try {
    return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: stringAt(jwk, "x") ?? "" }, format: "jwk" });
  } catch {
    return undefined;
  }
}

function base64url(text: string): string {
  return Buffer.from(text).toString("base64url");
}

function decoded(part: string): string {
  return Buffer.from(part, "base64url").toString();
}
