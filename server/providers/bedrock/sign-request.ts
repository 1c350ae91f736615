// How a request proves who sends it: a Bedrock API key as a bearer token, or a signature (Signature Version 4).

import { AwsV4Signer } from "aws4fetch";

export type BedrockCredentials =
  | { readonly kind: "api-key"; readonly apiKey: string }
  | {
      readonly kind: "access-key";
      readonly accessKeyId: string;
      readonly secretAccessKey: string;
      /** Undefined for keys that last. */
      readonly sessionToken: string | undefined;
    };

export type SignedRequest = { readonly url: string; readonly body: string };
export type RequestSigner = (request: SignedRequest) => Promise<Record<string, string>>;

/** The name under which AWS knows the runtime's signatures. */
const service = "bedrock";
/** Derived keys hold for a day each. */
const mostDerivedKeys = 2;

/** What makes the headers of a POST. `now` in Unix milliseconds. */
export function requestSigner(credentials: BedrockCredentials, region: string, now: () => number): RequestSigner {
  if (credentials.kind === "api-key") {
    const headers = { authorization: `Bearer ${credentials.apiKey}` };
    return () => Promise.resolve(headers);
  }
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const derivedKeys = new Map<string, ArrayBuffer>();
  return async ({ url, body }) => {
    if (derivedKeys.size > mostDerivedKeys) derivedKeys.clear();
    const signer = new AwsV4Signer({
      method: "POST",
      url,
      body,
      accessKeyId,
      secretAccessKey,
      ...(sessionToken === undefined ? {} : { sessionToken }),
      service,
      region,
      datetime: new Date(now()).toISOString().replaceAll(/[:-]|\.\d{3}/g, ""),
      cache: derivedKeys,
    });
    const { headers } = await signer.sign();
    return Object.fromEntries(headers);
  };
}

/** What must appear in no message. */
export function secretsOf(credentials: BedrockCredentials): readonly string[] {
  if (credentials.kind === "api-key") return [credentials.apiKey];
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  return [secretAccessKey, accessKeyId, ...(sessionToken === undefined ? [] : [sessionToken])];
}
