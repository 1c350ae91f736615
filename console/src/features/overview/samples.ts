// The first request in three languages, holding this server's address, ready to run.

import { gatewayAddress } from "../../api/base.ts";
import type { CodeSample } from "../../ui/code-block.tsx";

const question = "Name three uses of an astrolabe.";

export function firstRequestSamples(address: string = gatewayAddress): readonly CodeSample[] {
  return [
    {
      language: "curl",
      code: `curl ${address}/responses \\
  -H "Authorization: Bearer $ASTROLABE_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"model": "astrolabe/auto", "input": "${question}"}'`,
    },
    {
      language: "Python",
      code: `# pip install openai
import os
from openai import OpenAI

client = OpenAI(
    base_url="${address}",
    api_key=os.environ["ASTROLABE_API_KEY"],
)
response = client.responses.create(
    model="astrolabe/auto",
    input="${question}",
)
print(response.output_text)`,
    },
    {
      language: "TypeScript",
      code: `// npm install openai
import OpenAI from "openai";

const client = new OpenAI({
  baseURL: "${address}",
  apiKey: process.env["ASTROLABE_API_KEY"],
});
const response = await client.responses.create({
  model: "astrolabe/auto",
  input: "${question}",
});
console.log(response.output_text);`,
    },
  ];
}
