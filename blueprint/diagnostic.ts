// What is wrong with a blueprint, or will surprise: one finding with the place it is at and the way out.

export type Diagnostic = {
  /** An error makes the blueprint unusable; a warning does not. */
  readonly severity: "error" | "warning";
  /** Stable, kebab-case: `unknown-key`. */
  readonly code: DiagnosticCode;
  /** Dotted, list entries in brackets: `agent.inputs[0].name`. Empty for the whole file. */
  readonly path: string;
  /** A sentence: what is wrong. Never holds the default of a secret. */
  readonly message: string;
  /** A sentence: what to do about it. */
  readonly hint?: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units as editors count. */
  readonly column: number;
  readonly endLine: number;
  /** One after the last character. */
  readonly endColumn: number;
};

export const diagnosticCodes = {
  "yaml-syntax": "The text is not YAML.",
  "yaml-tab": "A line is indented by a tab.",
  "yaml-at-sign": "A value begins with an unquoted `@`.",
  "yaml-line-numbers": "Line numbers were copied along with the text.",
  "yaml-documents": "The file holds more than one document.",
  "yaml-alias": "An alias or a merge key has no anchor, is not a mapping, or repeats too much.",
  "yaml-duplicate-key": "A key stands twice in one mapping.",
  "yaml-key": "A key is not plain text.",
  "yaml-tag": "A value has a tag that is not understood.",
  "file-empty": "The file holds nothing.",
  "file-size": "The file is longer or deeper than allowed.",
  "file-shape": "The file is not a mapping of keys to values.",
  "unknown-key": "A key that does not exist here.",
  "missing-key": "A key that must be there is not.",
  "wrong-type": "A value of another type than expected.",
  "wrong-value": "A value that is not among the allowed ones.",
  "wrong-format": "A text of another form than expected.",
  "wrong-size": "A text, list or number is too short, too long or empty.",
  "empty-section": "A section has no entries.",
  "name-invalid": "The agent's name breaks the rules for names.",
  "name-reserved": "The agent's name is the platform's own.",
  "name-missing": "The file has no name; the folder's is used.",
  "spec-missing": "The file does not say its version; blueprint/v1 is assumed.",
  "spec-unknown": "The version is not one that is known.",
  "image-and-build": "Both `image` and `build` are given.",
  "image-or-build": "Neither `image` nor `build` is given.",
  "provider-and-container": "Both `provider` and `container` are given.",
  "provider-or-container": "Neither `provider` nor `container` is given.",
  "provider-scope": "A custom provider is used in a section outside of its scope.",
  "provider-section": "A built-in provider is used in another section than its own.",
  "provider-unknown": "A provider that is neither built in nor declared.",
  "provider-shadows": "A custom provider has the name of a built-in one.",
  "provider-unused": "A custom provider is declared and used by no entry.",
  "model-and-models": "Both `model` and `models` are given.",
  "model-deprecated": "`model` stands for a list of one.",
  "models-unused": "`models` stands where it has no effect.",
  "gateway-twice": "The gateway is asked for in both forms.",
  "gateway-boolean": "The gateway is asked for in the deprecated form.",
  "select-options": "A choice without options.",
  "select-default": "A default that is not among the options.",
  "default-datatype": "A default that is not of its datatype.",
  "secret-default": "A secret with a default.",
  "input-name": "A name that cannot be an environment variable's.",
  "input-twice": "An input is declared twice for one container.",
  "input-unreachable": "Inputs of an entry that has no container.",
  "input-shadows": "An input with the name of a variable that is set anyway.",
  "variable-collision": "Two entries give one variable.",
  "workload-collision": "Two entries would run under one name.",
  "entry-name": "An entry's name cannot be used.",
  "duration-invalid": "A text that is not a duration.",
  "healthcheck-empty": "A health check that checks nothing.",
  "skill-twice": "A skill is listed twice.",
  "connection-twice": "A connection's provider is listed twice.",
  "package-name": "A package name that a package manager or a shell could misread.",
  "port-missing": "A container that is reached by others names no port.",
  "meta-deprecated": "The `meta` block is deprecated.",
  "schedules-inert": "Schedules that do nothing locally.",
  "adapter-unknown": "A messaging adapter that is not known.",
  "schedule-invalid": "A schedule that is not a cron expression of five fields.",
  "job-unknown": "A schedule for a job that does not exist.",
} as const;

export type DiagnosticCode = keyof typeof diagnosticCodes;

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === "error");
}
