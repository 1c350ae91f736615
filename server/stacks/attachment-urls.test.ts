import { describe, expect, test } from "bun:test";
import { GatewayError } from "../contracts/errors.ts";
import type { Attachment } from "../routing/features.ts";
import { checkAttachmentUrls } from "./attachment-urls.ts";

type Boundaries = Parameters<typeof checkAttachmentUrls>[1];
const open: Boundaries = { fileUrlAllowlist: [], imageUrlAllowlist: [], maxUrlParts: 12 };

function refusalOf(attachments: readonly Attachment[], boundaries: Partial<Boundaries> = {}): GatewayError | undefined {
  try {
    checkAttachmentUrls(attachments, { ...open, ...boundaries });
  } catch (thrown) {
    if (thrown instanceof GatewayError) return thrown;
    throw thrown;
  }
  return undefined;
}

function image(url: string): Attachment {
  return { kind: "image", url };
}

const refused: { readonly [why: string]: readonly string[] } = {
  "loopback addresses": [
    "http://127.0.0.1/",
    "http://127.0.0.1:8080/a.png",
    "https://127.1.2.3/",
    "http://127.255.255.254/",
  ],
  "this network": ["http://0.0.0.0/", "http://0.0.0.0:6379/", "http://0.1.2.3/"],
  "private addresses": [
    "http://10.0.0.1/",
    "http://10.255.255.255/",
    "http://172.16.0.1/",
    "http://172.31.255.254/",
    "http://192.168.0.1/",
    "https://192.168.1.1:8443/admin",
  ],
  "link-local addresses and cloud metadata": [
    "http://169.254.169.254/latest/meta-data/",
    "http://169.254.0.1/",
    "http://169.254.170.2/v2/credentials",
    "http://metadata.google.internal/computeMetadata/v1/",
    "http://[fd00:ec2::254]/latest/meta-data/",
  ],
  "carrier-grade NAT": ["http://100.64.0.1/", "http://100.100.100.200/latest/meta-data/", "http://100.127.255.255/"],
  "multicast, reserved and documentation addresses": [
    "http://224.0.0.1/",
    "http://239.255.255.250:1900/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://192.0.0.8/",
    "http://192.0.2.1/",
    "http://198.18.0.1/",
    "http://198.19.255.255/",
    "http://198.51.100.7/",
    "http://203.0.113.9/",
    "http://192.88.99.1/",
  ],
  "decimal, octal, hexadecimal and shortened spellings": [
    "http://2130706433/",
    "http://017700000001/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://0177.0.0.1/",
    "http://0177.0.0.01/",
    "http://127.1/",
    "http://127.0.1/",
    "http://0/",
    "http://0x0/",
    "http://3232235521/",
    "http://0xc0.0xa8.0x00.0x01/",
    "http://0300.0250.0.1/",
    "http://10.1/",
    "http://192.168.257/",
    "http://2852039166/latest/meta-data/",
    "http://0xa9fea9fe/",
    "http://0251.0376.0251.0376/",
    "http://134744072/",
    "http://0x08080808/",
    "http://8.8.2056/",
    "http://010.8.8.8/",
    "http://08.8.8.8/",
    "http://127.0.0.1./",
    "http://8.8.8.8./",
  ],
  "addresses hidden in other characters": [
    "http://１２７.０.０.１/",
    "http://①②⑦.⓪.⓪.①/",
    "http://127。0。0。1/",
    "http://%31%32%37.0.0.1/",
    "http://8.8.8%2e8/",
  ],
  "IPv6 loopback and unspecified": [
    "http://[::1]/",
    "http://[::]/",
    "http://[0:0:0:0:0:0:0:1]:8080/",
    "http://[::0001]/",
  ],
  "IPv4-mapped and -compatible IPv6": [
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::ffff:8.8.8.8]/",
    "http://[::ffff:0:127.0.0.1]/",
    "http://[::127.0.0.1]/",
    "http://[::a9fe:a9fe]/",
  ],
  "NAT64, 6to4 and Teredo": [
    "http://[64:ff9b::7f00:1]/",
    "http://[64:ff9b::8.8.8.8]/",
    "http://[64:ff9b:1::1]/",
    "http://[2002:7f00:1::]/",
    "http://[2002:c0a8:101::1]/",
    "http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/",
  ],
  "private, link-local, multicast and documentation IPv6": [
    "http://[fc00::1]/",
    "http://[fd12:3456:789a::1]/",
    "http://[fe80::1]/",
    "http://[febf::1]/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
    "http://[ff0e::1]/",
    "http://[2001:db8::1]/",
    "http://[3fff::1]/",
    "http://[100::1]/",
  ],
  "internal names": [
    "http://localhost/",
    "http://LOCALHOST:3000/",
    "http://localhost./",
    "http://api.localhost/",
    "http://printer.local/",
    "http://printer.local./a.png",
    "http://db.internal/",
    "http://vault.prod.internal/",
    "http://wiki.corp/",
    "http://nas.lan/",
    "http://router.home.arpa/",
    "http://kubernetes.default.svc.cluster.local/",
    "http://kubernetes/",
    "http://intranet/",
    "http://localhost.localdomain/",
    "http://hidden.onion/",
  ],
  "names that lead to any address": [
    "http://127.0.0.1.nip.io/",
    "http://10-0-0-1.sslip.io/",
    "http://app.localtest.me/",
    "http://lvh.me:3000/",
  ],
  "user names and passwords": [
    "http://user:password@example.com/",
    "https://user@example.com/a.png",
    "https://example.com@127.0.0.1/",
    "https://:@example.com/",
    "https://@example.com/",
    "https://example.com:80@evil.com/",
  ],
  "other schemes": [
    "file:///etc/passwd",
    "ftp://example.com/a.png",
    "gopher://example.com:6379/_INFO",
    "data:image/png;base64,AAAA",
    "javascript:alert(1)",
    "blob:https://example.com/1",
    "s3://bucket/key",
    "ws://example.com/",
  ],
  "what parsers disagree about": [
    "",
    "example.com/a.png",
    "//example.com/a.png",
    "http://",
    "http:///etc/passwd",
    "http:\\\\example.com\\a.png",
    "http://example.com\\@127.0.0.1/",
    " https://example.com/a.png",
    "https://exam\tple.com/a.png",
    "https://example.com/a\n.png",
    "http://example.com\u0000.internal/",
    "http://[::1/",
    "http://[fe80::1%25eth0]/",
    "http://1.2.3.4.5/",
    "http://256.256.256.256/",
    "http://example.com:99999/",
    "http:example.com/",
    "https:/example.com/",
  ],
};

