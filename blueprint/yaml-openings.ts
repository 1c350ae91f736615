// Finds the quote or the bracket that was never closed: the reader of YAML only knows where it missed the other half.

import { isCollection, isScalar, visit, type Document, type YAMLError } from "yaml";

/** Where the opening sign stands; undefined when the error is another one. */
export function openedBefore(document: Document.Parsed, error: YAMLError): [number, number] | undefined {
  const quote = error.code === "MISSING_CHAR" && error.message.includes("quote");
  const bracket = /must be sufficiently indented and end with|Expected flow .* to end with/.test(error.message);
  if (!quote && !bracket) return undefined;
  let opened: number | undefined;
  visit(document, {
    Node: (_, node) => {
      const fits = quote
        ? isScalar(node) && (node.type ?? "").startsWith("QUOTE")
        : isCollection(node) && node.flow === true;
      const start = node.range?.[0];
      if (fits && start !== undefined && start <= error.pos[0]) opened = Math.max(opened ?? 0, start);
    },
  });
  return opened === undefined ? undefined : [opened, opened + 1];
}
