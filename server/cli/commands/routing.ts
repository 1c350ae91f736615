// `astrolabe routing ...`: the routing laboratory, loaded when asked for: no server ever has it in memory.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { UsageMistake, type CliAnswer, type CliCall, type CliCommand, type CliOption } from "../command.ts";
import { textTable } from "../text-table.ts";

const dataOption: CliOption = {
  type: "string",
  placeholder: "<folder>",
  summary: "Graded prompts, as routing/data reads them",
  required: true,
};

const seedOption: CliOption = { type: "string", placeholder: "<number>", summary: "Deals the folds (default 1)" };

export const routingCommands: readonly CliCommand[] = [
  {
    words: ["routing", "evaluate"],
    positionals: [],
    summary: "Measure the router on graded prompts; exits with 1 when a target is not met",
    options: {
      data: dataOption,
      test: { type: "string", placeholder: "<folder>", summary: "Measure on these, trained on all of --data" },
      target: { type: "string", placeholder: "<names>", summary: "Only these, such as T1,T5 (default: all)" },
      seed: seedOption,
      record: { type: "string", placeholder: "<file>", summary: "Add the report to this file, the newest first" },
    },
    run: evaluateRouting,
  },
  {
    words: ["routing", "train"],
    positionals: [],
    summary: "Train the weights of the router's forecasts on graded prompts",
    options: {
      data: dataOption,
      out: { type: "string", placeholder: "<file>", summary: "Write the weights there", required: true },
      seed: seedOption,
    },
    run: trainRouting,
  },
];

async function trainRouting(call: CliCall): Promise<CliAnswer> {
  const [data, out, seed] = [call.text("data") ?? "", call.text("out") ?? "", seedOf(call)];
  const { trainShippedWeights } = await import("../../../routing/shipped-weights.ts");
  call.tell("Training.");
  const { file, models, prompts } = trainShippedWeights(data, seed);
  writeFileSync(out, file);
  return {
    json: { file: out, bytes: file.length, models, prompts, seed },
    lines: [`${out}: ${file.length} bytes, forecasts for ${models} models, trained on ${prompts} prompts.`],
  };
}

async function evaluateRouting(call: CliCall): Promise<CliAnswer> {
  const [data, test, seed] = [call.text("data") ?? "", call.text("test"), seedOf(call)];
  const { evaluate } = await import("../../../routing/evaluate/evaluate.ts");
  const { trainForecaster } = await import("../../../routing/train/train-weights.ts");
  const { reportJson, reportNotes, reportRows, reportSummary, reportTitles, textColumns } =
    await import("../../../routing/evaluate/report.ts");
  const report = evaluate({
    data,
    test,
    targets: call.text("target")?.split(","),
    seed,
    trainer: trainForecaster,
    onTarget: (name) => call.tell(`Measuring ${name}.`),
    clock: () => performance.now(),
  });
  const record = call.text("record");
  if (record !== undefined) {
    const { recordedReport } = await import("../../../routing/evaluate/markdown-report.ts");
    const facts = { date: new Date().toISOString().slice(0, 10), commit: commitOf(), command: commandOf(call) };
    writeFileSync(record, recordedReport(report, facts, existsSync(record) ? readFileSync(record, "utf8") : undefined));
  }
  const columns = reportTitles.map((title, index) => ({
    title,
    align: index < textColumns ? ("left" as const) : ("right" as const),
  }));
  const json = reportJson(report);
  return {
    json,
    lines: [
      ...textTable(columns, reportRows(report)),
      "",
      "saved@quality in percent of the reference; best single: the best model that cost no more.",
      ...reportNotes(report),
      "",
      reportSummary(report),
      ...(record === undefined ? [] : [`Recorded in ${record}.`]),
    ],
    failed: json["ok"] !== true,
  };
}

function seedOf(call: CliCall): number {
  const text = call.text("seed") ?? "1";
  if (!/^\d{1,9}$/.test(text)) throw new UsageMistake("--seed must be a whole number such as 1.");
  return Number(text);
}

/** Of the checkout that it runs in. */
function commitOf(): string {
  const asked = Bun.spawnSync(["git", "rev-parse", "--short", "HEAD"], { stderr: "ignore" });
  return asked.exitCode === 0 ? asked.stdout.toString().trim() : "unknown";
}

function commandOf(call: CliCall): string {
  const given = ["data", "test", "target", "seed"].flatMap((name) => {
    const value = call.text(name);
    return value === undefined ? [] : [`--${name} ${value}`];
  });
  return ["astrolabe routing evaluate", ...given].join(" ");
}
