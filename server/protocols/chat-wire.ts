// Facts of the Chat Completions wire that both sides of the gateway need: the client protocol and the upstream dialect.

/** The data of the event after which no chunk follows. */
export const doneData = "[DONE]";

export type OutputLimitField = "max_completion_tokens" | "max_tokens";

/** OpenAI's reasoning models refuse `max_tokens`. */
const refusesMaxTokens = /^(gpt-5|o1|o3|o4)/;

/** The name an upstream knows for the output limit of this model. */
export function outputLimitField(upstreamModel: string): OutputLimitField {
  return refusesMaxTokens.test(upstreamModel) ? "max_completion_tokens" : "max_tokens";
}
