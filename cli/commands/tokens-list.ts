// `ast tokens list`: the access tokens of the person who is signed in.

import { listAccessTokens } from "../api/access-tokens.ts";
import { command } from "../command.ts";
import { ageOf } from "../terminal/age.ts";

export const tokensListCommand = command({
  path: ["tokens", "list"],
  summary: "List your access tokens",
  async run({ api, output, now }) {
    const { value, document } = await listAccessTokens(api);
    output.answer(document, () => {
      if (value.length === 0) {
        output.note("You have none. Make one for CI: ast tokens create --name <what uses it>");
        return;
      }
      output.table(
        [
          { title: "Name", value: ({ name }) => name, paint: output.style.cyan },
          { title: "Token", value: ({ prefix }) => `${prefix}…` },
          { title: "Account", value: ({ workspace }) => workspace?.slug ?? "all" },
          { title: "May", value: ({ read_only }) => (read_only ? "read" : "change") },
          { title: "Used", value: ({ last_used_at }) => ageOf(last_used_at, now()) || "never" },
          {
            title: "Ends",
            value: ({ expires_at, status }) => `${expires_at.slice(0, 10)}${status === "expired" ? ", expired" : ""}`,
            paint: (cell, { status }) => (status === "expired" ? output.style.red(cell) : cell),
          },
          { title: "Id", value: ({ id }) => id },
        ],
        value,
      );
    });
  },
});
