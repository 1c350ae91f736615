// `astrolabe backup`: a data directory to start from again, copied while the server runs, and its ledger verified.

import { constants, copyFileSync, existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { verifyLedger } from "../../audit/verify-ledger.ts";
import { readLedgerSnapshot } from "../../storage/ledger-snapshot.ts";
import { UsageMistake, type CliAnswer, type CliCall, type CliCommand } from "../command.ts";
import { CliFailure } from "../control-client.ts";

const databaseName = "astrolabe.sqlite";
const secretName = "master.key";

export const backupCommand: CliCommand = {
  words: ["backup"],
  positionals: ["folder"],
  summary:
    "Copy a server's SQLite database and master secret to a new folder while it runs, and verify the copy's ledger",
  options: {},
  run: backup,
};

async function backup({ positionals, dataDir, environment }: CliCall): Promise<CliAnswer> {
  const [folder = ""] = positionals;
  if (environment["DATABASE_URL"]) {
    throw new CliFailure(
      "DATABASE_URL is set: the database is a Postgres. Copy it with pg_dump, and keep ASTROLABE_MASTER_KEY with it.",
    );
  }
  const source = join(dataDir, databaseName);
  if (!existsSync(source)) {
    throw new CliFailure(`There is no database in ${dataDir}: name the server's folder with --data-dir.`);
  }
  prepareFolder(folder);
  const { copyDatabase } = await import("../../storage/copy-database.ts");
  copyDatabase(source, join(folder, databaseName));
  const withSecret = copySecret(dataDir, folder);
  const location = { dataDir: folder, databaseUrl: undefined };
  const verified = await readLedgerSnapshot(location, (records) =>
    verifyLedger(records, { workspaceId: undefined, heads: [] }),
  );
  const { size } = statSync(join(folder, databaseName));
  const sound = verified.findingCount === 0;
  const { workspaces, entries, findingCount } = verified;
  return {
    json: { folder, bytes: size, master_secret: withSecret, workspaces, entries, finding_count: findingCount },
    lines: [
      `Copied ${size} bytes to ${folder}: ${entries} ledger entries of ${workspaces} workspaces.`,
      withSecret
        ? "The master secret is in it too: whoever has this folder has everybody's keys. Keep it closed."
        : "The master secret is not in it: keep ASTROLABE_MASTER_KEY elsewhere, without it nobody's keys work.",
      sound
        ? `Start from it with ASTROLABE_DATA_DIR=${folder}`
        : `The ledger does not verify (${findingCount} findings): run astrolabe ledger verify --data-dir ${folder}`,
    ],
    failed: !sound,
  };
}

/** A folder that is new or empty, for its owner alone. */
function prepareFolder(folder: string): void {
  if (folder === "") throw new UsageMistake("A folder for the copy is needed.");
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (readdirSync(folder).length === 0) return;
  } catch (cause) {
    throw new CliFailure(`${folder} cannot be used: ${cause instanceof Error ? cause.message : String(cause)}.`, {
      cause,
    });
  }
  throw new CliFailure(`${folder} is not empty: name a new folder, so that no copy is ever half another.`);
}

function copySecret(from: string, to: string): boolean {
  if (!existsSync(join(from, secretName))) return false;
  copyFileSync(join(from, secretName), join(to, secretName), constants.COPYFILE_EXCL);
  return true;
}
