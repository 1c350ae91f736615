// Lines that ask one model, in three languages. The key comes from the environment: it never stands in a line.

import type { CodeSample } from "../../ui/code-block.tsx";

export type Asking = { readonly model: string; readonly kind: "generate" | "embed"; readonly baseUrl: string };

export function modelCode({ model, kind, baseUrl }: Asking): CodeSample[] {
  const text =
    kind === "embed" ? "The astrolabe measures the height of stars." : "Explain routing stacks in one sentence.";
  const path = kind === "embed" ? "embeddings" : "responses";
  const call = kind === "embed" ? "embeddings" : "responses";
  const shown = kind === "embed" ? "data[0].embedding" : "output_text";
  return [
    {
      language: "curl",
      code: `curl ${baseUrl}/${path} \\
  -H "Authorization: Bearer $ASTROLABE_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '${JSON.stringify({ model, input: text })}'`,
    },
    {
      language: "Python",
      code: `import os
from openai import OpenAI

client = OpenAI(base_url="${baseUrl}", api_key=os.environ["ASTROLABE_API_KEY"])
answer = client.${call}.create(model="${model}", input="${text}")
print(answer.${shown})`,
    },
    {
      language: "TypeScript",
      code: `import OpenAI from "openai";

const client = new OpenAI({ baseURL: "${baseUrl}", apiKey: process.env.ASTROLABE_API_KEY });
const answer = await client.${call}.create({ model: "${model}", input: "${text}" });
console.log(answer.${kind === "embed" ? "data[0]?.embedding" : shown});`,
    },
  ];
}
