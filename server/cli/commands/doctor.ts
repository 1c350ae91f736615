// `astrolabe doctor`: looks at an installation, running or not, and says what is wrong with it and what to do.

import type { CliAnswer, CliCall, CliCommand, CliSettings } from "../command.ts";
import { serverUrl } from "../control-client.ts";
import { checkDatabase, checkFolder } from "../doctor/check-storage.ts";
import { checkUpstreams } from "../doctor/check-upstreams.ts";
import { ok, problem, reasonOf, warning, type Finding } from "../doctor/finding.ts";
import { readyCommand } from "./ready.ts";

const loopback = /^(localhost|127(\.\d+){3}|::1|\[::1\])$/;

export const doctorCommand: CliCommand = {
  words: ["doctor"],
  positionals: [],
  summary: "Look at settings, data folder, database, server and upstreams; exits with 1 when something does not work",
  options: {},
  run: doctor,
};

async function doctor(call: CliCall): Promise<CliAnswer> {
  const findings = await look(call);
  const failed = findings.some(({ state }) => state === "problem");
  const marks = { ok: "ok      ", warning: "warning ", problem: "PROBLEM " } as const;
  return {
    json: { ok: !failed, findings: findings.map(({ about, state, says }) => ({ about, state, says })) },
    lines: findings.map(({ about, state, says }) => `${marks[state]} ${about}: ${says}`),
    failed,
  };
}

async function look(call: CliCall): Promise<readonly Finding[]> {
  const config = settingsOf(call);
  if (!("host" in config)) return [config];
  const { databaseUrl, masterKey, upstreams } = config;
  return [
    ok("settings", "Every variable is understood."),
    ...checkAddress(config),
    ...checkFolder(call.dataDir, masterKey !== undefined),
    await checkDatabase({ databaseUrl, dataDir: call.dataDir }),
    await checkServer(call),
    ...(await checkUpstreams(upstreams)),
  ];
}

function settingsOf({ settings }: CliCall): CliSettings | Finding {
  try {
    return settings();
  } catch (thrown) {
    return problem("settings", reasonOf(thrown));
  }
}

/** Keys and passwords travel in the clear where a public address is not https. */
function checkAddress({ host, publicUrl }: CliSettings): readonly Finding[] {
  if (publicUrl === undefined) {
    if (loopback.test(host)) return [];
    return [
      warning(
        "address",
        `It listens on ${host} without ASTROLABE_PUBLIC_URL: links in letters and the console will not work for others.`,
      ),
    ];
  }
  const { protocol, hostname } = new URL(publicUrl);
  if (protocol === "https:" || loopback.test(hostname)) return [ok("address", `Others reach it at ${publicUrl}.`)];
  return [warning("address", `${publicUrl} is not https: keys and passwords travel in the clear.`)];
}

async function checkServer(call: CliCall): Promise<Finding> {
  const address = call.text("url") ?? serverUrl(call.environment);
  try {
    const { lines, failed } = await readyCommand.run(call);
    return failed ? problem("server", lines.join("; ")) : ok("server", `It takes requests at ${address}.`);
  } catch {
    return warning("server", `Nothing answers at ${address}. Start it with: npm start`);
  }
}
