// Is there an answer at all: something said, not declined, not cut short?

import { failed, passed, type CheckedAnswer, type Finding } from "./finding.ts";

/** Embeddings are empty when no vector came; reasoning alone is no answer. */
export function checkNotEmpty(checked: CheckedAnswer): Finding {
  const { answer } = checked;
  if (checked.embeddingInputs > 0) {
    return (answer.embeddings ?? []).length > 0 ? passed : failed("no vector came back");
  }
  // Calls of hosted tools have no neutral part; only the finish reason tells of them.
  if (answer.finish === "tool_calls") return passed;
  const said = answer.parts.some((part) => part.type === "tool-call" || part.type === "refusal");
  if (said || checked.text.trim() !== "") return passed;
  return failed(answer.finish === "length" ? "the output limit was used up before any text" : "there is no content");
}

const apology = "(?:(?:i['’]m|i am) (?:very |really |so )?sorry|unfortunately|sorry)[,.]? (?:but )?";
const introduction = "as an ai\\b[^.]{0,80}?,? ";
const inability =
  "i (?:can['’]?t|cannot|can not|won['’]t|will not|am unable to|am not able to|must decline)|i['’]m (?:unable|not able) to";
const declined =
  "(?:to )?(?:help|assist|comply|provide|fulfil|answer|do that|create|generate|support|continue|share|discuss|engage)";
/** How refusals begin, in the English words models use for it. Long answers that begin so usually go on to help. */
const refusalOpening = new RegExp(`^\\W*(?:${apology})?(?:${introduction})?(?:${inability}) ${declined}`, "i");
const refusalLengthAtMost = 600;

export function checkRefusal(checked: CheckedAnswer): Finding | undefined {
  const { answer } = checked;
  if (checked.embeddingInputs > 0) return undefined;
  if (answer.parts.some((part) => part.type === "refusal")) return failed("the model declined to answer");
  if (answer.finish === "content_filter") return failed("the provider's filter stopped the answer");
  const declines = checked.text.length <= refusalLengthAtMost && refusalOpening.test(checked.text);
  return declines ? failed("the text reads like a refusal") : passed;
}

export function checkComplete(checked: CheckedAnswer): Finding | undefined {
  if (checked.embeddingInputs > 0) return undefined;
  return checked.answer.finish === "length" ? failed("the answer was cut at the output limit") : passed;
}
