// The steps of signing in, as pages take them.

import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import type { z } from "zod";
import type { authMethodsSchema } from "../../../server/contracts/control-me.ts";
import { basePath, serverAddress } from "./base.ts";
import { fetchApi, getApi } from "./fetch-api.ts";
import { safeNext } from "./safe-next.ts";

export type AuthMethods = z.output<typeof authMethodsSchema>;

export const authMethodsQuery = queryOptions({
  queryKey: ["auth-methods"],
  queryFn: ({ signal }) => getApi<AuthMethods>("/api/auth-methods", {}, signal),
  staleTime: 60_000,
});

/** On pages whose route has read them. */
export function useAuthMethods(): AuthMethods {
  return useSuspenseQuery(authMethodsQuery).data;
}

/** What a first step may answer: the person is in, or a second factor is asked for. */
export type SignInAnswer = { readonly twoFactorRedirect?: boolean };

export function authStep<Answer = unknown>(step: string, body: object = {}): Promise<Answer> {
  return fetchApi<Answer>("POST", `/api/auth${step}`, { body });
}

/** A step that a letter leads to. */
export function letterStep(step: string, token: string): Promise<SignInAnswer> {
  return getApi<SignInAnswer>(`/api/auth${step}`, { token });
}

/** Loads the page anew, so that nothing that was read as somebody else stays. */
export function enter(next: string | undefined): void {
  location.assign(basePath.replace(/\/$/, "") + safeNext(next));
}

/** On to the page, or first to the second factor. */
export function goOn(answer: SignInAnswer, next: string | undefined): void {
  if (answer.twoFactorRedirect === true) enter(`/sign-in/two-factor${nextWords(next)}`);
  else enter(next);
}

/** Leaves for a provider, which sends the person back to `next`. */
export async function signInWith(provider: string, next: string | undefined): Promise<void> {
  const words = nextWords(next);
  const { url } = await authStep<{ readonly url: string }>("/sign-in/social", {
    provider,
    callbackURL: serverAddress + safeNext(next),
    errorCallbackURL: `${serverAddress}/sign-in${words}`,
    disableRedirect: true,
  });
  location.assign(url);
}

/** `?next=...`, or nothing for the first page. */
export function nextWords(next: string | undefined): string {
  const path = safeNext(next);
  return path === "/" ? "" : `?next=${encodeURIComponent(path)}`;
}
