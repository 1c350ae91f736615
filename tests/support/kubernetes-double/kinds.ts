// The kinds that the double of an API server knows, with the published schema of each.

import * as client from "@kubernetes/client-node";
import { Deployment, ReplicaSet, StatefulSet } from "kubernetes-models/apps/v1";
import { CronJob, Job } from "kubernetes-models/batch/v1";
import { Ingress, NetworkPolicy } from "kubernetes-models/networking.k8s.io/v1";
import { Namespace, PersistentVolumeClaim, Pod, Secret, Service } from "kubernetes-models/v1";
import { arrayAt, isObject, objectAt, stringAt, type Json, type JsonObject } from "../../../server/contracts/json.ts";

export type KindInfo = {
  readonly kind: string;
  readonly group: string;
  readonly apiVersion: string;
  readonly plural: string;
  /** Throws when the published schema does not take it. */
  readonly validate: (object: JsonObject) => void;
};

type Model = new (data: never) => { validate(): void };

function info(apiVersion: string, plural: string, kind: string, Published: Model): KindInfo {
  const group = apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
  const validate = (object: JsonObject): void => Reflect.construct(Published, [object]).validate();
  return { kind, group, apiVersion, plural, validate };
}

export const kinds: readonly KindInfo[] = [
  info("v1", "namespaces", "Namespace", Namespace),
  info("v1", "pods", "Pod", Pod),
  info("v1", "secrets", "Secret", Secret),
  info("v1", "services", "Service", Service),
  info("v1", "persistentvolumeclaims", "PersistentVolumeClaim", PersistentVolumeClaim),
  info("apps/v1", "deployments", "Deployment", Deployment),
  info("apps/v1", "statefulsets", "StatefulSet", StatefulSet),
  info("apps/v1", "replicasets", "ReplicaSet", ReplicaSet),
  info("batch/v1", "jobs", "Job", Job),
  info("batch/v1", "cronjobs", "CronJob", CronJob),
  info("networking.k8s.io/v1", "ingresses", "Ingress", Ingress),
  info("networking.k8s.io/v1", "networkpolicies", "NetworkPolicy", NetworkPolicy),
];

type Attribute = { readonly baseName: string; readonly type: string };

/** Fields that no schema knows, as `spec.template.spec.foo`; what is of another type is told as well. */
export function unknownFields(value: Json | undefined, type: string, path = ""): string[] {
  if (value === undefined) return [];
  const list = /^Array<(.+)>$/.exec(type)?.[1];
  if (list !== undefined) {
    if (!Array.isArray(value)) return [`${path} is no list`];
    return value.flatMap((item, index) => unknownFields(item, list, `${path}[${index}]`));
  }
  const map = /^\{ \[key: string\]: (.+); \}$/.exec(type)?.[1];
  if (map !== undefined) {
    if (!isObject(value)) return [`${path} is no object`];
    return Object.entries(value).flatMap(([key, item]) => unknownFields(item, map, `${path}.${key}`));
  }
  const attributes = attributesOf(type);
  if (attributes === undefined) return isPlain(value, type) ? [] : [`${path} is not of type ${type}`];
  if (!isObject(value)) return [`${path} is no object`];
  return Object.entries(value).flatMap(([key, item]) => {
    const attribute = attributes.find(({ baseName }) => baseName === key);
    const at = path === "" ? key : `${path}.${key}`;
    return attribute === undefined ? [`unknown field "${at}"`] : unknownFields(item, attribute.type, at);
  });
}

function isPlain(value: Json, type: string): boolean {
  return !["string", "number", "boolean"].includes(type) || typeof value === type;
}

function attributesOf(type: string): readonly Attribute[] | undefined {
  const model: unknown = Reflect.get(client, type);
  const read: unknown = typeof model === "function" ? Reflect.get(model, "getAttributeTypeMap") : undefined;
  return typeof read === "function" ? Reflect.apply(read, model, []) : undefined;
}

