// The id of an operation as a phrase: `createApiKey` becomes `Create api key`.

export function actionInWords(action: string): string {
  const words = action.replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1).replaceAll(/\bapi\b/g, "API");
}
