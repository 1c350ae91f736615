// Usage exports of providers, read into one form. Which one it is is seen by its columns.

import { parse } from "csv-parse/sync";
import { parseObject, type Json } from "../contracts/json.ts";
import { picodollars, picodollarsPerUsd, type Picodollars } from "../money/picodollars.ts";
import type { Period } from "./ledger-records.ts";

/** One row of an export. What the export does not state is undefined. */
export type ProviderCharge = {
  /** In the provider's words. */
  readonly model: string;
  readonly requests: number | undefined;
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
  readonly cost: Picodollars | undefined;
};

type Row = { readonly [column: string]: string | undefined };

type Format = {
  readonly name: string;
  /** An export that has them all is of this format. */
  readonly columns: readonly string[];
  /** Where the row's time stands; rows without one count for every period. */
  readonly time: readonly string[];
  /** Undefined for rows that charge nothing to any model. */
  readonly read: (row: Row) => ProviderCharge | undefined;
};

/** The first that fits is taken. */
export const providerFormats: readonly Format[] = [
  {
    name: "OpenRouter activity, one row a request",
    columns: ["model_permaslug", "tokens_prompt", "tokens_completion", "cost_total"],
    time: ["created_at"],
    read: (row) => ({
      model: row["model_permaslug"] ?? "",
      requests: 1,
      inputTokens: count(row, "tokens_prompt"),
      outputTokens: count(row, "tokens_completion"),
      cost: cost(row, "cost_total"),
    }),
  },
  {
    name: "OpenRouter activity, one row a day and model",
    columns: ["model", "requests", "prompt_tokens", "completion_tokens", "usage"],
    time: ["date"],
    read: (row) => ({
      model: row["model"] ?? "",
      requests: count(row, "requests"),
      inputTokens: count(row, "prompt_tokens"),
      outputTokens: count(row, "completion_tokens"),
      cost: cost(row, "usage"),
    }),
  },
  {
    name: "OpenAI usage",
    columns: ["start_time", "model", "num_model_requests", "input_tokens"],
    time: ["start_time"],
    read: (row) =>
      row["model"]
        ? {
            model: row["model"],
            requests: count(row, "num_model_requests"),
            inputTokens: count(row, "input_tokens"),
            outputTokens: count(row, "output_tokens"),
            cost: undefined,
          }
        : undefined,
  },
  {
    name: "OpenAI costs, grouped by line item",
    columns: ["start_time", "amount_value", "line_item"],
    time: ["start_time"],
    read: (row) =>
      row["amount_value"]
        ? {
            // `gpt-5.4, input`; without grouping the item is empty.
            model: (row["line_item"] ?? "").split(",")[0]?.trim() || "(not grouped by line item)",
            requests: undefined,
            inputTokens: undefined,
            outputTokens: undefined,
            cost: cost(row, "amount_value"),
          }
        : undefined,
  },
  {
    name: "plain",
    columns: ["model", "requests", "input_tokens", "output_tokens", "cost_usd"],
    time: ["date"],
    read: (row) => ({
      model: row["model"] ?? "",
      requests: count(row, "requests"),
      inputTokens: count(row, "input_tokens"),
      outputTokens: count(row, "output_tokens"),
      cost: cost(row, "cost_usd"),
    }),
  },
];

export type ProviderExport = { readonly format: string; readonly charges: readonly ProviderCharge[] };

/**
 * Reads an export: CSV with a header, or JSON lines with the same names.
 * @throws Error that names the accepted columns, or the row that cannot be read
 */
export function readProviderExport(text: string, period: Period): ProviderExport {
  const { names, rows } = text.trimStart().startsWith("{") ? jsonTable(text) : csvTable(text);
  const format = providerFormats.find(({ columns }) => columns.every((column) => names.includes(column)));
  if (!format) {
    const accepted = providerFormats.map(({ name, columns }) => `  ${name}: ${columns.join(", ")}`);
    const found = names.length === 0 ? "no columns" : `the columns ${names.slice(0, 30).join(", ")}`;
    throw new Error(`The export has ${found}. Accepted are exports with:\n${accepted.join("\n")}`);
  }
  const charges = rows.flatMap((row, index) => {
    try {
      return isWithin(timeOf(row, format), period) ? (format.read(row) ?? []) : [];
    } catch (thrown) {
      throw new Error(`Row ${index + 1} of the export: ${thrown instanceof Error ? thrown.message : String(thrown)}.`, {
        cause: thrown,
      });
    }
  });
  return { format: format.name, charges };
}

type Table = { readonly names: readonly string[]; readonly rows: readonly Row[] };

function csvTable(text: string): Table {
  const lines = parse(text, { bom: true, trim: true, skip_empty_lines: true });
  const [names = [], ...rows] = lines;
  return { names, rows: rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index]]))) };
}

function jsonTable(text: string): Table {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const rows = lines.map((line) => {
    const fields = Object.entries(parseObject(line) ?? {});
    return Object.fromEntries(fields.map(([name, field]) => [name, fieldText(field)]));
  });
  return { names: Object.keys(rows[0] ?? {}), rows };
}

function fieldText(field: Json | undefined): string | undefined {
  return typeof field === "string" || typeof field === "number" ? String(field) : undefined;
}

function isWithin(time: number | undefined, { from, to }: Period): boolean {
  return time === undefined || ((from === undefined || time >= from) && (to === undefined || time < to));
}

/** Unix milliseconds. Providers write Unix seconds, or a time that is UTC whether it says so or not. */
function timeOf(row: Row, { time }: Format): number | undefined {
  const text = time.map((column) => row[column]).find((value) => value);
  if (text === undefined) return undefined;
  if (/^\d{9,10}$/.test(text)) return Number(text) * 1_000;
  const withZone = /(?:Z|[+-]\d{2}:?\d{2})$/.test(text) || text.length <= 10 ? text : `${text}Z`;
  const milliseconds = Date.parse(withZone.replace(" ", "T"));
  if (Number.isNaN(milliseconds)) throw new Error(`the time ${text} cannot be read`);
  return milliseconds;
}

/** Exports write whole counts, some of them as `3.0`; empty is none. */
function count(row: Row, column: string): number | undefined {
  const text = row[column];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`${column} is \`${text}\`, which is no count`);
  return value;
}

/** Decimal USD, of which what is beyond 12 places is cut off; `1e-7` as well. */
function cost(row: Row, column: string): Picodollars {
  const text = row[column] ?? "";
  const decimal = /^-?\d+(?:\.\d+)?e[+-]?\d+$/i.test(text) ? Number(text).toFixed(15) : text;
  const match = /^(-?)\$?(\d{1,12})(?:\.(\d*))?$/.exec(decimal);
  if (!match) throw new Error(`${column} is \`${text}\`, which is no amount`);
  const [, sign, whole = "0", fraction = ""] = match;
  const amount = BigInt(whole) * picodollarsPerUsd + BigInt(fraction.slice(0, 12).padEnd(12, "0"));
  return picodollars(sign === "-" ? -amount : amount);
}
