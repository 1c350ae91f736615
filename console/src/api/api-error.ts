// A refusal of the control API, or a failure to reach it, as one error that pages know how to show.

import type { z } from "zod";
import type { errorBodySchema } from "../../../server/contracts/control.ts";

export type ErrorBody = z.output<typeof errorBodySchema>;

export type Problem = {
  /** Path of the field, such as `budget.dailyUsd`; empty for the whole form. */
  readonly param: string;
  readonly message: string;
};

export class ApiError extends Error {
  override readonly name = "ApiError";
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** From the table of errors; `unreachable` when there was no answer, `unreadable` when it was not the API's. */
  readonly code: string;
  /** What the reader can do about it. */
  readonly hint: string | undefined;
  readonly problems: readonly Problem[];
  /** The server's name for the request; support asks for it. */
  readonly requestId: string | undefined;
  /** Further facts of the refusal. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    status: number,
    error: Partial<ErrorBody["error"]> & { readonly code: string; readonly message: string },
  ) {
    super(error.message);
    this.status = status;
    this.code = error.code;
    this.hint = error.hint;
    this.requestId = error.requestId;
    this.details = error.details ?? {};
    const listed = error.details?.problems ?? [];
    this.problems =
      listed.length > 0 || error.param === undefined ? listed : [{ param: error.param, message: error.message }];
  }
}

/** Any thrown value as an ApiError, so that a page has one kind to show. */
export function asApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  return new ApiError(0, {
    code: "unexpected",
    message: "Something in this page failed.",
    hint: "Reload the page. If it fails again, tell whoever runs this server what you did.",
  });
}
