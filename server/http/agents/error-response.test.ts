import { expect, test } from "bun:test";
import { agentsErrorSchema } from "../../contracts/agents-accounts.ts";
import { invalidBody } from "../../contracts/control-problems.ts";
import { errorTable, GatewayError } from "../../contracts/errors.ts";
import { agentsErrorResponse } from "./error-response.ts";

const bodyOf = async (error: GatewayError) => agentsErrorSchema.parse(await agentsErrorResponse(error, "req_1").json());

test("every error has the shape that programs for agents read, and the status and headers of the table", async () => {
  for (const [code, { status, message }] of Object.entries(errorTable)) {
    const known = Object.keys(errorTable).find((each): each is keyof typeof errorTable => each === code);
    if (known === undefined) throw new Error("not in the table");
    const response = agentsErrorResponse(new GatewayError(known), "req_1");
    expect([response.status, response.headers.get("x-request-id")]).toEqual([status, "req_1"]);
    expect(agentsErrorSchema.parse(await response.json())).toMatchObject({ error: message, error_code: code });
  }
});

test("several problems are listed, one is not said twice", async () => {
  const one = { param: "name", message: "is wrong" };
  expect(await bodyOf(invalidBody([one]))).not.toHaveProperty("details");
  const { details } = await bodyOf(invalidBody([one, { param: "value", message: "is missing" }]));
  expect(details).toBe("`name`: is wrong\n`value`: is missing");
});

test("diagnostics are listed by their places, as tools print them", async () => {
  const diagnostic = { message: "There is no key `imge`.", hint: "Did you mean `image`?", line: 4, column: 3 };
  const error = new GatewayError("invalid_blueprint", "Wrong in one place.", {
    details: { diagnostics: [diagnostic] },
  });
  expect((await bodyOf(error)).details).toBe(
    "Wrong in one place.\nastropods.yml:4:3: There is no key `imge`. Did you mean `image`?",
  );
});

test("a suspended account is told with reason and action beside the sentence; no cause gets out", async () => {
  const details = { code: "suspended", reason: "unpaid", action: "contact_support" };
  expect(await bodyOf(new GatewayError("account_suspended", undefined, { details }))).toMatchObject(details);
  const failed = await bodyOf(new GatewayError("internal_error", undefined, { cause: new Error("a secret") }));
  expect(JSON.stringify(failed)).not.toContain("a secret");
});
