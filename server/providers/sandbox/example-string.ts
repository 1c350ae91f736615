// A string that a JSON Schema accepts: by format, by pattern, or free text of the right length.

import { numberAt, stringAt, type JsonObject } from "../../contracts/json.ts";
import { exampleOfPattern } from "./example-pattern.ts";

const lengthAtMost = 10_000;

const examplesByFormat: { readonly [format: string]: string } = {
  date: "2026-01-15",
  "date-time": "2026-01-15T09:30:00Z",
  time: "09:30:00Z",
  duration: "PT15M",
  email: "sample@example.com",
  "idn-email": "sample@example.com",
  hostname: "example.com",
  "idn-hostname": "example.com",
  ipv4: "192.0.2.1",
  ipv6: "2001:db8::1",
  uri: "https://example.com/sample",
  "uri-reference": "/sample",
  "uri-template": "https://example.com/{id}",
  iri: "https://example.com/sample",
  "iri-reference": "/sample",
  url: "https://example.com/sample",
  uuid: "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
  "json-pointer": "/sample",
  "relative-json-pointer": "0/sample",
  regex: "^sample$",
  byte: "c2FtcGxl",
  binary: "sample",
};

/** `freeText` is asked for only when neither format nor pattern decides. Lengths are in Unicode characters. */
export function exampleString(schema: JsonObject, freeText: () => string): string {
  const minimum = Math.min(numberAt(schema, "minLength") ?? 0, lengthAtMost);
  const maximum = Math.max(minimum, numberAt(schema, "maxLength") ?? lengthAtMost);
  const pattern = stringAt(schema, "pattern");
  const byPattern = pattern === undefined ? undefined : exampleOfPattern(pattern, minimum);
  if (byPattern !== undefined) return byPattern;
  const byFormat = examplesByFormat[stringAt(schema, "format") ?? ""];
  if (byFormat !== undefined) return byFormat;
  const characters = [...freeText()];
  while (characters.length < minimum) characters.push("x");
  return characters.slice(0, maximum).join("");
}
