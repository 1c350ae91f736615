// `ast keys list`: the keys that agents call the gateway with.

import { listKeys } from "../api/gateway-keys.ts";
import { command } from "../command.ts";
import { paintStatus } from "../deployments/show-agent.ts";
import { ageOf } from "../terminal/age.ts";

export const keysListCommand = command({
  path: ["keys", "list"],
  summary: "List the gateway keys of agents and of local development",
  options: { all: { kind: "flag", summary: "Those that count no more, too" } },
  async run({ api, output, now, flag }) {
    const { value, document } = await listKeys(api, flag("all"));
    output.answer(document, () => {
      if (value.length === 0) {
        output.note("There is none. Agents get theirs when they are deployed, people when they run one: ast dev");
        return;
      }
      output.table(
        [
          { title: "Id", value: ({ key_id }) => key_id },
          { title: "Kind", value: ({ kind }) => kind },
          {
            title: "Of",
            value: ({ deployment, user, name }) => deployment?.name ?? user?.email ?? name,
            paint: output.style.cyan,
          },
          { title: "Key", value: ({ prefix }) => (prefix === "" ? "" : `${prefix}…`) },
          {
            title: "Status",
            value: ({ status }) => status,
            paint: (cell, { status }) => paintStatus(output.style, status)(cell),
          },
          { title: "Used", value: ({ last_used_at }) => ageOf(last_used_at, now()) || "never" },
          { title: "Ends", value: ({ expires_at }) => expires_at ?? "with the agent" },
        ],
        value,
      );
    });
  },
});
