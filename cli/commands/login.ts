// `ast login`: signs a person in with their browser.

import { findAccount, readMe, type Account, type Person } from "../api/accounts.ts";
import { Api } from "../api/api.ts";
import { command } from "../command.ts";
import type { Context } from "../context.ts";
import { askForCode, waitForToken, type DeviceCode } from "../session/device-login.ts";
import { isPrivate } from "../session/server-address.ts";

export const loginCommand = command({
  path: ["login"],
  summary: "Sign in with your browser",
  description: `Shows an address with a code, opens it in your browser, and waits until you have let ast in there.
The session's token is kept in the keyring of your system, or in ~/.ast/credentials.json where there is none.
A session ends after 7 days without use.

For CI make an access token: ast tokens create. With --print-token this command signs in anew and prints the token of
that session instead of keeping it; ASTRO_ACCESS_TOKEN takes it too.`,
  options: {
    "no-browser": { kind: "flag", summary: "Open no browser; open the address yourself, on any device" },
    "print-token": { kind: "flag", summary: "Print the new session's token, and keep nothing" },
  },
  examples: [
    { does: "Sign in to the server on this machine", line: "ast login" },
    { does: "Sign in to another one", line: "ast login --server https://gateway.example.com" },
  ],
  async run(call) {
    const { output, http, profiles } = call;
    const token = await signIn(call, call.flag("no-browser"));
    const api = new Api({ http, token: async () => token, wantedAccount: () => undefined });
    if (call.flag("print-token")) {
      output.answer({ server: http.server, access_token: token }, () => output.raw(`${token}\n`));
      return;
    }
    const { person, accounts } = await readMe(api);
    const before = profiles.find(http.server);
    const account = chosenAccount(accounts, call.text("account"), before?.account);
    const previousAccount = before?.account === account?.name ? before?.previousAccount : before?.account;
    const profile = { server: http.server, email: person.email, account: account?.name, previousAccount };
    await endEarlierSession(call);
    const place = await profiles.signIn(profile, token);
    if (call.hasGivenToken) output.warn("ASTRO_ACCESS_TOKEN is set: until it is not, it wins over this session.");
    show(call, person, accounts, account, place === "keyring");
  },
});

/** The one that this one takes the place of; that it cannot be ended does not matter, since it ends by itself. */
async function endEarlierSession({ http, profiles }: Context): Promise<void> {
  const token = await profiles.token(http.server);
  if (token === undefined) return;
  await http.exchange("POST", "/api/auth/sign-out", { token, timeoutMs: 10_000, patient: true });
}

async function signIn({ output, http, now, sleep, openBrowser }: Context, withoutBrowser: boolean): Promise<string> {
  if (!isPrivate(http.server)) output.warn(`${http.server} is not encrypted: others on the way can read your session.`);
  const code = await askForCode(http);
  const isOpen = !withoutBrowser && (await openBrowser(code.address).catch(() => false));
  instruct(output, http.server, code, isOpen);
  const progress = output.progress(`Waiting for your answer, for ${Math.round(code.expiresInSeconds / 60)} minutes`);
  try {
    return await waitForToken(http, code, { now, sleep });
  } finally {
    progress.stop();
  }
}

function instruct(output: Context["output"], server: string, code: DeviceCode, isOpen: boolean): void {
  output.tell(
    isOpen ? `Your browser shows how to sign in to ${server}. If not, open` : `To sign in to ${server}, open`,
  );
  output.tell(`\n  ${code.address}\n`);
  output.tell(`and let ast in if it shows the code ${code.userCode}.\n`);
}

/** The one that was asked for, else the one that was active, else the first. */
function chosenAccount(
  accounts: readonly Account[],
  wanted: string | undefined,
  before: string | undefined,
): Account | undefined {
  if (wanted !== undefined) return findAccount(accounts, wanted);
  return accounts.find(({ name }) => name === before) ?? accounts[0];
}

function show(
  { output, http }: Context,
  person: Person,
  accounts: readonly Account[],
  account: Account | undefined,
  inKeyring: boolean,
): void {
  const document = {
    server: http.server,
    email: person.email,
    account: account?.name ?? null,
    accounts: accounts.map(({ name }) => name),
    token_in: inKeyring ? "keyring" : "file",
  };
  output.answer(document, () => {
    output.done(`Signed in to ${http.server} as ${person.email}.`);
    output.fields([["Account", account === undefined ? undefined : labelOf(account)]]);
    if (accounts.length > 1) {
      output.note(`  You belong to ${accounts.length} accounts; ast account switch chooses another one.`);
    }
  });
}

function labelOf({ name, displayName }: Account): string {
  return name === displayName ? name : `${name} (${displayName})`;
}
