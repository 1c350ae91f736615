import { expect, test } from "bun:test";
import { policySchema } from "../contracts/policy.ts";
import { verificationModeFor } from "./verification-mode.ts";

const { verification } = policySchema.parse({
  verification: { mode: "light", schemaRequests: "strict", highStakes: "strong" },
});

test("the general mode applies where no special one does", () => {
  expect(verificationModeFor(verification, { schema: false, highStakes: false })).toBe("light");
  const inherits = policySchema.parse({ verification: { mode: "auto" } }).verification;
  expect(verificationModeFor(inherits, { schema: true, highStakes: true })).toBe("auto");
});

test("schemas and high stakes have their own, and the stricter applies when both hold", () => {
  expect(verificationModeFor(verification, { schema: true, highStakes: false })).toBe("strict");
  expect(verificationModeFor(verification, { schema: true, highStakes: true })).toBe("strong");
  const eased = policySchema.parse({ verification: { mode: "strong", highStakes: "off" } }).verification;
  expect(verificationModeFor(eased, { schema: false, highStakes: true })).toBe("off");
});
