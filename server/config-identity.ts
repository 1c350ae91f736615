// The part of the environment that says how people sign in, and how letters are sent.

import { ConfigError, isHttpAddress, type ReadText } from "./config-values.ts";
import { signUpPolicies, type IdentityProvider, type IdentitySettings } from "./identity/identity-settings.ts";
import type { MailSettings } from "./mail/mailer.ts";

const known = [
  { id: "google", label: "Google", prefix: "ASTROLABE_GOOGLE" },
  { id: "github", label: "GitHub", prefix: "ASTROLABE_GITHUB" },
] as const;

/** @param names of all variables: providers name themselves in them. */
export function readIdentity(text: ReadText, names: readonly string[]): IdentitySettings {
  const wanted = text("ASTROLABE_SIGN_UP") ?? "invited";
  const signUp = signUpPolicies.find((policy) => policy === wanted);
  if (signUp === undefined) throw new ConfigError(`ASTROLABE_SIGN_UP must be one of ${signUpPolicies.join(", ")}.`);
  return {
    signUp,
    providers: [...known.flatMap((provider) => readKnown(provider, text)), ...readIssuers(text, names)],
  };
}

function readKnown({ id, label, prefix }: (typeof known)[number], text: ReadText): IdentityProvider[] {
  const [clientId, clientSecret] = [text(`${prefix}_CLIENT_ID`), text(`${prefix}_CLIENT_SECRET`)];
  if (clientId === undefined && clientSecret === undefined) return [];
  if (clientId === undefined || clientSecret === undefined) {
    throw new ConfigError(`${prefix}_CLIENT_ID and ${prefix}_CLIENT_SECRET belong together: set both.`);
  }
  return [{ id, label, issuer: undefined, clientId, clientSecret }];
}

function readIssuers(text: ReadText, names: readonly string[]): IdentityProvider[] {
  const found = names.flatMap((name) => /^ASTROLABE_OIDC_([A-Z][A-Z0-9_]{0,39})_ISSUER$/.exec(name)?.[1] ?? []);
  return found.toSorted().flatMap((name) => readIssuer(name, text));
}

function readIssuer(name: string, text: ReadText): IdentityProvider[] {
  const prefix = `ASTROLABE_OIDC_${name}`;
  const issuer = text(`${prefix}_ISSUER`);
  if (issuer === undefined) return [];
  if (!isHttpAddress(issuer)) throw new ConfigError(`${prefix}_ISSUER must be an http(s) address.`);
  const clientId = text(`${prefix}_CLIENT_ID`);
  if (clientId === undefined)
    throw new ConfigError(`${prefix}_CLIENT_ID is missing: the issuer gave it to this server.`);
  const id = name.toLowerCase().replaceAll("_", "-");
  if (known.some((provider) => provider.id === id)) {
    throw new ConfigError(`${prefix}_ISSUER: ${id} is taken; use another name, or ASTROLABE_${name}_CLIENT_ID.`);
  }
  const label = text(`${prefix}_LABEL`) ?? name.charAt(0) + name.slice(1).toLowerCase().replaceAll("_", " ");
  return [{ id, label, issuer, clientId, clientSecret: text(`${prefix}_CLIENT_SECRET`) }];
}

/** The messages never repeat the address: it may hold a password. */
export function readMail(text: ReadText): MailSettings | undefined {
  const [smtpUrl, from] = [text("ASTROLABE_SMTP_URL"), text("ASTROLABE_MAIL_FROM")];
  if (smtpUrl === undefined) return undefined;
  if (!/^smtps?:\/\//.test(smtpUrl) || !URL.canParse(smtpUrl)) {
    throw new ConfigError("ASTROLABE_SMTP_URL must be an address such as smtp://user:password@mail.example.com:587.");
  }
  if (from === undefined || !/^[^<>\r\n]*<?[^\s@<>]+@[^\s@<>]+>?$/.test(from)) {
    throw new ConfigError("ASTROLABE_MAIL_FROM must be an address such as Astrolabe <astrolabe@example.com>.");
  }
  return { smtpUrl, from };
}
