// The neutral prompt of a request, translated at most once and only if some upstream on the plan needs it.

import type { Prompt } from "../conversation/prompt.ts";
import { cautioned, type LazyPrompt } from "./6-call-provider.ts";
import type { Reserved } from "./stages.ts";

export function lazyPrompt(reserved: Reserved, warn: (sentence: string) => void): LazyPrompt {
  let prompt: Prompt | undefined;
  return () => {
    if (prompt) return prompt;
    const warnings: string[] = [];
    prompt = reserved.protocol.toPrompt(cautioned(reserved, reserved.body), warnings);
    warnings.forEach(warn);
    return prompt;
  };
}
