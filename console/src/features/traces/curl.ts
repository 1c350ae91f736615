// A stored request as a line for the shell. The key comes from the environment.

import type { TraceDetail } from "../../../../server/contracts/control-activity.ts";

const paths: Readonly<Record<string, string>> = {
  responses: "responses",
  "chat-completions": "chat/completions",
  messages: "messages",
  embeddings: "embeddings",
};

/** A heredoc whose end is quoted: nothing in the body is read by the shell. */
export function curlOf({ protocol, prompt }: TraceDetail["trace"], origin: string): string {
  const json = JSON.stringify(prompt ?? {}, undefined, 2);
  const end = json.includes("\nJSON\n") ? "ASTROLABE_JSON" : "JSON";
  return [
    `curl -N ${origin}/v1/${paths[protocol] ?? protocol} \\`,
    `  -H "Authorization: Bearer $ASTROLABE_API_KEY" \\`,
    `  -H "Content-Type: application/json" \\`,
    `  --data-binary @- <<'${end}'`,
    json,
    end,
  ].join("\n");
}
