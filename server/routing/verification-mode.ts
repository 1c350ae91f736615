// Which verification mode applies to one request: the stack's, or the one it sets for schemas and high stakes.

import { verificationModes, type StackPolicy, type VerificationMode } from "../contracts/policy.ts";

/** From the least to the most checking; `auto` decides by itself and stands between light and strict. */
const strictness: { readonly [mode in VerificationMode]: number } = { off: 0, light: 1, auto: 2, strict: 3, strong: 4 };

/** A special mode replaces the general one; when both special cases hold, the stricter of the two applies. */
export function verificationModeFor(
  verification: StackPolicy["verification"],
  request: { readonly schema: boolean; readonly highStakes: boolean },
): VerificationMode {
  const special = [
    request.schema ? verification.schemaRequests : undefined,
    request.highStakes ? verification.highStakes : undefined,
  ].filter((mode) => mode !== undefined);
  if (special.length === 0) return verification.mode;
  const most = Math.max(...special.map((mode) => strictness[mode]));
  return verificationModes.find((mode) => strictness[mode] === most) ?? verification.mode;
}
