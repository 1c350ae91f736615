// Which stack a request gets, and that it never silently gets another.

import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { openTestControlPlane, type TestControlPlane } from "../control-plane.test-kit.ts";
import { asId, type StackId } from "../contracts/ids.ts";
import { policySchema } from "../contracts/policy.ts";
import { createWorkspace } from "../workspaces/manage-workspaces.ts";
import type { Workspace } from "../workspaces/workspace.ts";
import { activateVersion, createStack, editStack, publishStack, setStackStatus } from "./edit-stacks.ts";
import { managedStacks } from "./managed.ts";
import { CachedStackDirectory } from "./stack-directory.ts";
import type { ResolvedStack } from "./stack.ts";

let plane: TestControlPlane;
let workspace: Workspace;
beforeEach(async () => {
  plane = await openTestControlPlane();
  workspace = await createWorkspace(plane.services.workspaces, "Acme");
});
afterEach(() => plane.close());

type Levels = { request?: string; key?: StackId; workspace?: StackId };

function resolve(levels: Levels, directory = plane.stacks): Promise<ResolvedStack> {
  return directory.resolve({
    workspaceId: workspace.id,
    requestSlug: levels.request,
    keyStackId: levels.key,
    workspaceStackId: levels.workspace,
  });
}

async function published(slug: string): Promise<StackId> {
  const input = { workspaceId: workspace.id, slug, name: slug, description: "", policy: policySchema.parse({}) };
  const stack = await createStack(plane.services.stacks, input);
  await publishStack(plane.services.stacks, workspace.id, slug, { note: "", activate: true });
  return stack.id;
}

const managedId = asId<StackId>("stk_managed_low-cost");

describe("resolving a stack", () => {
  test("takes the request's, then the key's, then the workspace's, then the managed default", async () => {
    const [key, own] = [await published("of-key"), await published("of-workspace")];
    await published("of-request");
    const slugAndSource = async (levels: Levels) => {
      const { slug, source } = await resolve(levels);
      return [slug, source];
    };
    expect(await slugAndSource({ request: "of-request", key, workspace: own })).toEqual(["of-request", "request"]);
    expect(await slugAndSource({ key, workspace: own })).toEqual(["of-key", "key"]);
    expect(await slugAndSource({ workspace: own })).toEqual(["of-workspace", "workspace"]);
    expect(await slugAndSource({})).toEqual(["default-optimizer", "default"]);
    expect(await slugAndSource({ key: managedId })).toEqual(["low-cost", "key"]);
  });

  test("refuses an unknown slug although key and workspace have stacks", async () => {
    const id = await published("known");
    expect(resolve({ request: "unknown", key: id, workspace: id })).rejects.toMatchObject({
      code: "routing_stack_not_found",
      param: "metadata.astrolabe.stack",
    });
  });

  test("refuses a stack that is archived or was never published, at every level", async () => {
    const archived = await published("archived");
    await setStackStatus(plane.services.stacks, workspace.id, "archived", "archived");
    const input = { workspaceId: workspace.id, slug: "draft", name: "d", description: "", cloneFrom: "low-cost" };
    const draft = await createStack(plane.services.stacks, input);
    const levels: Levels[] = [
      { request: "archived" },
      { key: archived },
      { workspace: draft.id },
      { request: "draft" },
    ];
    for (const level of levels) {
      expect(resolve(level)).rejects.toMatchObject({ code: "routing_stack_resolution_failed" });
    }
  });

  test("does not find another workspace's stack, by slug or by id", async () => {
    const id = await published("mine");
    const other = await createWorkspace(plane.services.workspaces, "Other");
    const from = { workspaceId: other.id, keyStackId: undefined, workspaceStackId: undefined };
    expect(plane.stacks.resolve({ ...from, requestSlug: "mine" })).rejects.toMatchObject({
      code: "routing_stack_not_found",
    });
    expect(plane.stacks.resolve({ ...from, requestSlug: undefined, keyStackId: id })).rejects.toMatchObject({
      code: "routing_stack_resolution_failed",
    });
  });

  test("gives one frozen policy object per version, also after the stack changed and changed back", async () => {
    await published("mine");
    const first = await resolve({ request: "mine" });
    expect(() => Object.assign(first.policy.objective, { qualityTarget: "draft" })).toThrow();
    await publishStack(plane.services.stacks, workspace.id, "mine", { note: "", activate: true });
    expect((await resolve({ request: "mine" })).version).toBe(2);
    await activateVersion(plane.services.stacks, workspace.id, "mine", 1);
    expect((await resolve({ request: "mine" })).policy).toBe(first.policy);
  });

  test("keeps serving the active version while the draft is edited", async () => {
    await published("mine");
    const draft = policySchema.parse({ objective: { qualityTarget: "critical" } });
    await editStack(plane.services.stacks, workspace.id, "mine", { draft });
    expect((await resolve({ request: "mine" })).policy.objective.qualityTarget).toBe("standard");
  });

  test("follows a change by another process within a second", async () => {
    const id = await published("mine");
    const { records } = plane.services.stacks;
    const elsewhere = new CachedStackDirectory({ records, managed: managedStacks, now: () => plane.clock.now });
    await resolve({ key: id }, elsewhere);
    await setStackStatus(plane.services.stacks, workspace.id, "mine", "archived");
    plane.clock.now += 1000;
    expect(resolve({ key: id }, elsewhere)).rejects.toMatchObject({ code: "routing_stack_resolution_failed" });
  });

  test("answers service_unavailable when the database fails", async () => {
    await plane.database.query.schema.dropTable("stack_versions").execute();
    await plane.database.query.schema.dropTable("stacks").execute();
    expect(resolve({ request: "mine" })).rejects.toMatchObject({ code: "service_unavailable" });
  });
});
