// `ast tokens create`: makes an access token and prints it, this once.

import { createAccessToken, type NewAccessToken } from "../api/access-tokens.ts";
import { command } from "../command.ts";
import { usageProblem } from "../problem.ts";

export const tokensCreateCommand = command({
  path: ["tokens", "create"],
  summary: "Make an access token for CI or a script, and print it",
  description: `The token is printed once, alone on standard output, and kept nowhere. Programs give it as ASTRO_ACCESS_TOKEN, or
send it as Authorization: Bearer.

It may do what you may do at the time, except for what is for operators, and makes no tokens itself: this command needs
a session (ast login). With --account it counts in that account alone; ASTRO_ACCOUNT and the active account do not limit
it. It ends by itself, after 90 days unless --expires says otherwise, or with ast tokens revoke.`,
  options: {
    name: { kind: "text", short: "n", placeholder: "<name>", summary: "What uses it, in up to 60 characters" },
    expires: {
      kind: "text",
      placeholder: "<when>",
      summary: "In how many days it ends, or on which day at 00:00 UTC, at most a year away (default: 90d)",
    },
    "read-only": { kind: "flag", summary: "It can look at everything and change nothing" },
  },
  examples: [
    { does: "For a workflow that deploys", line: "ast tokens create --name release --account acme" },
    { does: "To look at things only, for a month", line: "ast tokens create -n dashboard --read-only --expires 30d" },
    { does: "Straight into GitHub's secrets", line: "ast tokens create -n ci | gh secret set ASTRO_ACCESS_TOKEN" },
  ],
  async run({ api, output, text, flag, prompts }) {
    const end = endOf(text("expires"));
    const name =
      text("name") ??
      (await prompts.text({ message: "What will use it?", placeholder: "release workflow", instead: "--name <name>" }));
    const wanted = { name, end, account: text("account"), isReadOnly: flag("read-only") };
    const { value, document } = await createAccessToken(api, wanted);
    output.answer(document, () => output.raw(`${value.secret}\n`));
    const where = value.workspace ? ` in ${value.workspace.slug}` : "";
    const what = `${value.read_only ? "only reads" : "acts as you"}${where}`;
    output.step(`${value.name} ${what}, until ${value.expires_at.slice(0, 10)}. The token is not shown again.`);
  },
});

/** The server's limit, said here in the words of the option. */
const mostDays = 365;

/** `90d`, `2027-01-31`, or a time in ISO 8601. @throws Problem usage */
function endOf(typed: string | undefined): NewAccessToken["end"] {
  if (typed === undefined) return {};
  const days = /^(\d{1,4})d?$/.exec(typed)?.[1];
  if (days !== undefined && Number(days) >= 1 && Number(days) <= mostDays) return { expires_in_days: Number(days) };
  if (days !== undefined) {
    throw usageProblem(`A token lasts from 1 to ${mostDays} days.`, `At most: --expires ${mostDays}d`);
  }
  const at = /^\d{4}-\d{2}-\d{2}/.test(typed) ? Date.parse(typed) : NaN;
  if (!Number.isNaN(at)) return { expires_at: new Date(at).toISOString() };
  throw usageProblem(`"${typed}" is no time to end at.`, "Give days, --expires 90d, or a day, --expires 2027-01-31.");
}
