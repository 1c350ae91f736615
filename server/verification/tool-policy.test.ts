import { describe, expect, test } from "bun:test";
import type { ToolCapability } from "../contracts/policy.ts";
import { guessCapabilities, nameWords } from "./tool-capabilities.ts";
import { checkToolCalls, type ToolPolicyInput } from "./tool-policy.ts";

function judge(names: string | readonly string[], more: Partial<ToolPolicyInput> = {}) {
  const list = typeof names === "string" ? [names] : names;
  return checkToolCalls({
    calls: list.map((name, index) => ({ type: "tool-call", callId: `c${index}`, name, arguments: "{}" })),
    profile: "default",
    declared: {},
    untrustedContent: false,
    confirmed: false,
    ...more,
  });
}

describe("guessing from a name", () => {
  const guesses: { readonly [name: string]: readonly ToolCapability[] } = {
    send_email: ["external_comms"],
    "send-email": ["external_comms"],
    sendEmail: ["external_comms"],
    SendSMSMessage: ["external_comms"],
    slackPostMessage: ["external_comms"],
    list_emails: ["read_remote"],
    get_weather: ["read_remote"],
    searchWeb: ["read_remote"],
    read_file: ["read_local"],
    "list-directory": ["read_local"],
    grep: ["read_local"],
    write_file: ["workspace_write"],
    applyPatch: ["workspace_write"],
    str_replace_based_edit_tool: ["workspace_write"],
    create_issue: ["remote_write"],
    updateCRMRecord: ["remote_write"],
    delete_user: ["financial_or_destructive"],
    transferMoney: ["financial_or_destructive"],
    "issue-refund": ["financial_or_destructive"],
    get_order_status: ["read_remote"],
    get_password: ["credential_access"],
    rotateApiKey: ["credential_access"],
    run_command: ["code_exec"],
    bash: ["code_exec"],
    executePython: ["code_exec"],
    frobnicate: [],
  };
  for (const [name, capabilities] of Object.entries(guesses)) {
    test(`takes ${name} for ${capabilities.join(", ") || "unknown"}`, () => {
      expect(guessCapabilities({ name, arguments: "{}" })).toEqual(capabilities);
    });
  }

  test("looks into the arguments for methods and destruction", () => {
    const of = (name: string, text: string) => guessCapabilities({ name, arguments: text });
    expect(of("fetch_url", '{"method":"GET","url":"https://example.com"}')).toEqual(["read_remote"]);
    expect(of("fetch_url", '{"method":"post"}')).toEqual(["read_remote", "remote_write"]);
    expect(of("fetch_url", '{"options":{"method":"DELETE"}}')).toContain("financial_or_destructive");
    expect(of("bash", '{"command":"rm -rf /"}')).toEqual(["code_exec", "financial_or_destructive"]);
    expect(of("query_database", '{"sql":"DROP TABLE users"}')).toContain("financial_or_destructive");
  });

  test("cuts names at every change of style", () => {
    expect(nameWords("getHTTPResponse_from-v2Api")).toEqual(["get", "http", "response", "from", "v", "2", "api"]);
  });
});

describe("the default profile", () => {
  test("allows answers without tool calls, and calls that read, write the workspace, run code or are unknown", () => {
    expect(judge([])).toEqual({ status: "allow" });
    expect(judge(["read_file", "search_web", "write_file", "bash", "frobnicate"])).toEqual({ status: "allow" });
  });

  test("wants a person for messages, credentials, remote writes and what cannot be undone", () => {
    for (const [tool, capability] of [
      ["send_email", "external_comms"],
      ["get_password", "credential_access"],
      ["create_issue", "remote_write"],
      ["delete_user", "financial_or_destructive"],
    ] as const) {
      expect(judge(["read_file", tool])).toMatchObject({ status: "approval_required", tool, capability });
      expect(judge(tool, { confirmed: true })).toEqual({ status: "allow" });
    }
  });

  test("wants a person for every call of a request classified as needing approval", () => {
    expect(judge("read_file", { approvalRequired: true })).toMatchObject({
      status: "approval_required",
      tool: "read_file",
    });
    expect(judge([], { approvalRequired: true })).toEqual({ status: "allow" });
  });

  test("believes a declaration before a name, an empty one too", () => {
    expect(judge("frobnicate", { declared: { frobnicate: ["remote_write"] } }).status).toBe("approval_required");
    expect(judge("send_email", { declared: { send_email: ["read_local"] } }).status).toBe("allow");
    expect(judge("delete_draft", { declared: { delete_draft: [] } }).status).toBe("allow");
    expect(judge("toString", { declared: {} }).status).toBe("allow");
  });
});

describe("the read-only profile", () => {
  test("allows what reads and blocks everything else, confirmed or not", () => {
    expect(judge(["read_file", "search_web"], { profile: "read_only" }).status).toBe("allow");
    for (const tool of ["write_file", "bash", "send_email", "frobnicate"]) {
      expect(judge(["read_file", tool], { profile: "read_only", confirmed: true })).toMatchObject({
        status: "blocked",
        tool,
      });
    }
  });
});

test("the blocked profile blocks every call and no answer without one", () => {
  expect(judge("read_file", { profile: "blocked", confirmed: true })).toMatchObject({
    status: "blocked",
    tool: "read_file",
  });
  expect(judge([], { profile: "blocked" })).toEqual({ status: "allow" });
});

describe("untrusted content", () => {
  const untrusted = { untrustedContent: true };

  test("blocks messages, credentials, remote writes and destruction, confirmed or not", () => {
    for (const tool of ["sendEmail", "get_password", "create-issue", "delete_user"]) {
      expect(judge(tool, { ...untrusted, confirmed: true })).toMatchObject({ status: "blocked", tool });
    }
  });

  test("wants a person for code and for tools nobody knows", () => {
    for (const tool of ["bash", "frobnicate"]) {
      expect(judge(tool, untrusted)).toMatchObject({ status: "approval_required", tool });
      expect(judge(tool, { ...untrusted, confirmed: true })).toEqual({ status: "allow" });
    }
  });

  test("allows reading and workspace writes", () => {
    expect(judge(["read_file", "search_web", "write_file"], untrusted)).toEqual({ status: "allow" });
  });

  test("lets the blocked call decide, not the first one", () => {
    expect(judge(["bash", "send_email"], untrusted)).toMatchObject({ status: "blocked", tool: "send_email" });
  });
});
