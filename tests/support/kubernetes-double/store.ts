// The objects of the double, with versions, generations, owners and deletion in the foreground.

import { arrayAt, isObject, objectAt, stringAt, type JsonObject } from "../../../server/contracts/json.ts";

export type Stored = {
  readonly plural: string;
  readonly namespace: string;
  readonly name: string;
  object: JsonObject;
  /** What each field manager applied last. */
  readonly applied: Map<string, JsonObject>;
};

export type Store = {
  all(plural: string, namespace?: string): Stored[];
  find(plural: string, namespace: string, name: string): Stored | undefined;
  put(plural: string, namespace: string, object: JsonObject): Stored;
  update(stored: Stored, object: JsonObject): void;
  /** Pods wait for their node, owners for what they own. */
  remove(stored: Stored, now: boolean): void;
  ownedBy(uid: string): Stored[];
};

const foreground = "foregroundDeletion";

export function createStore(): Store {
  const objects = new Map<string, Stored>();
  let version = 0;
  const idOf = (plural: string, namespace: string, name: string): string => `${plural}/${namespace}/${name}`;
  const stamped = (object: JsonObject, more: JsonObject): JsonObject => {
    version += 1;
    return { ...object, metadata: { ...objectAt(object, "metadata"), ...more, resourceVersion: String(version) } };
  };
  const drop = ({ plural, namespace, name }: Stored): void => {
    objects.delete(idOf(plural, namespace, name));
  };
  const store: Store = {
    all: (plural, namespace) =>
      [...objects.values()].filter(
        (item) => item.plural === plural && (namespace ?? item.namespace) === item.namespace,
      ),
    find: (plural, namespace, name) => objects.get(idOf(plural, namespace, name)),
    put: (plural, namespace, object) => {
      const name = stringAt(objectAt(object, "metadata") ?? {}, "name") ?? "";
      const more = { uid: crypto.randomUUID(), creationTimestamp: new Date().toISOString(), generation: 1, namespace };
      const stored: Stored = { plural, namespace, name, object: stamped(object, more), applied: new Map() };
      objects.set(idOf(plural, namespace, name), stored);
      return stored;
    },
    update: (stored, object) => {
      const isChanged = !Bun.deepEquals(stored.object["spec"], object["spec"]);
      const generation = Number(objectAt(stored.object, "metadata")?.["generation"] ?? 1) + (isChanged ? 1 : 0);
      stored.object = stamped(object, { generation });
      if (isDeleted(stored) && finalizers(stored).length === 0 && stored.plural !== "pods") drop(stored);
    },
    remove: (stored, now) => {
      const isHeld = stored.plural === "pods" ? !now : store.ownedBy(uidOf(stored)).length > 0;
      if (!isHeld) return drop(stored);
      if (isDeleted(stored)) return;
      const held = stored.plural === "pods" ? {} : { finalizers: [foreground] };
      stored.object = stamped(stored.object, { deletionTimestamp: new Date().toISOString(), ...held });
    },
    ownedBy: (uid) =>
      [...objects.values()].filter((item) => ownersOf(item).some((owner) => stringAt(owner, "uid") === uid)),
  };
  return store;
}

export function uidOf({ object }: Stored): string {
  return stringAt(objectAt(object, "metadata") ?? {}, "uid") ?? "";
}

export function isDeleted({ object }: Stored): boolean {
  return objectAt(object, "metadata")?.["deletionTimestamp"] !== undefined;
}

export function labelsOf({ object }: Stored): JsonObject {
  return objectAt(objectAt(object, "metadata") ?? {}, "labels") ?? {};
}

export function ownersOf({ object }: Stored): JsonObject[] {
  return (arrayAt(objectAt(object, "metadata") ?? {}, "ownerReferences") ?? []).filter(isObject);
}

function finalizers({ object }: Stored): readonly unknown[] {
  return arrayAt(objectAt(object, "metadata") ?? {}, "finalizers") ?? [];
}

/** `a=b,c=d`, as lists are asked for. */
export function matches(stored: Stored, selector: string): boolean {
  const labels = labelsOf(stored);
  return selector
    .split(",")
    .filter((term) => term !== "")
    .every((term) => {
      const [key = "", value] = term.split("=");
      return value === undefined ? key in labels : labels[key] === value;
    });
}