const accepted = [
  "https://example.com/a.png",
  "http://example.com/a.png",
  "https://EXAMPLE.com/A.PNG",
  "https://example.com./a.png",
  "https://sub.domain.example.co.uk/path/to/file.pdf?signature=a%2Fb&expires=1",
  "https://example.com:8443/a.png",
  "https://example.com/#fragment",
  "https://example.com",
  "https://example.com/path@with-at/a.png",
  "https://example.com/?next=http://127.0.0.1/",
  "https://upload.wikimedia.org/wikipedia/commons/thumb/d/dd/A.jpg/320px-A.jpg",
  "https://bucket.s3.eu-central-1.amazonaws.com/key?X-Amz-Signature=abc",
  "https://storage.googleapis.com/bucket/object",
  "https://my_bucket.example.com/a.png",
  "https://münchen.de/bild.png",
  "https://xn--mnchen-3ya.de/bild.png",
  "https://例え.jp/",
  "http://8.8.8.8/a.png",
  "http://1.1.1.1:8080/",
  "http://172.15.0.1/",
  "http://172.32.0.1/",
  "http://100.63.255.255/",
  "http://100.128.0.1/",
  "http://11.0.0.1/",
  "http://[2606:4700:4700::1111]/a.png",
  "https://[2001:4860:4860::8888]:8443/",
  "https://localhost.example.com/",
  "https://internal.example.com/",
  "https://my.locale.org/",
  "https://10.example.com/",
];

