// Words and calls that the source does without, each with what to use instead.

import type { SourceFile } from "./source-tree.ts";

export type BannedText = {
  /** Searched in each line's code, or in the whole line for words that hide in comments. */
  readonly pattern: RegExp;
  readonly where: "code" | "line";
  readonly applies: (file: SourceFile) => boolean;
  /** `what is wrong, use X instead`. */
  readonly rule: string;
};

const everywhere = (): boolean => true;
const inServer = (file: SourceFile): boolean => file.path.startsWith("server/");
const inServerSource = (file: SourceFile): boolean => inServer(file) && !file.isTest;
const inTypeScript = (file: SourceFile): boolean => !file.path.endsWith(".mjs");

export const bannedTexts: readonly BannedText[] = [
  {
    pattern: /\bJSON\.parse\(/,
    where: "code",
    applies: (file) =>
      inTypeScript(file) && !["server/contracts/json.ts", "console/src/api/parse-json.ts"].includes(file.path),
    rule: "JSON.parse throws and its result is untyped, use a reader of contracts/json.ts or the console's parseJson instead",
  },
  {
    pattern: /\bMath\.random\(/,
    where: "code",
    applies: everywhere,
    rule: "a run with Math.random cannot be repeated, use randomness given by parameter instead",
  },
  {
    pattern: /\b(?:Number\(|parseFloat\(|parseInt\()|\.toFixed\(/,
    where: "code",
    applies: (file) => /^server\/(?:money|ledger)\//.test(file.path) && !file.isTest,
    rule: "a float loses picodollars, use bigint with parseUsd and formatUsd instead",
  },
  {
    pattern: /\bas any\b|<any>|:\s*any\b/,
    where: "code",
    applies: inTypeScript,
    rule: "`any` switches the compiler off, use unknown and a reader of contracts/json.ts instead",
  },
  {
    pattern: /[\w)\]]!(?:\.|\[|\)|,|;)/,
    where: "code",
    applies: inTypeScript,
    rule: "a non-null `!` is an unchecked promise, use a check that handles absence instead",
  },
  {
    pattern: /@ts-(?:ignore|expect-error|nocheck)/,
    where: "line",
    applies: everywhere,
    rule: "a silenced type error is still an error, use types that say what is true instead",
  },
  {
    pattern: /(?:oxlint|eslint)-disable/,
    where: "line",
    applies: everywhere,
    rule: "an exception hides in the line, use an override with its reason in .oxlintrc.json instead",
  },
  {
    pattern: /\b(?:test|it|describe)\.(?:skip|skipIf|only|todo|todoIf|if)\b/,
    where: "code",
    applies: (file) => file.isTest,
    rule: "a test that does not run proves nothing, use a test that runs everywhere instead",
  },
  {
    pattern: /\b(?:TODO|FIXME|XXX|HACK)\b/,
    where: "line",
    applies: everywhere,
    rule: "a note to do something later is not done, use the code that does it instead",
  },
  {
    pattern: /\|\|\s*0n?\b/,
    where: "code",
    applies: inServerSource,
    rule: "`|| 0` turns unknown into zero, use a check for undefined instead",
  },
  {
    pattern: /\bprocess\.env\b|\bBun\.env\b/,
    where: "code",
    applies: (file) => inServerSource(file) && !/^server\/(?:main|config)\.ts$/.test(file.path),
    rule: "the environment is read once, use a field of the configuration given by parameter instead",
  },
  {
    pattern: /^\s*export default\b/,
    where: "code",
    applies: (file) => !file.path.endsWith(".d.ts"),
    rule: "a default export has no name to search for, use a named export instead",
  },
];

/** These rules' own tables spell out what they ban. */
export const describesTheRules = /^tests\/tidy/;
