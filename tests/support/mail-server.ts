// A real SMTP server that keeps what it is sent, for tests to read.

import { SMTPServer } from "smtp-server";

export type ReceivedLetter = { readonly to: string; readonly subject: string; readonly text: string };

export type MailServer = {
  /** For `ASTROLABE_SMTP_URL`. */
  readonly url: string;
  readonly letters: readonly ReceivedLetter[];
  /** The next letter to this address, once it is there. @throws Error when it does not come */
  readonly next: (to: string) => Promise<ReceivedLetter>;
  readonly close: () => Promise<void>;
};

const patienceMs = 5_000;

export async function startMailServer(): Promise<MailServer> {
  const letters: ReceivedLetter[] = [];
  const read = new Set<ReceivedLetter>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const to = session.envelope.rcptTo.map(({ address }) => address).join(",");
        letters.push({ to, ...parts(Buffer.concat(chunks).toString("utf8")) });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `smtp://127.0.0.1:${port}`,
    letters,
    async next(to) {
      for (const until = Date.now() + patienceMs; Date.now() < until; await Bun.sleep(5)) {
        const letter = letters.find((candidate) => candidate.to === to && !read.has(candidate));
        if (letter === undefined) continue;
        read.add(letter);
        return letter;
      }
      throw new Error(`no letter to ${to} came`);
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Subject and plain text of a message as nodemailer writes it. */
function parts(message: string): { readonly subject: string; readonly text: string } {
  const subject = /^Subject: (.*(?:\r?\n[ \t].*)*)/im.exec(message)?.[1] ?? "";
  const plain = /content-type: text\/plain[^]*?\r?\n\r?\n([^]*?)\r?\n--/i.exec(message)?.[1] ?? message;
  const isQuoted = /quoted-printable/i.test(/content-type: text\/plain[^]*?\r?\n\r?\n/i.exec(message)?.[0] ?? "");
  const text = isQuoted
    ? plain
        .replaceAll(/=\r?\n/g, "")
        .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : plain;
  return { subject: subject.replaceAll(/\r?\n[ \t]/g, " "), text };
}

/** The one-time token of the link in a letter. @throws Error without one */
export function tokenIn(letter: ReceivedLetter): string {
  const token = /[?&]token=([\w.~%-]+)/.exec(letter.text)?.[1];
  if (token === undefined) throw new Error(`no link in the letter: ${letter.text}`);
  return token;
}
