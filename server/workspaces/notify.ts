// Telling people by mail, where mail is set up. Nothing waits for it, and nothing fails when it fails.

export type Notice = {
  readonly to: string;
  readonly subject: string;
  /** Plain sentences; each is a paragraph. */
  readonly paragraphs: readonly string[];
  /** What the reader is to do. */
  readonly action?: { readonly label: string; readonly url: string };
  readonly footnote?: string;
};

/** @throws Error when the mail cannot be handed over */
export type SendMail = (notice: Notice) => Promise<void>;

export class Notifier {
  readonly #send: SendMail | undefined;
  readonly #reportFault: (where: string, error: unknown) => void;

  /** @param send undefined where no mail is set up. */
  constructor(send: SendMail | undefined, reportFault: (where: string, error: unknown) => void) {
    this.#send = send;
    this.#reportFault = reportFault;
  }

  /** Whether the mail is on its way. */
  mail(notice: Notice): boolean {
    this.#send?.(notice).catch((error: unknown) => this.#reportFault("mail", error));
    return this.#send !== undefined;
  }
}
