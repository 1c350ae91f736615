// A real Chromium for tests, and pages in it that fail when the browser complains: errors on its console, scripts that
// throw, and anything that the content security policy refuses.

import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";

/** For one action or one expectation; machines that run tests are shared. */
/** Far longer than a first page takes on a busy machine. */
const firstPageMs = 15_000;
const patienceMs = 15_000;

export const widths = { phone: { width: 390, height: 844 }, desktop: { width: 1440, height: 900 } } as const;
export type Width = keyof typeof widths;
export type Theme = "light" | "dark";

/** Chromium starts as root too, talks to nobody, and keeps nothing. */
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
];

/** Opens the browser of `CHROMIUM_PATH`, else the one among the packages. */
export async function openBrowser(): Promise<Browser> {
  const launch = async () => chromium.launch({ executablePath: await browserPath(), args: flags, headless: true });
  const browser = await launch();
  if (await answers(browser)) return browser;
  // Now and then a Chromium hangs from its start on, and would take every test of its file with it.
  void browser.close();
  return launch();
}

async function answers(browser: Browser): Promise<boolean> {
  const opened = browser.newPage().then(
    async (page) => {
      await page.context().close();
      return true;
    },
    () => false,
  );
  return Promise.race([opened, Bun.sleep(firstPageMs).then(() => false)]);
}

async function browserPath(): Promise<string> {
  const given = process.env["CHROMIUM_PATH"];
  if (given !== undefined && given !== "") return given;
  const { default: packaged } = await import("@sparticuz/chromium");
  return packaged.executablePath();
}

export type PageOptions = {
  /** `name=value`, as `signUp` of tests/support/people.ts gives it; absent: nobody is signed in. */
  readonly cookie?: string | undefined;
  readonly width?: Width;
  readonly theme?: Theme;
  /** Complaints that belong to what is tested. */
  readonly expected?: readonly RegExp[];
};

/**
 * Runs `work` on a new page in a session of its own.
 * @param address of the server, such as `http://localhost:4000`; paths are below it.
 * @throws Error with what the browser complained about
 */
export async function onPage<Result>(
  browser: Browser,
  address: string,
  options: PageOptions,
  work: (page: Page, context: BrowserContext) => Promise<Result>,
): Promise<Result> {
  const context = await openSession(browser, address, options);
  try {
    return await onPageOf(context, options.expected ?? [], (page) => work(page, context));
  } finally {
    await context.close();
  }
}

/** A session like a person's browser: its own cookies, its own cache. Whoever opens it closes it. */
export async function openSession(browser: Browser, address: string, options: PageOptions): Promise<BrowserContext> {
  const { cookie, width = "desktop", theme = "light" } = options;
  const context = await browser.newContext({
    baseURL: address,
    viewport: widths[width],
    colorScheme: theme,
    hasTouch: width === "phone",
    reducedMotion: "reduce",
    timezoneId: "UTC",
    locale: "en-GB",
    permissions: ["clipboard-read", "clipboard-write"],
  });
  context.setDefaultTimeout(patienceMs);
  if (cookie !== undefined) await context.addCookies([asCookie(cookie, address)]);
  return context;
}

/**
 * Runs `work` on a new page of an open session.
 * @throws Error with what the browser complained about
 */
export async function onPageOf<Result>(
  context: BrowserContext,
  expected: readonly RegExp[],
  work: (page: Page) => Promise<Result>,
): Promise<Result> {
  const page = await context.newPage();
  try {
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(`the page threw: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error") {
        complaints.push(`the console says: ${message.text()} (${message.location().url})`);
      }
    });
    const result = await work(page);
    const surprising = complaints.filter((text) => !expected.some((pattern) => pattern.test(text)));
    if (surprising.length > 0) throw new Error(`the browser complained:\n${surprising.join("\n")}`);
    return result;
  } finally {
    await page.close();
  }
}

function asCookie(text: string, address: string) {
  const at = text.indexOf("=");
  // As the server sets it: for this host, out of reach of scripts.
  return { name: text.slice(0, at), value: text.slice(at + 1), url: address, httpOnly: true, sameSite: "Lax" as const };
}
