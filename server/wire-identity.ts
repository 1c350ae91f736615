// Puts together how people sign in: settings, letters, and the tables of better-auth, which is loaded at first use.

import type { Hono } from "hono";
import { mountAuth } from "./http/auth.ts";
import { AuditLog } from "./audit-log/audit-log.ts";
import { Identity } from "./identity/identity.ts";
import type { Config } from "./config.ts";
import { waysIn, type WaysIn } from "./identity/ways-in.ts";
import { deriveKey } from "./keys/master-secret.ts";
import { smtpMailer, type Mailer } from "./mail/mailer.ts";
import type { OpenDatabase } from "./storage/database.ts";
import { auditStore } from "./storage/audit-store.ts";
import { doorStore } from "./storage/identity/door-store.ts";
import { ownerStore } from "./storage/identity/owner-store.ts";
import { peopleStore } from "./storage/identity/people-store.ts";

export type WiredIdentity = {
  readonly identity: Identity;
  /** What the control plane asks of it. The mailer is undefined without SMTP. */
  readonly forControl: {
    readonly sessions: Identity;
    readonly waysIn: WaysIn;
    readonly mailer: Mailer | undefined;
  };
  /** Adds `/api/auth/...`. */
  readonly mount: (app: Hono) => void;
};

type IdentitySurroundings = {
  readonly master: Uint8Array;
  /** Without a trailing slash. */
  readonly publicUrl: string;
  /** Unix milliseconds with fractions. */
  readonly now: () => number;
  readonly reportFault: (where: string, error: unknown) => void;
};

export function wireIdentity(
  query: OpenDatabase["query"],
  { identity: settings, mail, trustedProxies }: Pick<Config, "identity" | "mail" | "trustedProxies">,
  { master, publicUrl, now, reportFault }: IdentitySurroundings,
): WiredIdentity {
  const mailer = mail && smtpMailer(mail);
  const identity = new Identity({
    settings,
    mailer,
    publicUrl,
    secret: Buffer.from(deriveKey(master, "identity")).toString("base64url"),
    openAdapter: async () => {
      const { authAdapter } = await import("./storage/identity/auth-adapter.ts");
      return authAdapter(query, deriveKey(master, "sessions"));
    },
    people: peopleStore(query),
    owner: ownerStore(query),
    door: doorStore(query),
    audit: new AuditLog({ records: auditStore(query), now: () => Math.floor(now()), reportFault }),
    now: () => Math.floor(now()),
    reportFault,
  });
  return {
    identity,
    forControl: { sessions: identity, waysIn: waysIn(settings, mailer !== undefined, publicUrl), mailer },
    mount: (app) => mountAuth(app, { identity, publicUrl, trustedProxies, reportFault }),
  };
}
