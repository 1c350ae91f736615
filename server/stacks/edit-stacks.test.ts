// The life of custom stacks from clone to archive, and what a policy may not say.

import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { openTestControlPlane, type TestControlPlane } from "../control-plane.test-kit.ts";
import { policySchema } from "../contracts/policy.ts";
import { createWorkspace } from "../workspaces/manage-workspaces.ts";
import type { Workspace } from "../workspaces/workspace.ts";
import { policyProblems } from "./checked-policy.ts";
import {
  activateVersion,
  assignableStackId,
  createStack,
  editStack,
  findStack,
  publishStack,
  setStackStatus,
} from "./edit-stacks.ts";
import type { CustomStack } from "./stack-records.ts";

let plane: TestControlPlane;
let workspace: Workspace;
beforeEach(async () => {
  plane = await openTestControlPlane();
  workspace = await createWorkspace(plane.services.workspaces, "Acme");
});
afterEach(() => plane.close());

function clone(slug: string, cloneFrom: string): Promise<CustomStack> {
  return createStack(plane.services.stacks, {
    workspaceId: workspace.id,
    slug,
    name: slug,
    description: "",
    cloneFrom,
  });
}

const publish = (slug: string, activate = true) =>
  publishStack(plane.services.stacks, workspace.id, slug, { note: "n", activate });

describe("custom stacks", () => {
  test("are cloned from a managed stack or from the active version of a custom one", async () => {
    const first = await clone("first", "low-cost");
    expect([first.clonedFrom, first.draft.objective.qualityTarget]).toEqual(["low-cost", "draft"]);
    await publish("first");
    const draft = policySchema.parse({ objective: { qualityTarget: "critical" } });
    await editStack(plane.services.stacks, workspace.id, "first", { draft });
    const second = await clone("second", first.id);
    expect([second.clonedFrom, second.draft.objective.qualityTarget]).toEqual(["first", "draft"]);
  });

  test("cannot take a slug that is managed or in use", async () => {
    await clone("mine", "low-cost");
    for (const slug of ["mine", "default-optimizer"]) {
      expect(clone(slug, "low-cost")).rejects.toMatchObject({ code: "conflict", param: "slug" });
    }
  });

  test("number their versions 1, 2, 3 even when published at the same time", async () => {
    await clone("mine", "low-cost");
    const versions = await Promise.all([publish("mine"), publish("mine"), publish("mine")]);
    expect(versions.map(({ version }) => version).sort()).toEqual([1, 2, 3]);
  });

  test("keep the active version when the next is published without activating it", async () => {
    await clone("mine", "low-cost");
    await publish("mine");
    await publish("mine", false);
    const { stack } = await findStack(plane.services.stacks, workspace.id, "mine");
    expect(stack).toMatchObject({ activeVersion: 1 });
    const activated = await activateVersion(plane.services.stacks, workspace.id, "mine", 2);
    expect(activated.activeVersion).toBe(2);
    expect(activateVersion(plane.services.stacks, workspace.id, "mine", 3)).rejects.toMatchObject({
      code: "not_found",
    });
  });

  test("cannot be changed while archived, and come back with their version", async () => {
    await clone("mine", "low-cost");
    await publish("mine");
    await setStackStatus(plane.services.stacks, workspace.id, "mine", "archived");
    expect(publish("mine")).rejects.toMatchObject({ code: "conflict" });
    const restored = await setStackStatus(plane.services.stacks, workspace.id, "mine", "active");
    expect(restored).toMatchObject({ status: "active", activeVersion: 1 });
  });

  test("can be assigned only when requests could use them", async () => {
    await clone("mine", "low-cost");
    const assign = (slug: string) => assignableStackId(plane.services.stacks, workspace.id, slug);
    expect(assign("mine")).rejects.toMatchObject({
      param: "stack",
      message: expect.stringContaining("active version"),
    });
    expect(assign("unknown")).rejects.toMatchObject({ param: "stack" });
    const { stackId } = await publish("mine");
    expect(await assign("mine")).toBe(stackId);
    expect(String(await assign("low-cost"))).toBe("stk_managed_low-cost");
  });
});

test("managed stacks cannot be edited, published or archived", async () => {
  const edit = editStack(plane.services.stacks, workspace.id, "low-cost", { name: "mine" });
  expect(edit).rejects.toMatchObject({ code: "forbidden" });
  expect(publish("stk_managed_low-cost")).rejects.toMatchObject({ code: "forbidden" });
  const archive = setStackStatus(plane.services.stacks, workspace.id, "low-cost", "archived");
  expect(archive).rejects.toMatchObject({ code: "forbidden" });
});

describe("checking a policy", () => {
  test("names every field at fault at once, unknown ones included", () => {
    const written = { objective: { qualityTarget: "best", speed: 1 }, boundaries: { allowedModels: ["a*b"] } };
    expect(
      policyProblems(written)
        .map(({ param }) => param)
        .sort(),
    ).toEqual(["policy.boundaries.allowedModels.0", "policy.objective.qualityTarget", "policy.objective.speed"]);
  });

  test("finds settings that contradict each other", () => {
    const written = {
      objective: {
        primary: "fixed_priority",
        rules: [{ when: { minInputTokens: 9, maxInputTokens: 1 }, use: ["m"] }],
      },
      budget: { dailyUsd: "5", monthlyUsd: "4.99", warnPercent: 90, hardStopPercent: 80 },
      memory: { fingerprintOnly: true, storeOutputs: true },
    };
    expect(policyProblems(written).map(({ param }) => param)).toEqual([
      "policy.objective.priority",
      "policy.budget.warnPercent",
      "policy.budget.dailyUsd",
      "policy.memory.fingerprintOnly",
      "policy.objective.rules.0.when.minInputTokens",
    ]);
  });

  test("accepts an empty policy and every managed one", () => {
    expect(policyProblems({})).toEqual([]);
    for (const { policy } of plane.services.stacks.managed) expect(policyProblems(policy)).toEqual([]);
  });
});
