// Server-side apply and merge patches, as the documents of Kubernetes describe them.

import { isObject, type Json, type JsonObject } from "../../../server/contracts/json.ts";

/** Lists whose items are merged by a key; every other list is one value. */
const listKeys: Readonly<Record<string, readonly string[]>> = {
  containers: ["name"],
  volumes: ["name"],
  volumeMounts: ["mountPath"],
  env: ["name"],
  ports: ["containerPort", "port"],
  imagePullSecrets: ["name"],
  ownerReferences: ["uid"],
};

/** What the same manager applied before and leaves out now goes; the rest of the object stays. */
export function applied(live: JsonObject, before: JsonObject, now: JsonObject): JsonObject {
  return mergedObject(live, before, now);
}

function mergedObject(live: JsonObject, before: JsonObject, now: JsonObject): JsonObject {
  const result: JsonObject = { ...live };
  for (const key of Object.keys(before)) if (!(key in now)) delete result[key];
  for (const [key, value] of Object.entries(now)) {
    if (value !== undefined) result[key] = mergedValue(key, live[key], before[key], value);
  }
  return result;
}

function mergedValue(key: string, live: Json | undefined, before: Json | undefined, now: Json): Json {
  if (isObject(now) && isObject(live)) return mergedObject(live, isObject(before) ? before : {}, now);
  const keys = listKeys[key];
  if (keys === undefined || !Array.isArray(now) || !Array.isArray(live)) return now;
  const idOf = (item: Json): string => (isObject(item) ? String(keys.map((name) => item[name]).find(Boolean)) : "");
  const former = new Map((Array.isArray(before) ? before : []).map((item) => [idOf(item), item]));
  const wanted = new Map(now.map((item) => [idOf(item), item]));
  const foreign = live.filter((item) => !wanted.has(idOf(item)) && !former.has(idOf(item)));
  const own = now.map((item) => {
    const present = live.find((other) => idOf(other) === idOf(item));
    const earlier = former.get(idOf(item));
    return isObject(item) && isObject(present) ? mergedObject(present, isObject(earlier) ? earlier : {}, item) : item;
  });
  return [...own, ...foreign];
}

/** RFC 7386: null takes a field away. */
export function mergePatched(target: JsonObject, patch: JsonObject): JsonObject {
  const result: JsonObject = { ...target };
  for (const [key, value] of Object.entries(patch)) {
    const present = result[key];
    if (value === null) delete result[key];
    else if (isObject(value)) result[key] = mergePatched(isObject(present) ? present : {}, value);
    else result[key] = value;
  }
  return result;
}
