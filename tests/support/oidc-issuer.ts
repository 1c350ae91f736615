// A real OpenID provider on a socket, and a browser that signs in to it.

import { createServer } from "node:http";
import { Provider } from "oidc-provider";

export type OidcIssuer = {
  readonly url: string;
  /** Who has an account there: subject by what is typed as the login. */
  readonly people: Map<string, { readonly email: string; readonly emailVerified: boolean; readonly name: string }>;
  /** Follows an authorization address to its end as that person; gives the address that it redirects back to. */
  readonly signIn: (authorizationUrl: string, login: string) => Promise<string>;
  readonly close: () => Promise<void>;
};

export const oidcClient = { id: "astrolabe", secret: "a client secret for tests" } as const;

/** @param redirectUri where the provider may send people back to. */
export async function startOidcIssuer(redirectUri: string): Promise<OidcIssuer> {
  const people: OidcIssuer["people"] = new Map();
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  const provider = new Provider(url, {
    clients: [{ client_id: oidcClient.id, client_secret: oidcClient.secret, redirect_uris: [redirectUri] }],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    cookies: { keys: ["a key for tests"] },
    findAccount: (_context: unknown, id: string) => {
      const person = people.get(id);
      return (
        person && {
          accountId: id,
          claims: async () => ({
            sub: id,
            email: person.email,
            email_verified: person.emailVerified,
            name: person.name,
          }),
        }
      );
    },
  });
  server.on("request", provider.callback());
  return {
    url,
    people,
    signIn: (authorizationUrl, login) => signIn(url, authorizationUrl, login),
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}

/** Its own pages ask for a login and then for consent; both are answered. */
async function signIn(issuer: string, authorizationUrl: string, login: string): Promise<string> {
  const cookies = new Map<string, string>();
  const send = async (address: string, form?: Record<string, string>): Promise<Response> => {
    const response = await fetch(address, {
      redirect: "manual",
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
      ...(form && { method: "POST", body: new URLSearchParams(form) }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    return response;
  };
  let next = authorizationUrl;
  for (let steps = 0; steps < 12; steps++) {
    if (!next.startsWith(issuer)) return next;
    const page = await send(next);
    const location = page.headers.get("location");
    if (location !== null) {
      next = new URL(location, next).toString();
      continue;
    }
    const text = await page.text();
    const prompt = /name="prompt" value="(\w+)"/.exec(text)?.[1];
    if (prompt === undefined) throw new Error(`the provider said: ${text.slice(0, 500)}`);
    const answered = await send(next, { prompt, login, password: "any" });
    next = new URL(answered.headers.get("location") ?? "", next).toString();
  }
  throw new Error("the provider never came to an end");
}
