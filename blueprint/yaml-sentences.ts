// What the YAML reader complains about, in words that say what to change.

import type { YAMLError } from "yaml";
import type { DiagnosticCode } from "./diagnostic.ts";

type Sentences = { readonly code: DiagnosticCode; readonly message: string; readonly hint: string };

const indentation = "Lines that belong together begin in the same column; use two spaces for each level.";

const byCode: Readonly<Record<string, Omit<Sentences, "code"> & { readonly code?: DiagnosticCode }>> = {
  TAB_AS_INDENT: {
    code: "yaml-tab",
    message: "This line is indented by a tab.",
    hint: "YAML wants spaces: replace the tab by two spaces for each level.",
  },
  BAD_INDENT: { message: "The indentation of this line fits none of the lines above.", hint: indentation },
  MISSING_CHAR: {
    message: "Something that was opened is not closed before this place.",
    hint: "Look for a quote or a bracket that lacks its other half, and for a missing `:` or `,`.",
  },
  BLOCK_AS_IMPLICIT_KEY: {
    message: "A value here is text and `key: value` at once.",
    hint: "If it is text, put it in quotes. If the lines belong together, begin them in the same column.",
  },
  MULTILINE_IMPLICIT_KEY: {
    message: "This line is neither `key: value` nor part of a text.",
    hint: "A colon and a space belong between key and value: `name: my-agent`.",
  },
  BLOCK_IN_FLOW: { message: "Lines like these cannot stand inside of brackets.", hint: "Close the bracket first." },
  BAD_ALIAS: { code: "yaml-alias", message: "This alias cannot be read.", hint: "Write `*name`, or quote the text." },
  BAD_DQ_ESCAPE: {
    message: "Text in double quotes holds a backslash that means nothing.",
    hint: "Write `\\\\` for a backslash, or use single quotes: `'C:\\path'`.",
  },
  TAG_RESOLVE_FAILED: {
    code: "yaml-tag",
    message: "This value has a tag that a blueprint does not know.",
    hint: "Remove the word that begins with `!`, or put the text in quotes.",
  },
  MULTIPLE_ANCHORS: { message: "This value has two anchors.", hint: "Keep one." },
  MULTIPLE_TAGS: { message: "This value has two tags.", hint: "Remove them." },
  RESOURCE_EXHAUSTION: { code: "file-size", message: "Values are nested too deeply.", hint: "Write them out flat." },
};

export type SyntaxProblem = Pick<YAMLError, "code" | "message" | "pos"> & {
  /** Whether `pos` is that of a quote or a bracket that is not closed. */
  readonly opened: boolean;
};

const closing: Readonly<Record<string, string>> = { "[": "]", "{": "}" };

function notClosed(sign: string): Sentences {
  const end = closing[sign];
  return {
    code: "yaml-syntax",
    message:
      end === undefined ? `The text that begins at this ${sign} does not end.` : `This \`${sign}\` is not closed.`,
    hint: `Write ${end === undefined ? `another ${sign}` : `\`${end}\``} where it ends.`,
  };
}

/** The error's own words where nothing better is known. */
export function syntaxSentences(error: SyntaxProblem, source: string): Sentences {
  if (error.opened) return notClosed(source.charAt(error.pos[0]));
  if (error.code === "BAD_SCALAR_START") return badStart(source.charAt(error.pos[0]), source.slice(error.pos[0]));
  const known = byCode[error.code];
  if (known !== undefined) return { code: "yaml-syntax", ...known };
  return { code: "yaml-syntax", message: `This is not YAML: ${lowerFirst(error.message)}.`, hint: indentation };
}

/** A value such as `name: @acme/agent`. */
function badStart(character: string, rest: string): Sentences {
  const value = (/^[^\n#]*/.exec(rest)?.[0] ?? "").trim();
  const example = value.length > 0 && value.length < 80 && !value.includes('"') ? `"${value}"` : '"@acme/agent"';
  return {
    code: character === "@" ? "yaml-at-sign" : "yaml-syntax",
    message: `A value cannot begin with \`${character === "`" ? "'" : character}\` unless it is in quotes.`,
    hint: `Write it in quotes: ${example}.`,
  };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, "");
}
