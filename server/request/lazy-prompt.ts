// The neutral prompt of a request, translated only if some upstream on the plan needs it, and once for all of them unless
// each may see something else.

import type { Prompt } from "../conversation/prompt.ts";
import { cautioned, type LazyPrompt } from "./6-call-provider.ts";
import { bodyFor } from "./earlier-turns.ts";
import type { Reserved } from "./stages.ts";

export function lazyPrompt(reserved: Reserved, warn: (sentence: string) => void): LazyPrompt {
  let prompt: Prompt | undefined;
  return (candidate) => {
    if (prompt && !reserved.earlier) return prompt;
    const warnings: string[] = [];
    const body = bodyFor(reserved, candidate, false, warn);
    prompt = reserved.protocol.toPrompt(cautioned(reserved, body), warnings);
    warnings.forEach(warn);
    return prompt;
  };
}
