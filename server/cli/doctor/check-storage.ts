// The data folder, the master secret and the database: there, closed to others, with room, and of this version.

import { existsSync, statfsSync, statSync } from "node:fs";
import { join } from "node:path";
import { openForReading, requireCurrentSchema, type LedgerLocation } from "../../storage/ledger-snapshot.ts";
import { ok, problem, reasonOf, warning, type Finding } from "./finding.ts";

/** A server that writes a few requests a second fills a gigabyte in a day or two. */
const littleRoomBytes = 1_000_000_000;
const openToOthers = 0o077;

/** @param withSecretInEnvironment the master secret is not in the folder. */
export function checkFolder(dataDir: string, withSecretInEnvironment: boolean): readonly Finding[] {
  const about = "data folder";
  if (!existsSync(dataDir)) return [warning(about, `${dataDir} is not there yet; the first start makes it.`)];
  const findings = [checkMode(about, dataDir, "chmod 700")];
  const secret = join(dataDir, "master.key");
  if (withSecretInEnvironment) findings.push(ok("master secret", "It is in ASTROLABE_MASTER_KEY."));
  else if (existsSync(secret)) findings.push(checkMode("master secret", secret, "chmod 600"));
  else findings.push(warning("master secret", `${secret} is not there yet; the first start makes it.`));
  const { bavail, bsize } = statfsSync(dataDir);
  const free = bavail * bsize;
  const room = `${(free / 1_000_000_000).toFixed(1)} GB are free.`;
  findings.push(free < littleRoomBytes ? warning("disk", `Only ${room}`) : ok("disk", room));
  return findings;
}

function checkMode(about: string, path: string, mend: string): Finding {
  const { mode } = statSync(path);
  if ((mode & openToOthers) === 0) return ok(about, `${path} is its owner's alone.`);
  return warning(about, `${path} is open to other users of this machine: ${mend} ${path}`);
}

/** Reads only; whether a server runs makes no difference. */
export async function checkDatabase(location: LedgerLocation): Promise<Finding> {
  const about = "database";
  const { databaseUrl, dataDir } = location;
  if (databaseUrl === undefined && !existsSync(join(dataDir, "astrolabe.sqlite"))) {
    return warning(about, "There is none yet; the first start makes it.");
  }
  try {
    const query = await openForReading(location);
    try {
      await requireCurrentSchema(query);
    } finally {
      await query.destroy();
    }
    return ok(about, `${databaseUrl === undefined ? "SQLite" : "Postgres"} answers, with tables of this version.`);
  } catch (thrown) {
    return problem(about, reasonOf(thrown));
  }
}
