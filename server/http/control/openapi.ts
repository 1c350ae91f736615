// OpenAPI 3.1 out of declared routes: paths, parameters, bodies and answers, with every named schema once under
// `components`.

import { z } from "zod";
import { agentsErrorSchema } from "../../contracts/agents-accounts.ts";
import { errorBodySchema } from "../../contracts/control.ts";
import { errorTable, type ErrorCode } from "../../contracts/errors.ts";
import { isObject, parseObject, type Json, type JsonObject } from "../../contracts/json.ts";
import { noBody, type RouteDeclaration } from "./declared-route.ts";

const version = "1.0.0";

/** Describes these routes. Two routes with one method and path are a mistake and throw. */
export function openApiDocument(routes: readonly RouteDeclaration[]): JsonObject {
  const schemas: JsonObject = {};
  const paths: JsonObject = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, "{$1}");
    const operations = isObject(paths[path]) ? paths[path] : {};
    const method = route.method.toLowerCase();
    if (operations[method] !== undefined) throw new Error(`${route.method} ${route.path} is declared twice.`);
    operations[method] = operationOf(route, schemas);
    paths[path] = operations;
  }
  return {
    openapi: "3.1.0",
    info: { title: "Astrolabe", version, description: "An AI gateway: inference, and the control plane behind it." },
    security: [{ bearer: [] }],
    paths,
    components: {
      securitySchemes: { bearer: { type: "http", scheme: "bearer" } },
      schemas,
    },
  };
}

function operationOf(route: RouteDeclaration, schemas: JsonObject): JsonObject {
  const hasBody = route.body !== undefined && route.body !== noBody;
  return {
    operationId: operationId(route.summary),
    tags: [route.tag],
    summary: route.summary,
    ...(route.description !== undefined && { description: route.description }),
    ...(isPublic(route.auth) && { security: [] }),
    ...accessOf(route.auth),
    parameters: [
      ...pathParameters(route.path),
      ...optionalParameters("query", route.query, schemas),
      ...optionalParameters("header", route.headers, schemas),
    ],
    ...(hasBody && { requestBody: requestBody(route.body, schemas) }),
    responses: {
      [route.status]: { description: "Done.", content: answerContent(route, schemas) },
      ...errorResponses(route, hasBody, schemas),
    },
  };
}

function isPublic(auth: unknown): boolean {
  return typeof auth === "object" && auth !== null && "kind" in auth && auth.kind === "public";
}

/**
 * Who may call it: `x-astrolabe-access` is the kind of credential, `session` where no access token will do, and
 * `x-astrolabe-roles` the roles of members that count.
 */
function accessOf(auth: unknown): JsonObject {
  if (typeof auth !== "object" || auth === null || !("kind" in auth) || typeof auth.kind !== "string") return {};
  const roles =
    "roles" in auth && Array.isArray(auth.roles) ? auth.roles.filter((role) => typeof role === "string") : [];
  const access = "by" in auth && auth.by === "session" ? "session" : auth.kind;
  return { "x-astrolabe-access": access, ...(roles.length > 0 && { "x-astrolabe-roles": roles }) };
}

/** `Create an API key` becomes `createApiKey`. */
export function operationId(summary: string): string {
  const words = summary
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => !["", "a", "an", "of"].includes(word));
  return words.map((word, index) => (index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))).join("");
}

function pathParameters(path: string): JsonObject[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name: name ?? "",
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
}

function optionalParameters(
  place: "query" | "header",
  fields: z.ZodObject | undefined,
  schemas: JsonObject,
): JsonObject[] {
  if (fields === undefined) return [];
  const schema = schemaOf(fields, "input", schemas);
  const properties = isObject(schema["properties"]) ? schema["properties"] : {};
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: false,
    schema: property ?? {},
  }));
}

function requestBody(body: z.ZodType | undefined, schemas: JsonObject): JsonObject {
  return body === undefined
    ? {}
    : { required: !body.safeParse(undefined).success, content: json(schemaOf(body, "input", schemas)) };
}

function errorResponses(route: RouteDeclaration, hasBody: boolean, schemas: JsonObject): JsonObject {
  const codes: ErrorCode[] = [
    "invalid_request",
    ...(isPublic(route.auth) ? [] : (["unauthorized", "rate_limited", "forbidden"] as const)),
    ...(route.path.includes("/:account") ? (["account_not_found"] as const) : []),
    ...(route.path.includes(":") ? (["not_found"] as const) : []),
    ...(hasBody ? (["invalid_json", "payload_too_large"] as const) : []),
    ...(route.errors ?? []),
    "internal_error",
  ];
  const byStatus = Map.groupBy(codes, (code) => errorTable[code].status);
  const body = route.path.startsWith("/api/v1/") ? agentsErrorSchema : errorBodySchema;
  const content = json(schemaOf(body, "output", schemas));
  return Object.fromEntries(
    [...byStatus].map(([status, shared]) => [
      String(status),
      { description: shared.map((code) => `\`${code}\`: ${errorTable[code].message}`).join(" "), content },
    ]),
  );
}

function answerContent({ media, response }: RouteDeclaration, schemas: JsonObject): JsonObject {
  const schema = schemaOf(response, "output", schemas);
  return media === undefined ? json(schema) : { [media]: { schema } };
}

function json(schema: JsonObject): JsonObject {
  return { "application/json": { schema } };
}

/** The schema with its named parts moved to `schemas`; what goes in and what comes out differ where defaults apply. */
function schemaOf(schema: z.ZodType, io: "input" | "output", schemas: JsonObject): JsonObject {
  const generated = z.toJSONSchema(schema, { io, target: "draft-2020-12", unrepresentable: "any" });
  const { $defs, $schema: _, ...own } = parseObject(JSON.stringify(generated)) ?? {};
  const suffix = (name: string) => (io === "input" && name === "StackPolicy" ? "StackPolicyInput" : name);
  if (isObject($defs)) {
    for (const [name, definition] of Object.entries($defs))
      schemas[suffix(name)] = withReferences(definition ?? {}, suffix);
  }
  const relocated = withReferences(own, suffix);
  const shown = isObject(relocated) ? relocated : {};
  const named = schema.meta()?.id;
  // Zod gives a named schema either as itself or as a reference into its own $defs, which are moved already.
  if (named === undefined || shown["$ref"] !== undefined) return shown;
  schemas[named] = shown;
  return { $ref: `#/components/schemas/${named}` };
}

/** Points `#/$defs/Name` to `#/components/schemas/Name`, and drops the `id` that the name repeats. */
function withReferences(value: Json, rename: (name: string) => string): Json {
  if (Array.isArray(value)) return value.map((item) => withReferences(item, rename));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, part]) => !(key === "id" && typeof part === "string"))
      .map(([key, part]) => {
        const isReference = key === "$ref" && typeof part === "string";
        const name = isReference ? part.replace("#/$defs/", "") : undefined;
        return [
          key,
          name === undefined ? withReferences(part ?? null, rename) : `#/components/schemas/${rename(name)}`,
        ];
      }),
  );
}