describe("without allowlists", () => {
  for (const [why, urls] of Object.entries(refused)) {
    test(`refuses ${why}`, () => {
      const passed = urls.filter((url) => refusalOf([image(url)]) === undefined);
      expect(passed).toEqual([]);
    });
  }

  test("accepts public http and https addresses", () => {
    const stopped = accepted.filter((url) => refusalOf([image(url)]) !== undefined);
    expect(stopped).toEqual([]);
  });

  test("is tried on a corpus worth the name", () => {
    expect(new Set(Object.values(refused).flat()).size).toBeGreaterThanOrEqual(100);
    expect(new Set(accepted).size).toBeGreaterThanOrEqual(20);
  });

  test("says which URL is at fault and why, without repeating it", () => {
    const error = refusalOf([image("https://example.com/"), { kind: "file" }, image("http://10.0.0.1/?token=secret")]);
    expect(error).toMatchObject({ code: "invalid_request", param: "input" });
    expect(error?.message).toBe("URL 2 of the input points to an address that is not public.");
  });

  test("refuses a URL without end", () => {
    expect(refusalOf([image(`https://example.com/${"a".repeat(9_000)}`)])?.message).toContain("longer than");
  });
});

describe("the number of URLs", () => {
  const urls = (count: number) => Array.from({ length: count }, (_, index) => image(`https://example.com/${index}`));

  test("is limited by the stack, each URL counted once", () => {
    expect(refusalOf(urls(3), { maxUrlParts: 3 })).toBeUndefined();
    expect(refusalOf(urls(4), { maxUrlParts: 3 })).toMatchObject({ code: "invalid_request", param: "input" });
    expect(refusalOf([...urls(2), ...urls(2)], { maxUrlParts: 2 })).toBeUndefined();
  });

  test("does not count inline data and file ids", () => {
    expect(
      refusalOf(
        Array.from({ length: 50 }, () => ({ kind: "image" })),
        { maxUrlParts: 1 },
      ),
    ).toBeUndefined();
  });
});

describe("allowlists", () => {
  const images = { imageUrlAllowlist: ["https://cdn.example.com", "pictures.example.org"] };

  test("take an entry with a scheme as an exact origin", () => {
    expect(refusalOf([image("https://cdn.example.com/a.png")], images)).toBeUndefined();
    for (const url of ["http://cdn.example.com/", "https://cdn.example.com:8443/", "https://a.cdn.example.com/"]) {
      expect(refusalOf([image(url)], images)?.message).toContain("outside the stack's allowlist");
    }
  });

  test("take a bare host for itself and its subdomains", () => {
    expect(refusalOf([image("https://pictures.example.org/a")], images)).toBeUndefined();
    expect(refusalOf([image("http://eu.Pictures.example.org:8080/a")], images)).toBeUndefined();
    expect(refusalOf([image("https://evilpictures.example.org/a")], images)).toBeDefined();
    expect(refusalOf([image("https://pictures.example.org.evil.com/a")], images)).toBeDefined();
  });

  test("are one for images and one for everything else", () => {
    const elsewhere = "https://files.example.net/a";
    expect(refusalOf([{ kind: "file", url: elsewhere }], images)).toBeUndefined();
    expect(refusalOf([image(elsewhere)], { fileUrlAllowlist: ["example.com"] })).toBeUndefined();
    for (const kind of ["file", "audio", "video"] as const) {
      expect(refusalOf([{ kind, url: elsewhere }], { fileUrlAllowlist: ["example.com"] })).toBeDefined();
    }
  });

  test("never open the way to an internal host", () => {
    const inside = { imageUrlAllowlist: ["127.0.0.1", "http://10.0.0.1", "localhost", "corp.internal"] };
    for (const url of ["http://127.0.0.1/", "http://10.0.0.1/", "http://localhost/", "http://corp.internal/"]) {
      expect(refusalOf([image(url)], inside)?.message).toContain("not public");
    }
  });
});
