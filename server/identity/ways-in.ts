// Which ways of signing in this server has, for whoever is about to sign in.

import { isIP } from "node:net";
import type { IdentitySettings } from "./identity-settings.ts";

export type WaysIn = IdentitySettings & {
  /** Whether letters can be sent. */
  readonly letters: boolean;
  readonly passkeys: boolean;
};

export function waysIn(settings: IdentitySettings, letters: boolean, publicUrl: string): WaysIn {
  return { ...settings, letters, passkeys: takesPasskeys(publicUrl) };
}

/** Browsers make passkeys for names, not for addresses in numbers, and over plain http for localhost alone. */
function takesPasskeys(publicUrl: string): boolean {
  const { protocol, hostname } = new URL(publicUrl);
  const isLocal = hostname === "localhost" || hostname.endsWith(".localhost");
  return isLocal || (protocol === "https:" && isIP(hostname.replace(/^\[|\]$/g, "")) === 0);
}
