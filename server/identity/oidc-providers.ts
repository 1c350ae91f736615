// Providers from the settings, in the library's form. Discovery has a time limit, so that a provider that does not
// answer keeps nobody from signing in another way; it is tried again later.

import type { AuthContext, BetterAuthOptions, BetterAuthPlugin } from "better-auth";
import { genericOAuth } from "better-auth/plugins/generic-oauth";
import type { IdentityProvider } from "./identity-settings.ts";

const discoveryMs = 5_000;

/** Google and GitHub, which the library knows. */
export function knownProviders(
  providers: readonly IdentityProvider[],
): NonNullable<BetterAuthOptions["socialProviders"]> {
  const known = (id: string) => {
    const provider = providers.find((candidate) => candidate.id === id && candidate.issuer === undefined);
    return provider && { clientId: provider.clientId, clientSecret: provider.clientSecret ?? "" };
  };
  const [google, github] = [known("google"), known("github")];
  return { ...(google && { google }), ...(github && { github }) };
}

/** One plugin for all of them: each is discovered by itself, all at once. */
export function discoveredProviders(providers: readonly IdentityProvider[]): BetterAuthPlugin {
  const plugins = providers.flatMap((provider) =>
    provider.issuer === undefined ? [] : [discovered(provider, provider.issuer)],
  );
  return {
    id: "generic-oauth",
    init: async (context) => {
      const found = await Promise.all(plugins.map((plugin) => discover(plugin, context)));
      return { context: { socialProviders: [...found.flat(), ...context.socialProviders] } };
    },
  };
}

function discovered(provider: IdentityProvider, issuer: string) {
  return genericOAuth({
    config: [
      {
        providerId: provider.id,
        name: provider.label,
        discoveryUrl: `${issuer.replace(/\/+$/, "")}/.well-known/openid-configuration`,
        clientId: provider.clientId,
        ...(provider.clientSecret !== undefined && { clientSecret: provider.clientSecret }),
        scopes: ["openid", "email", "profile"],
        pkce: true,
        requireIdTokenVerification: true,
      },
    ],
  });
}

async function discover(
  plugin: ReturnType<typeof genericOAuth>,
  context: AuthContext,
): Promise<AuthContext["socialProviders"]> {
  const before = context.socialProviders;
  const result = await Promise.race([plugin.init(context), Bun.sleep(discoveryMs)]);
  return (result?.context.socialProviders ?? []).filter((provider) => !before.includes(provider));
}
