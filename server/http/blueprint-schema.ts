// GET /schema/package.json: the JSON Schema that editors check astropods.yml by. Made when it is first asked for.

import type { Hono } from "hono";

export const blueprintSchemaPath = "/schema/package.json";

export function mountBlueprintSchema(app: Hono): void {
  app.get(blueprintSchemaPath, async (context) => {
    const { blueprintJsonSchema } = await import("../../blueprint/json-schema.ts");
    context.header("content-type", "application/schema+json");
    context.header("cache-control", "public, max-age=3600");
    // Editors in a browser read it from wherever they are.
    context.header("access-control-allow-origin", "*");
    return context.body(JSON.stringify(blueprintJsonSchema()));
  });
}
