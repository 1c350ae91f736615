// What a tool can do, guessed from its name and arguments when the stack does not declare it: words in snake_case,
// kebab-case and camelCase names. A guess is for caution, so it rather names one capability too many.

import { isObject, parseObject, type JsonObject } from "../contracts/json.ts";
import type { ToolCapability } from "../contracts/policy.ts";
import type { ToolCallPart } from "../conversation/prompt.ts";

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/));
}

const readVerbs = words(
  "get list read search find fetch lookup query view show describe check count browse scan grep glob cat ls stat load " +
    "retrieve download inspect preview summarize is has head tail diff compare open web forecast weather",
);
const localNouns = words(
  "file files directory directories dir folder folders workspace path paths disk local buffer editor notebook repo " +
    "repository codebase patch lines grep glob cat ls worktree",
);
const writeVerbs = words(
  "create update write put set add insert upsert append edit replace save move rename copy apply patch commit merge push " +
    "upload submit book schedule assign approve enable disable deploy restart modify change configure register close " +
    "complete start stop mkdir touch format mutate post import sync store archive publish install",
);
const workspaceWriteWords = words("patch mkdir touch commit str");
const commsVerbs = words(
  "send notify reply respond tweet broadcast publish invite forward share dm text call dial ring post announce " +
    "sendmail sendemail sendmessage",
);
const commsNouns = words(
  "email emails mail gmail sms message messages slack telegram whatsapp discord chat phone newsletter",
);
const credentialWords = words(
  "password passwords passphrase secret secrets credential credentials token apikey keychain vault otp mfa login signin " +
    "auth oauth authenticate certificate ssh",
);
const destructiveVerbs = words(
  "delete remove drop destroy erase terminate wipe purge truncate revoke rollback uninstall kill unlink rm rmdir cancel " +
    "pay purchase buy sell transfer wire withdraw invest donate",
);
/** Acts of money unless they are only read: `create_order`, but not `get_order_status`. */
const moneyNouns = words(
  "payment payments payout payouts order orders checkout refund refunds charge charges deposit trade",
);
const codeWords = words(
  "exec execute run eval evaluate bash shell sh zsh powershell terminal command cmd python node javascript script " +
    "interpreter spawn subprocess process sql repl computer",
);

/**
 * The capabilities a call suggests, each once. Empty when the name says nothing: the effect is unknown then, not
 * harmless.
 */
export function guessCapabilities(call: Pick<ToolCallPart, "name" | "arguments">): readonly ToolCapability[] {
  return [...new Set([...guessFromName(nameWords(call.name)), ...guessFromArguments(call.arguments)])];
}

/** `sendHTTPRequest`, `send_http-request` -> send, http, request. Lower case. */
export function nameWords(name: string): readonly string[] {
  const spaced = name
    .slice(0, 200)
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, "$1 $2")
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2");
  return spaced.toLowerCase().match(/[\p{L}]+|\p{N}+/gu) ?? [];
}

function guessFromName(name: readonly string[]): ToolCapability[] {
  const has = (set: ReadonlySet<string>) => name.some((word) => set.has(word));
  const reads = has(readVerbs);
  const communicates = has(commsVerbs) || (has(commsNouns) && !reads);
  const changes = has(writeVerbs);
  const local = has(localNouns);
  const found: ToolCapability[] = [];
  if (has(destructiveVerbs) || (has(moneyNouns) && !reads)) found.push("financial_or_destructive");
  if (has(credentialWords) || hasApiKey(name)) found.push("credential_access");
  if (communicates) found.push("external_comms");
  if (has(codeWords)) found.push("code_exec");
  if (changes && (local || has(workspaceWriteWords)) && !name.includes("push")) found.push("workspace_write");
  else if (changes && !communicates) found.push("remote_write");
  if (reads && found.length === 0) found.push(local ? "read_local" : "read_remote");
  return found;
}

function hasApiKey(name: readonly string[]): boolean {
  return name.some((word, at) => (word === "api" || word === "private") && /^keys?$/.test(name[at + 1] ?? ""));
}

const destructiveText =
  /\brm\s+-\w*[rf]|\bdrop\s+(?:table|database|schema)\b|\bdelete\s+from\b|\btruncate\s+table\b|\bmkfs\b|\bgit\s+push\s+(?:\S+\s+){0,3}(?:-f|--force)\b/i;
const argumentsLengthAtMost = 20_000;

/** Words in the arguments that change what a harmless name means: HTTP methods, destructive shell and SQL. */
function guessFromArguments(text: string): ToolCapability[] {
  const start = text.slice(0, argumentsLengthAtMost);
  const found: ToolCapability[] = destructiveText.test(start) ? ["financial_or_destructive"] : [];
  const method = methodIn(parseObject(start) ?? {});
  if (method === "DELETE") found.push("financial_or_destructive");
  else if (method === "POST" || method === "PUT" || method === "PATCH") found.push("remote_write");
  return found;
}

function methodIn(value: JsonObject): string | undefined {
  for (const [key, inner] of Object.entries(value)) {
    if (/^(?:http_?)?(?:method|verb)$/i.test(key) && typeof inner === "string") return inner.toUpperCase();
    if (!isObject(inner)) continue;
    const method = inner["method"];
    if (typeof method === "string") return method.toUpperCase();
  }
  return undefined;
}
