// The OpenAPI document against the declared routes it is made of.

import { describe, expect, test } from "bun:test";
import { isObject, objectAt, type Json, type JsonObject } from "../../contracts/json.ts";
import { controlRoutes } from "./control-routes.ts";
import { openApiDocument } from "./openapi.ts";

const document = openApiDocument(controlRoutes);

function operations(): JsonObject[] {
  const paths = Object.values(objectAt(document, "paths") ?? {}).filter((path) => isObject(path));
  return paths.flatMap((path) => Object.values(path)).filter((operation) => isObject(operation));
}

function references(value: Json | undefined): string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, part]) =>
    key === "$ref" && typeof part === "string" ? [part] : references(part),
  );
}

describe("the OpenAPI document", () => {
  test("describes every declared route under its own operation id", () => {
    const ids = operations().map((operation) => operation["operationId"]);
    expect(ids.length).toBe(controlRoutes.length);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("refers only to schemas that it holds", () => {
    const schemas = objectAt(objectAt(document, "components") ?? {}, "schemas") ?? {};
    const named = new Set(Object.keys(schemas).map((name) => `#/components/schemas/${name}`));
    const used = references(document);
    expect(used.length).toBeGreaterThan(50);
    expect(used.filter((reference) => !named.has(reference))).toEqual([]);
  });

  test("says something in every named schema, under a name that somebody chose", () => {
    const schemas = objectAt(objectAt(document, "components") ?? {}, "schemas") ?? {};
    for (const [name, schema] of Object.entries(schemas)) {
      expect([name, isObject(schema) && schema["$ref"] === undefined]).toEqual([name, true]);
      expect(name).toMatch(/^[A-Z][A-Za-z]+$/);
    }
  });

  test("tells a policy to write, where all is optional, from one that is read, where all is there", () => {
    const schemas = objectAt(objectAt(document, "components") ?? {}, "schemas") ?? {};
    expect(objectAt(schemas, "StackPolicyInput")?.["required"]).toBeUndefined();
    expect(objectAt(schemas, "StackPolicy")?.["required"]).toContain("budget");
  });

  test("names path parameters and gives every route its errors", () => {
    const paths = objectAt(document, "paths") ?? {};
    const patch = objectAt(objectAt(paths, "/api/workspaces/{workspace}/keys/{key}") ?? {}, "patch") ?? {};
    expect(patch["parameters"]).toMatchObject([{ name: "workspace" }, { name: "key" }]);
    expect(Object.keys(objectAt(patch, "responses") ?? {}).sort()).toEqual(
      ["200", "400", "401", "403", "404", "409", "413", "429", "500"].sort(),
    );
  });

  test("says of every route which credential, and which roles, it takes", () => {
    const paths = objectAt(document, "paths") ?? {};
    const operation = (path: string, method: string) => objectAt(objectAt(paths, path) ?? {}, method);
    expect(operation("/api/workspaces/{workspace}/keys", "post")).toMatchObject({
      "x-astrolabe-access": "member",
      "x-astrolabe-roles": ["owner", "admin", "developer"],
    });
    expect(operation("/api/workspaces/{workspace}/credits/grants", "post")?.["x-astrolabe-access"]).toBe("operator");
    for (const found of operations()) {
      expect(found["x-astrolabe-access"]).toMatch(/^(?:public|user|session|operator|member)$/);
    }
  });

  test("refuses two routes with one address", () => {
    expect(() => openApiDocument([...controlRoutes, ...controlRoutes.slice(0, 1)])).toThrow("declared twice");
  });
});
