// The request that was being put together, kept by the browser for each workspace.

import { parseJson } from "../../api/parse-json.ts";
import { remembered, type Remembered } from "../../ui/remembered.ts";
import { newRequest, type PlaygroundRequest } from "./playground-request.ts";

/** Uploaded pictures beyond this stay out: the browser's storage is small. */
const longestImage = 100_000;

const places = new Map<string, Remembered>();

function placeOf(workspaceId: string): Remembered {
  const place = places.get(workspaceId) ?? remembered(`astrolabe.playground.${workspaceId}`);
  places.set(workspaceId, place);
  return place;
}

export function keptRequest(workspaceId: string): PlaygroundRequest {
  const kept = parseJson<Partial<PlaygroundRequest>>(placeOf(workspaceId).get() ?? "");
  return hasShape(kept) ? { ...newRequest, ...kept } : newRequest;
}

export function keepRequest(workspaceId: string, request: PlaygroundRequest): void {
  const turns = request.turns.map((turn) => ({
    ...turn,
    images: turn.images.filter((image) => image.length <= longestImage),
  }));
  placeOf(workspaceId).set(JSON.stringify({ ...request, turns }));
}

/** Another version of this page may have kept another form. */
function hasShape(kept: Partial<PlaygroundRequest> | undefined): kept is Partial<PlaygroundRequest> {
  if (typeof kept !== "object" || kept === null) return false;
  return Object.entries(newRequest).every(([name, value]) => {
    const own: unknown = Reflect.get(kept, name);
    return own === undefined || (typeof own === typeof value && Array.isArray(own) === Array.isArray(value));
  });
}
