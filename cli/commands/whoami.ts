// `ast whoami`: who calls, and until when the session or the access token counts.

import { readMe } from "../api/accounts.ts";
import { command } from "../command.ts";

export const whoamiCommand = command({
  path: ["whoami"],
  summary: "Show who is signed in, where and until when",
  async run({ api, output, profiles, hasGivenToken, text, env }) {
    const { person, accounts, sessionEnd, accessToken } = await readMe(api);
    const wanted = text("account") ?? (env["ASTRO_ACCOUNT"] || undefined);
    const kept = hasGivenToken ? undefined : profiles.find(api.server)?.account;
    const account = wanted ?? kept ?? (accounts.length === 1 ? accounts[0]?.name : undefined);
    const document = {
      server: api.server,
      id: person.id,
      name: person.name,
      email: person.email,
      account: account ?? null,
      expires_at: accessToken?.expiresAt ?? sessionEnd ?? null,
      access_token: accessToken ? { name: accessToken.name, read_only: accessToken.isReadOnly } : null,
      token_from: hasGivenToken ? "ASTRO_ACCESS_TOKEN" : "profile",
    };
    output.answer(document, () => {
      output.line(output.style.bold(person.email));
      output.fields([
        ["Name", person.name],
        ["Account", account ?? `none chosen: ${hasGivenToken ? "ASTRO_ACCOUNT" : "ast account switch"}`],
        ["Id", person.id],
        ["Server", api.server],
        ["Session", sessionEnd === undefined ? undefined : `until ${sessionEnd}, prolonged by use`],
        ["Access token", accessToken && `${accessToken.name}${accessToken.isReadOnly ? ", only reads" : ""}`],
        ["Ends", accessToken?.expiresAt],
        ["Token", hasGivenToken ? "from ASTRO_ACCESS_TOKEN" : undefined],
      ]);
    });
  },
});
