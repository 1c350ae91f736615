// A browser as far as HTTP goes: keeps cookies, says which page it is on, follows nothing by itself.

import { isObject, parseObject, type JsonObject } from "../../server/contracts/json.ts";

export type Answered = { readonly status: number; readonly body: JsonObject; readonly headers: Headers };

export class BrowserJar {
  readonly cookies = new Map<string, string>();
  readonly #url: string;
  readonly #origin: string;
  readonly #always: Record<string, string>;

  /**
   * @param publicUrl the address that the server believes to have.
   * @param always headers that go with every request.
   */
  constructor(url: string, publicUrl: string, always: Record<string, string> = {}) {
    this.#url = url;
    this.#origin = new URL(publicUrl).origin;
    this.#always = always;
  }

  /** @param more headers that this browser would send besides. */
  async send(method: string, path: string, body?: unknown, more: Record<string, string> = {}): Promise<Answered> {
    const response = await fetch(this.#url + path, {
      method,
      redirect: "manual",
      headers: {
        ...(this.cookies.size > 0 && { cookie: this.cookie }),
        ...(method !== "GET" && { origin: this.#origin, "content-type": "application/json" }),
        "user-agent": "Mozilla/5.0 (test)",
        ...this.#always,
        ...more,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    const parsed = parseObject(await response.text());
    return { status: response.status, body: isObject(parsed) ? parsed : {}, headers: response.headers };
  }

  post(path: string, body: unknown = {}, more: Record<string, string> = {}): Promise<Answered> {
    return this.send("POST", `/api/auth${path}`, body, more);
  }

  get(path: string): Promise<Answered> {
    return this.send("GET", path);
  }

  /** What it would send as its `Cookie` header. */
  get cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  /** Who it is signed in as; undefined when nobody. */
  async me(): Promise<JsonObject | undefined> {
    const { status, body } = await this.get("/api/me");
    return status === 200 ? body : undefined;
  }

  #keep(line: string): void {
    const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (/;\s*max-age=0/i.test(line) || value === "") this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}
