// Signatures against AWS's published vector and against a computation of them that shares no line with ours.

import { describe, expect, test } from "bun:test";
import { expectedAuthorization } from "../../../tests/support/aws-signature.ts";
import { requestSigner, type BedrockCredentials } from "./sign-request.ts";

const keys = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const now = () => Date.UTC(2015, 7, 30, 12, 36);

describe("a signature", () => {
  test("is computed here as in the vector post-vanilla of AWS's signature test suite", () => {
    const headers = new Headers({
      host: "example.amazonaws.com",
      "x-amz-date": "20150830T123600Z",
      authorization: "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/x, SignedHeaders=host;x-amz-date, Signature=",
    });
    const scope = { ...keys, region: "us-east-1", service: "service" };
    expect(expectedAuthorization({ method: "POST", path: "/", headers, body: "" }, scope)).toEndWith(
      "Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
    );
  });

  test.each([
    "anthropic.claude-haiku-4-5-20251001-v1%3A0/converse",
    "arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Aapplication-inference-profile%2Fab12/converse-stream",
    "odd%20%28name%29%21%27%2A/invoke",
    "plain.name-v1_2~x/invoke",
  ])("holds for the model in %s, whose escapes are escaped once more", async (rest) => {
    for (const sessionToken of [undefined, "FwoGZXIvYXdzEJr//token+/="]) {
      const credentials: BedrockCredentials = { kind: "access-key", ...keys, sessionToken };
      const path = `/model/${rest}`;
      const body = '{"messages":[{"text":"ä"}]}';
      const url = `https://bedrock-runtime.us-east-1.amazonaws.com${path}`;
      const headers = new Headers(await requestSigner(credentials, "us-east-1", now)({ url, body }));
      expect(headers.get("x-amz-date")).toBe("20150830T123600Z");
      expect(headers.get("x-amz-security-token")).toBe(sessionToken ?? null);
      const given = headers.get("authorization");
      const named = sessionToken === undefined ? "host;x-amz-date" : "host;x-amz-date;x-amz-security-token";
      expect(given).toContain(`SignedHeaders=${named},`);
      headers.set("host", "bedrock-runtime.us-east-1.amazonaws.com");
      const scope = { ...keys, region: "us-east-1", service: "bedrock" };
      expect(given).toBe(expectedAuthorization({ method: "POST", path, headers, body }, scope));
    }
  });

  test("is not needed with an API key", async () => {
    const headers = await requestSigner(
      { kind: "api-key", apiKey: "bedrock-api-key-1" },
      "us-east-1",
      now,
    )({
      url: "https://x.test/",
      body: "",
    });
    expect(headers).toEqual({ authorization: "Bearer bedrock-api-key-1" });
  });
});
