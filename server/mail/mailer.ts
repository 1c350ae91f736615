// Sends letters by SMTP. The client is loaded with the first letter: most servers send none.

import { letterHtml, letterText, type Letter } from "./letter.ts";

export type MailSettings = {
  /** `smtp://user:password@host:587` or `smtps://...`. */
  readonly smtpUrl: string;
  /** `Astrolabe <astrolabe@example.com>`. */
  readonly from: string;
};

export type Mailer = {
  /** Hands the letter to the server. @throws Error when it does not take it in time */
  send(letter: Letter): Promise<void>;
};

/** For connecting, for its greeting, and for each of its answers. */
const patienceMs = 20_000;

export function smtpMailer({ smtpUrl, from }: MailSettings): Mailer {
  let transport: ReturnType<typeof openTransport> | undefined;
  return {
    async send(letter) {
      transport ??= openTransport(smtpUrl);
      await (
        await transport
      ).sendMail({
        from,
        to: letter.to,
        subject: letter.subject,
        text: letterText(letter),
        html: letterHtml(letter),
        headers: { "auto-submitted": "auto-generated" },
        // A letter's text is never a file or an address to read from.
        disableFileAccess: true,
        disableUrlAccess: true,
      });
    },
  };
}

async function openTransport(smtpUrl: string) {
  const { createTransport } = await import("nodemailer");
  return createTransport({
    url: smtpUrl,
    connectionTimeout: patienceMs,
    greetingTimeout: patienceMs,
    socketTimeout: patienceMs,
  });
}
