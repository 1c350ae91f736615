// The pool as Kysely uses it, with one difference: a database that is away is a 503 with a time to wait.

import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from "kysely";
import type { Pool, PoolClient } from "pg";
import { asSeen } from "./failures.ts";
import { withoutNul } from "./without-nul.ts";

export function reachablePool(pool: Pool): PostgresPool {
  return {
    connect: async () => new ReachableClient(await seen(pool.connect())),
    end: () => pool.end(),
  };
}

class ReachableClient implements PostgresPoolClient {
  readonly #client: PoolClient;

  constructor(client: PoolClient) {
    this.#client = client;
  }

  query<Row>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<Row>>;
  query<Row>(cursor: PostgresCursor<Row>): PostgresCursor<Row>;
  query<Row>(
    asked: string | PostgresCursor<Row>,
    parameters: readonly unknown[] = [],
  ): Promise<PostgresQueryResult<Row>> | PostgresCursor<Row> {
    if (typeof asked !== "string") throw new Error("cursors are not used here");
    return seen(this.#ask<Row>(asked, parameters.map(withoutNul)));
  }

  release(): void {
    this.#client.release();
  }

  async #ask<Row>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<Row>> {
    const { command, rowCount, rows } = await this.#client.query(sql, [...parameters]);
    if (!isReported(command)) return { command: "SELECT", rowCount: rowCount ?? 0, rows };
    return { command, rowCount: rowCount ?? 0, rows };
  }
}

const reportedCommands = ["UPDATE", "DELETE", "INSERT", "SELECT", "MERGE"] as const;

function isReported(command: string): command is (typeof reportedCommands)[number] {
  return reportedCommands.some((known) => known === command);
}

async function seen<Value>(asked: Promise<Value>): Promise<Value> {
  try {
    return await asked;
  } catch (error) {
    throw asSeen(error);
  }
}
