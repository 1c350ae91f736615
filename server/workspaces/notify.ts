// Telling people by mail, where mail is set up. Nothing waits for it, and nothing fails when it fails.

import type { Letter } from "../mail/letter.ts";
import type { Mailer } from "../mail/mailer.ts";

export class Notifier {
  readonly #mailer: Mailer | undefined;
  readonly #reportFault: (where: string, error: unknown) => void;

  /** @param mailer undefined where no mail is set up. */
  constructor(mailer: Mailer | undefined, reportFault: (where: string, error: unknown) => void) {
    this.#mailer = mailer;
    this.#reportFault = reportFault;
  }

  /** Whether the letter is on its way. */
  mail(letter: Letter): boolean {
    this.#mailer?.send(letter).catch((error: unknown) => this.#reportFault("mail", error));
    return this.#mailer !== undefined;
  }
}
