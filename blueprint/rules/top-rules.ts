// Rules about the top of the file: version, name, the deprecated block, sections without entries, local schedules.

import type { Findings } from "../findings.ts";
import { accountPattern, agentNamePattern, isReserved, nameLength, nameLike, splitName } from "../names.ts";
import { nearest } from "../nearest.ts";
import { entriesAt, mappingAt, textAt, valueAt } from "../raw-values.ts";
import { allOf, quoted } from "../words.ts";

const knownSpecs = ["blueprint/v1", "package/v1", "astro/v1"];
const sections = ["models", "knowledge", "integrations", "providers", "inputs", "ingestion", "dev", "meta"];
const messagingAdapters = ["web", "slack"];
/** Five fields; which numbers make sense is for whoever runs the job. */
const cron = /^(?:[\d*/,\-a-zA-Z?LW#]+\s+){4}[\d*/,\-a-zA-Z?LW#]+$/;

export function checkTop(root: unknown, findings: Findings): void {
  checkSpec(root, findings);
  checkName(root, findings);
  checkEmptySections(root, findings);
  checkMeta(root, findings);
  checkDev(root, findings);
}

function checkSpec(root: unknown, findings: Findings): void {
  const spec = textAt(root, ["spec"]);
  if (spec === undefined || spec === "" || knownSpecs.includes(spec)) return;
  findings.warning({
    code: "spec-unknown",
    path: ["spec"],
    message: `${quoted(spec)} is no version that is known; the file is read as \`blueprint/v1\`.`,
    hint: "Write `spec: blueprint/v1`.",
    aim: "value",
  });
}

function checkName(root: unknown, findings: Findings): void {
  const written = textAt(root, ["name"]);
  if (written === undefined) return;
  const { scope, name } = splitName(written);
  const better = `${scope === undefined ? "" : `@${scope}/`}${nameLike(name)}`;
  const hint = `Write ${quoted(scope === undefined ? better : `"${better}"`)}, for example.`;
  const report = (code: "name-invalid" | "name-reserved", message: string, how: string) =>
    findings.error({ code, path: ["name"], message, hint: how, aim: "value" });
  if (scope !== undefined && !accountPattern.test(scope)) {
    report(
      "name-invalid",
      `The account ${quoted(scope)} in \`name\` is no account's name.`,
      'Write `"@account/name"`, or the name alone.',
    );
  } else if (name.length < nameLength.least || name.length > nameLength.most) {
    report(
      "name-invalid",
      `A name has ${nameLength.least} to ${nameLength.most} characters, and this one has ${name.length}.`,
      name.length > nameLength.most ? "Make it shorter." : hint,
    );
  } else if (isReserved(name)) {
    report("name-reserved", `${quoted(name)} is a name that the platform uses itself.`, hint);
  } else if (!agentNamePattern.test(name)) {
    const rule = "lower-case letters, digits and hyphens, with a letter at the beginning and no hyphen at the end";
    report("name-invalid", `${quoted(name)} is no name for an agent: names have ${rule}.`, hint);
  }
}

function checkEmptySections(root: unknown, findings: Findings): void {
  for (const section of sections) {
    if (valueAt(root, [section]) !== null) continue;
    findings.warning({
      code: "empty-section",
      path: [section],
      message: `${quoted(section)} has no entries.`,
      hint: "Remove the line, or add an entry under it.",
      aim: "key",
    });
  }
}

function checkMeta(root: unknown, findings: Findings): void {
  if (mappingAt(root, ["meta"]) === undefined) return;
  findings.warning({
    code: "meta-deprecated",
    path: ["meta"],
    message: "`meta` is deprecated.",
    hint: "Visibility is set in the registry (`ast push --visibility private`); description and tags stand in the head of AGENT.md.",
    aim: "key",
  });
}

function checkDev(root: unknown, findings: Findings): void {
  checkSchedules(root, findings);
  checkAdapters(root, findings);
}

function checkSchedules(root: unknown, findings: Findings): void {
  const schedules = entriesAt(root, ["dev", "schedules"]);
  const jobs = Object.keys(mappingAt(root, ["ingestion"]) ?? {});
  if (schedules.length > 0) {
    findings.warning({
      code: "schedules-inert",
      path: ["dev", "schedules"],
      message: "Nothing runs by `dev.schedules` on your machine.",
      hint: "Start a job by `ast project trigger`; schedules are given at deploy time: `ast deploy --schedule`.",
      aim: "key",
    });
  }
  for (const { name, path, value } of schedules) {
    if (!jobs.includes(name)) {
      const close = nearest(name, jobs);
      findings.warning({
        code: "job-unknown",
        path,
        message: `There is no job ${quoted(name)} in \`ingestion\`.`,
        hint: close === undefined ? undefined : `Did you mean ${quoted(close)}?`,
        aim: "key",
      });
    }
    if (typeof value === "string" && !cron.test(value.trim())) {
      findings.error({
        code: "schedule-invalid",
        path,
        message: "A schedule has five fields: minute, hour, day of the month, month, day of the week.",
        hint: 'For every morning at six: `"0 6 * * *"`.',
        aim: "value",
      });
    }
  }
}

/** In either form of `dev.interfaces`. */
function checkAdapters(root: unknown, findings: Findings): void {
  const older = valueAt(root, ["dev", "interfaces"]);
  const path = Array.isArray(older) ? ["dev", "interfaces"] : ["dev", "interfaces", "messaging", "adapters"];
  const adapters = valueAt(root, path);
  if (!Array.isArray(adapters)) return;
  adapters.forEach((adapter: unknown, index) => {
    if (typeof adapter !== "string" || messagingAdapters.includes(adapter)) return;
    const close = nearest(adapter, messagingAdapters);
    findings.warning({
      code: "adapter-unknown",
      path: [...path, index],
      message: `${quoted(adapter)} is no messaging adapter that is known, and is left out.`,
      hint: close === undefined ? `There are ${allOf(messagingAdapters)}.` : `Did you mean ${quoted(close)}?`,
      aim: "value",
    });
  });
}
