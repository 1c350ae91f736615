// How Bedrock's exceptions become failures: by name where the status does not say it all. They come as answers with a
// status, or as events within a stream.

import { entryOf, parseObject, stringAt } from "../../contracts/json.ts";
import { cleanMessage, failureOfStatus } from "../http-provider/upstream-errors.ts";
import { ProviderFailure, type FailureKind } from "../provider.ts";

/** Without capitals: a stream writes the first letter small. What is not listed is judged by its status. */
const kindByException: { readonly [name: string]: FailureKind } = {
  throttlingexception: "rate_limited",
  servicequotaexceededexception: "rate_limited",
  modelnotreadyexception: "rate_limited",
  modeltimeoutexception: "timeout",
  accessdeniedexception: "credentials",
  unrecognizedclientexception: "credentials",
  expiredtokenexception: "credentials",
  invalidsignatureexception: "credentials",
  incompletesignatureexception: "credentials",
  missingauthenticationtokenexception: "credentials",
  resourcenotfoundexception: "provider_error",
  modelerrorexception: "provider_error",
  modelstreamerrorexception: "provider_error",
  internalserverexception: "provider_error",
  serviceunavailableexception: "provider_error",
};

/** Put before the words of the model's own API, which alone say whose fault it is. */
const modelSays = /^The model returned the following errors:\s*/;
/** Fields that Anthropic's own API may well take: another candidate is worth a try. */
const unknownField = /extra inputs are not permitted/i;
/** Where a model is only to be had through an inference profile, the operator has to name it. */
const needsProfile = /on-demand throughput isn.t supported/i;
const profileHint = " Set BEDROCK_INFERENCE_PROFILE, such as us or eu, or name the profile in BEDROCK_MODELS.";
const accountInArn = /(\barn:[\w-]+:[\w-]*:[\w-]*:)\d{12}\b/g;
/** A refused signature is answered with the text that was signed, session token and all. */
const signatureRefused = "AWS refused the signature: check the keys, the session token and the clock.";

/** The refusal behind an answer whose status is not 2xx. `nowMs` in Unix milliseconds. */
export function failureOfResponse(response: Response, text: string, nowMs: number): ProviderFailure {
  const name = exceptionName(response, text);
  const body = parseObject(text) ?? {};
  const told = stringAt(body, "message") ?? stringAt(body, "Message");
  // Bodies of other shapes are left to the rules that hold for every upstream.
  const judged = told === undefined ? text : JSON.stringify({ message: readable(name, told) });
  const failure = failureOfStatus(response.status, response.headers, judged, undefined, nowMs);
  const unknownHere = failure.kind === "rejected" && unknownField.test(failure.upstreamMessage ?? "");
  const kind = unknownHere ? "provider_error" : failure.kind;
  return withKind(failure, entryOf(kindByException, name.toLowerCase()) ?? kind);
}

/** The failure behind an exception within a stream; undefined when the event is none. */
export function failureOfEvent(event: string, data: string): ProviderFailure | undefined {
  const name = event.toLowerCase();
  const kind = entryOf(kindByException, name) ?? (name === "validationexception" ? "rejected" : undefined);
  if (kind === undefined && !/(?:exception|error)$/.test(name)) return undefined;
  const body = parseObject(data) ?? {};
  const words = [stringAt(body, "message"), stringAt(body, "originalMessage")].filter((text) => text !== undefined);
  return new ProviderFailure(kind ?? "provider_error", `the upstream's stream ended with ${event}`, {
    upstreamMessage: cleanMessage(readable(event, words.join(": ") || event), undefined),
  });
}

/** `ThrottlingException:http://...` in a header, or `com.amazon...#ThrottlingException` in the body. */
function exceptionName({ headers }: Response, text: string): string {
  const fromBody = (): string => stringAt(parseObject(text) ?? {}, "__type") ?? "";
  const named = headers.get("x-amzn-errortype") ?? fromBody();
  return named.split(":")[0]?.split("#").at(-1)?.trim() ?? "";
}

function readable(name: string, message: string): string {
  if (/signatureexception$/i.test(name)) return signatureRefused;
  const words = message.replace(modelSays, "").replaceAll(accountInArn, "$1[account]");
  return needsProfile.test(words) ? words + profileHint : words;
}

function withKind(failure: ProviderFailure, kind: FailureKind): ProviderFailure {
  if (failure.kind === kind) return failure;
  const { status, upstreamMessage, retryAfterSeconds, cause } = failure;
  return new ProviderFailure(kind, failure.message, {
    ...(status === undefined ? {} : { status }),
    ...(upstreamMessage === undefined ? {} : { upstreamMessage }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    cause,
  });
}
