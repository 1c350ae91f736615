// The library's further ways of signing in: passkeys, authenticator apps, links by mail, programs, bearer tokens.

import { passkey } from "@better-auth/passkey";
import type { BetterAuthPlugin } from "better-auth";
import { bearer } from "better-auth/plugins/bearer";
import { deviceAuthorization } from "better-auth/plugins/device-authorization";
import { magicLink } from "better-auth/plugins/magic-link";
import { twoFactor } from "better-auth/plugins/two-factor";
import { letterSeconds, type AuthParts } from "./auth-parts.ts";
import { hooksAfter, requireSignUp } from "./auth-hooks.ts";
import { signInLetter } from "./letters.ts";
import { discoveredProviders } from "./oidc-providers.ts";
import { pageLink } from "./page-link.ts";
import { ownerEndpoints } from "./owner-endpoints.ts";

/** Programs that may ask to be let in. */
export const devicePrograms: ReadonlySet<string> = new Set(["ast", "astrolabe"]);

export function authPlugins(parts: AuthParts, sendLetter: SendLetter) {
  const { publicUrl } = parts;
  const { hostname, origin } = new URL(publicUrl);
  return [
    ownerEndpoints(parts),
    passkey({
      rpID: hostname,
      rpName: "Astrolabe",
      origin,
      authenticatorSelection: { residentKey: "required", userVerification: "preferred" },
      schema: { passkey: { modelName: "passkeys", fields: { credentialID: "credentialId" } } },
    }),
    secondFactor(),
    deviceAuthorization({
      verificationUri: `${publicUrl}/device`,
      expiresIn: "10m",
      interval: "5s",
      validateClient: (clientId) => devicePrograms.has(clientId),
      schema: { deviceCode: { modelName: "device_codes" } },
    }),
    tokensOfPrograms(),
    discoveredProviders(parts.settings.providers),
    ...(parts.mailer === undefined ? [] : [linksByMail(parts, sendLetter)]),
    hooksAfter(parts),
  ];
}

/** Sends in the background: how long it takes would tell whether the account exists. */
export type SendLetter = (letter: ReturnType<typeof signInLetter>) => void;

function linksByMail(parts: AuthParts, sendLetter: SendLetter) {
  return magicLink({
    expiresIn: letterSeconds.signIn,
    storeToken: "hashed",
    sendMagicLink: async ({ email, token, url }) => {
      const isKnown = (await parts.people.findByEmail(email)) !== undefined;
      const mayJoin =
        isKnown ||
        (await requireSignUp(parts, email).then(
          () => true,
          () => false,
        ));
      if (mayJoin) sendLetter(signInLetter(email, pageLink(parts.publicUrl, "/sign-in/link", token, url)));
    },
  });
}

/** Its challenge stands before every way in that proves no more than a password or a mailbox. */
function secondFactor() {
  const plugin = twoFactor({
    issuer: "Astrolabe",
    allowPasswordless: true,
    schema: { twoFactor: { modelName: "two_factors" } },
  });
  const after = plugin.hooks.after.map((hook) => ({
    ...hook,
    matcher: (call: Parameters<typeof hook.matcher>[0]): boolean =>
      hook.matcher(call) || call.path === "/magic-link/verify",
  }));
  return { ...plugin, hooks: { ...plugin.hooks, after } };
}

/** Accepts bearer tokens, and hands none out: a browser's session stays in its cookie. */
function tokensOfPrograms() {
  const { hooks, ...plugin } = bearer();
  return { ...plugin, hooks: { before: hooks.before } } satisfies BetterAuthPlugin;
}
