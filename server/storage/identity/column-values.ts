// Carries the values of identity's tables over: dates are whole milliseconds in the database, yes and no are 1 and 0, and
// integers come back as bigint.

import {
  OperationNodeTransformer,
  type KyselyPlugin,
  type PrimitiveValueListNode,
  type QueryResult,
  type UnknownRow,
  type ValueNode,
} from "kysely";

const dateColumn = /(?:At|Until)$/;
const yesOrNoColumns: ReadonlySet<string> = new Set([
  "emailVerified",
  "twoFactorEnabled",
  "isOperator",
  "verified",
  "backedUp",
]);

/** To stand behind a plugin that gives columns their camelCase names. */
export function columnValues(): KyselyPlugin {
  const writer = new ValueWriter();
  return {
    transformQuery: ({ node, queryId }) => writer.transformNode(node, queryId),
    transformResult: async ({ result }) => readRows(result),
  };
}

class ValueWriter extends OperationNodeTransformer {
  protected override transformValue(node: ValueNode): ValueNode {
    return { ...node, value: written(node.value) };
  }

  protected override transformPrimitiveValueList(node: PrimitiveValueListNode): PrimitiveValueListNode {
    return { ...node, values: node.values.map(written) };
  }
}

function written(value: unknown): unknown {
  if (value instanceof Date) return value.getTime();
  return typeof value === "boolean" ? Number(value) : value;
}

function readRows(result: QueryResult<UnknownRow>): QueryResult<UnknownRow> {
  const rows = result.rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([column, value]) => [column, read(column, value)])),
  );
  return { ...result, rows };
}

function read(column: string, value: unknown): unknown {
  if (typeof value !== "bigint" && typeof value !== "number") return value;
  if (dateColumn.test(column)) return new Date(Number(value));
  return yesOrNoColumns.has(column) ? Number(value) !== 0 : Number(value);
}
