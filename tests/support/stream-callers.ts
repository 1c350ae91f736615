// A program of its own, because Bun limits outgoing requests when it starts: opens many chat streams at once and reports
// as JSON what each one said. Arguments: address, key, model, number of streams.

import { isObject, objectAt, arrayAt, parseObject, stringAt } from "../../server/contracts/json.ts";
import { readStream } from "./read-stream.ts";

const [url = "", key = "", model = "", count = "1"] = process.argv.slice(2);

/** The words of one stream in the order they came, or why there are none. */
async function call(): Promise<string> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model, messages: [{ role: "user", content: "Count." }], max_tokens: 200, stream: true }),
  });
  if (response.status !== 200) return `${response.status} ${await response.text()}`;
  return (await readStream(response).rest()).map(wordOf).join("");
}

/** The text a frame adds; frames that are not JSON stand for themselves. */
function wordOf(block: string): string {
  const frame = block.replace(/^data: /, "");
  if (frame.startsWith(":")) return "";
  const [choice] = arrayAt(parseObject(frame) ?? {}, "choices") ?? [frame];
  if (!isObject(choice)) return typeof choice === "string" ? choice : "";
  return stringAt(objectAt(choice, "delta") ?? {}, "content") ?? "";
}

const said = await Promise.all(Array.from({ length: Number(count) }, () => call().catch(String)));
process.stdout.write(JSON.stringify({ said }));
