// Passkeys in the browser: asks for one, or makes one, with the challenge that the server gives.

import { fetchApi, getApi } from "./fetch-api.ts";
import { ApiError } from "./api-error.ts";

/** Whether this browser can make and use passkeys here. */
export function knowsPasskeys(): boolean {
  return typeof PublicKeyCredential === "function" && "parseRequestOptionsFromJSON" in PublicKeyCredential;
}

/** Signs in with a passkey that the person chooses. @throws ApiError */
export async function signInWithPasskey(): Promise<void> {
  const options = await getApi<PublicKeyCredentialRequestOptionsJSON>(
    "/api/auth/passkey/generate-authenticate-options",
  );
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  const credential = await chosen(navigator.credentials.get({ publicKey }));
  await fetchApi("POST", "/api/auth/passkey/verify-authentication", { body: { response: credential.toJSON() } });
}

/** Adds a passkey to the account of whoever is signed in. @throws ApiError */
export async function addPasskey(name: string): Promise<void> {
  const options = await getApi<PublicKeyCredentialCreationOptionsJSON>("/api/auth/passkey/generate-register-options", {
    name,
  });
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  const credential = await chosen(navigator.credentials.create({ publicKey }));
  const body = { response: credential.toJSON(), name };
  await fetchApi("POST", "/api/auth/passkey/verify-registration", { body });
}

/** The browser's own dialog, and what it comes to. */
async function chosen(asked: Promise<Credential | null>): Promise<PublicKeyCredential> {
  const credential = await asked.catch((cause: unknown) => {
    throw ended(cause);
  });
  if (credential instanceof PublicKeyCredential) return credential;
  throw ended(undefined);
}

function ended(cause: unknown): ApiError {
  const isKnown = cause instanceof Error && cause.name === "InvalidStateError";
  return isKnown
    ? new ApiError(0, {
        code: "passkey_known",
        message: "This device has a passkey for your account already.",
        hint: "Use that one, or add one on another device.",
      })
    : new ApiError(0, {
        code: "passkey_ended",
        message: "No passkey was used.",
        hint: "Try again, or choose another way.",
      });
}
