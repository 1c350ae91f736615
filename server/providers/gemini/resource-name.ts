// A model's name as the API's addresses and bodies have it.

/** `models/gemini-2.5-pro`; a name with a folder of its own, such as `tunedModels/mine`, keeps it. */
export function resourceName(model: string): string {
  const name = model.includes("/") ? model : `models/${model}`;
  return name.split("/").map(encodeURIComponent).join("/");
}
