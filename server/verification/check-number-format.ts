// Are numbers written as asked and in one way: a bare number where one is demanded, no mix of 1,234.5 and 1.234,5?

import { failed, passed, type CheckedAnswer, type Finding } from "./finding.ts";
import { isProse, proseOf } from "./prose-of.ts";

const bareNumberDemand =
  /\b(?:(?:answer|reply|respond|return|output|give|print)\b[^.?!\n]{0,40}\b(?:only|just|nothing but)\b[^.?!\n]{0,20}|(?:only|just) (?:answer|reply|respond|return|output|give|print)\b[^.?!\n]{0,30})\b(?:a|an|the|one|single|bare)? ?(?:number|integer|digits?|numeric value)\b/i;
const bareNumber = /^[^\p{L}\p{N}]{0,4}\d[\d.,' _]{0,40}(?:[eE][+-]?\d{1,3})?[^\p{L}\p{N}]{0,4}$/u;
/** Grouped with commas and a decimal point, or the other way round; plain decimals could be either. */
const pointDecimal = /(?<![\d.,])\d{1,3}(?:,\d{3})+\.\d+(?![\d.,]\d)/;
const commaDecimal = /(?<![\d.,])\d{1,3}(?:\.\d{3})+,\d+(?![\d.,]\d)/;

export function checkNumberFormat(checked: CheckedAnswer): Finding | undefined {
  if (!isProse(checked)) return undefined;
  if (bareNumberDemand.test(checked.lastUserText)) {
    return bareNumber.test(checked.text.trim()) ? passed : failed("the question demands a bare number");
  }
  const prose = proseOf(checked.text);
  const mixed = pointDecimal.test(prose) && commaDecimal.test(prose);
  return mixed ? failed("decimal points and decimal commas are mixed") : passed;
}
