import { expect, test } from "bun:test";
import { deviceName } from "./device-name.ts";

test("browsers are named with their system, programs by what they call themselves", () => {
  const names: readonly (readonly [string, string])[] = [
    ["Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0", "Firefox on Linux"],
    ["Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"],
    ["Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1", "Safari on iPhone"],
    ["Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"],
    ["ast/1.4.0 (linux)", "ast/1.4.0"],
    ["", "Unknown"],
  ];
  for (const [userAgent, name] of names) expect(deviceName(userAgent)).toBe(name);
});
