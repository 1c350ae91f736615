// What went wrong when the model was asked, in words for the person who talks to the agent.

const sentences: Record<number, string> = {
  401: "The model service does not accept this agent's key. Start or deploy the agent again to get a new one.",
  402: "There are no credits left to answer with. Add some, then ask again.",
  403: "This agent's key may not do that.",
  404: "The model service does not know this model. Check MODEL_DEFAULT.",
  413: "This is too long. Start a new conversation or ask in fewer words.",
  429: "Too many questions at once. Wait a moment, then ask again.",
};

/** What the client is told, and the line for the log: without what was asked, and without keys. */
export function explain(error: unknown): { status: number; message: string; log: string } {
  const status = statusOf(error);
  const known = status === undefined ? undefined : sentences[status];
  return {
    status: status !== undefined && known !== undefined ? status : 502,
    message: known ?? "The model service could not answer. Ask again in a moment.",
    log: `No answer (${status ?? "no status"}): ${reasons(error).join(": ").slice(0, 500)}`,
  };
}

/** What the error says, and the errors behind it: "Connection error" alone tells little. */
function reasons(error: unknown, depth = 0): string[] {
  if (!(error instanceof Error)) return depth === 0 ? [String(error)] : [];
  return depth > 5 ? [] : [error.message, ...reasons(error.cause, depth + 1)];
}

/** The HTTP status that the service answered with, wherever the client library put it; undefined without an answer. */
function statusOf(error: unknown, depth = 0): number | undefined {
  if (typeof error !== "object" || error === null || depth > 5) return undefined;
  const fields = new Map(Object.entries(error));
  // Some libraries define them without listing them.
  for (const name of ["status", "statusCode", "cause", "lastError", "error"]) {
    if (!fields.has(name)) fields.set(name, Reflect.get(error, name));
  }
  for (const name of ["statusCode", "status"]) {
    const value: unknown = fields.get(name);
    if (typeof value === "number" && value >= 400) return value;
  }
  for (const name of ["lastError", "cause", "error"]) {
    const status = statusOf(fields.get(name), depth + 1);
    if (status !== undefined) return status;
  }
  return undefined;
}
