// `ast whoami`: who calls, and whether the session still counts.

import { readMe } from "../api/accounts.ts";
import { command } from "../command.ts";

export const whoamiCommand = command({
  path: ["whoami"],
  summary: "Show who is signed in, where and until when",
  async run({ api, output, profiles, hasGivenToken, text, env }) {
    const { person, accounts, sessionEnd: expiresAt } = await readMe(api);
    const wanted = text("account") ?? (env["ASTRO_ACCOUNT"] || undefined);
    const kept = hasGivenToken ? undefined : profiles.find(api.server)?.account;
    const account = wanted ?? kept ?? (accounts.length === 1 ? accounts[0]?.name : undefined);
    const document = {
      server: api.server,
      id: person.id,
      name: person.name,
      email: person.email,
      account: account ?? null,
      expires_at: expiresAt ?? null,
      token_from: hasGivenToken ? "ASTRO_ACCESS_TOKEN" : "profile",
    };
    output.answer(document, () => {
      output.line(output.style.bold(person.email));
      output.fields([
        ["Name", person.name],
        ["Account", account ?? "none chosen: ast account switch"],
        ["Id", person.id],
        ["Server", api.server],
        ["Session", expiresAt === undefined ? undefined : `until ${expiresAt}, prolonged by use`],
        ["Token", hasGivenToken ? "from ASTRO_ACCESS_TOKEN" : undefined],
      ]);
    });
  },
});