/** What the API server checks beyond the schema; empty when all is well. */
export function invalid(kind: string, object: JsonObject, before: JsonObject | undefined): string[] {
  const metadata = objectAt(object, "metadata") ?? {};
  const name = stringAt(metadata, "name") ?? "";
  const longest = kind === "CronJob" || kind === "StatefulSet" ? 52 : kind === "Service" || kind === "Job" ? 63 : 253;
  const label = kind === "Service" ? /^[a-z]([-a-z0-9]*[a-z0-9])?$/ : /^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/;
  const labels = [...labelsIn(object)].filter(
    ([, value]) => !/^(([A-Za-z0-9][-_.A-Za-z0-9]*)?[A-Za-z0-9])?$/.test(value) || value.length > 63,
  );
  return [
    ...(label.test(name) && name.length <= longest ? [] : [`metadata.name: Invalid value: "${name}"`]),
    ...labels.map(([key]) => `metadata.labels: Invalid value of ${key}`),
    ...unchangeable(kind, object, before),
    ...selection(kind, object),
    ...containersOf(object).flatMap((container) => invalidContainer(container)),
  ];
}

function* labelsIn(object: JsonObject): Generator<[string, string]> {
  const template = objectAt(objectAt(object, "spec") ?? {}, "template") ?? {};
  for (const holder of [object, template]) {
    const labels = objectAt(objectAt(holder, "metadata") ?? {}, "labels") ?? {};
    for (const [key, value] of Object.entries(labels)) yield [key, String(value)];
  }
}

const fixedFields: Readonly<Record<string, readonly string[]>> = {
  Deployment: ["spec.selector"],
  StatefulSet: ["spec.selector", "spec.serviceName", "spec.podManagementPolicy", "spec.volumeClaimTemplates"],
  Job: ["spec.template", "spec.selector"],
  PersistentVolumeClaim: ["spec.accessModes", "spec.storageClassName"],
};

function unchangeable(kind: string, object: JsonObject, before: JsonObject | undefined): string[] {
  if (before === undefined) return [];
  const fields = kind === "Secret" && before["immutable"] === true ? ["data", "immutable"] : (fixedFields[kind] ?? []);
  return fields
    .filter((path) => !Bun.deepEquals(at(object, path), at(before, path)))
    .map((path) => `${path}: Forbidden: field is immutable`);
}

function at(object: JsonObject, path: string): Json | undefined {
  return path.split(".").reduce<Json | undefined>((value, key) => (isObject(value) ? value[key] : undefined), object);
}

function selection(kind: string, object: JsonObject): string[] {
  if (kind !== "Deployment" && kind !== "StatefulSet") return [];
  const wanted = at(object, "spec.selector.matchLabels");
  const labels = at(object, "spec.template.metadata.labels");
  if (!isObject(wanted) || Object.keys(wanted).length === 0) return ["spec.selector: Required value"];
  const misses = Object.entries(wanted).filter(([key, value]) => !isObject(labels) || labels[key] !== value);
  return misses.length === 0 ? [] : ["spec.template.metadata.labels: `selector` does not match template `labels`"];
}

function containersOf(object: JsonObject): JsonObject[] {
  const specs = ["spec", "spec.template.spec", "spec.jobTemplate.spec.template.spec"].map((path) => at(object, path));
  return specs.flatMap((spec) => (isObject(spec) ? (arrayAt(spec, "containers") ?? []) : [])).filter(isObject);
}

function invalidContainer(container: JsonObject): string[] {
  const problems: string[] = [];
  if ((stringAt(container, "image") ?? "") === "") problems.push("containers.image: Required value");
  for (const port of (arrayAt(container, "ports") ?? []).filter(isObject)) {
    const name = stringAt(port, "name") ?? "";
    if (!/^[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?$/.test(name)) problems.push(`ports.name: Invalid value: "${name}"`);
  }
  for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"]) {
    const given = objectAt(container, probe);
    if (given === undefined) continue;
    const actions = ["exec", "httpGet", "tcpSocket", "grpc"].filter((action) => action in given);
    if (actions.length !== 1) problems.push(`${probe}: must specify a handler type`);
    for (const field of ["periodSeconds", "timeoutSeconds", "failureThreshold"]) {
      const value = given[field];
      if (value !== undefined && (typeof value !== "number" || value < 1))
        problems.push(`${probe}.${field}: at least 1`);
    }
  }
  return problems;
}
