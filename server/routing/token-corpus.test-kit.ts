// Texts of many kinds for tests of the token bound: languages and scripts, code, data, noise. Noise is the same in every
// run.

/** A paragraph each, of ordinary prose. */
const languages: { readonly [name: string]: string } = {
  english:
    "The committee agreed that the proposal, although ambitious, could be carried out within two years if the money were " +
    "there. Critics pointed out that similar projects elsewhere took far longer, and that nobody had asked the people who " +
    "would have to live with it. I don't think they're wrong; we've seen it before, haven't we?",
  chat:
    "hey, can u check why my build fails?? it worked yesterday lol. i ran npm install again and got the same err. thx! " +
    "also pls send me the link to the doc u mentioned, i cant find it anywhere :(",
  german:
    "Die Donaudampfschifffahrtsgesellschaft veröffentlichte gestern ihren Geschäftsbericht. Trotz rückläufiger " +
    "Fahrgastzahlen konnte das Unternehmen seine Wettbewerbsfähigkeit durch Kosteneinsparungen überraschend verbessern.",
  finnish:
    "Järjestelmällisyydellään hän hämmästytti työtovereitaan, jotka eivät olleet tottuneet epäjohdonmukaisuuksien " +
    "puuttumiseen. Kirjastosta löytyi lopulta yksityiskohtainen selvitys, jota kukaan ei ollut lukenut.",
  polish:
    "Wszyscy przedstawiciele związków zgodzili się, że przedsięwzięcie wymaga szczegółowego rozważenia. Chrząszcz brzmi " +
    "w trzcinie w Szczebrzeszynie, a źdźbło trawy drży na wietrze. Bezwzględnie zażółcić gęślą jaźń.",
  french:
    "L'établissement n'a jamais été averti des difficultés qu'éprouvaient ses élèves. Aujourd'hui, grâce à l'aide de " +
    "quelques bénévoles, une bibliothèque s'ouvre là où il n'y avait qu'un terrain vague.",
  spanish:
    "El niño preguntó cuánto tardaría el tren en llegar a la estación. ¿Quién podría saberlo? Mañana, quizás, alguien " +
    "responderá con precisión; mientras tanto, seguimos esperando bajo la lluvia.",
  vietnamese:
    "Hôm qua tôi đã gặp một người bạn cũ ở chợ. Chúng tôi nói chuyện rất lâu về những năm tháng ở trường đại học và những " +
    "dự định cho tương lai.",
  turkish:
    "Çekoslovakyalılaştıramadıklarımızdan mısınız? Öğretmenler, öğrencilerin yönergeleri dikkatlice okuyup " +
    "okumadıklarını kontrol ettiler.",
  welsh:
    "Mae'r gymdeithas yn gofyn i bawb sy'n byw yn y pentref gyfrannu at y gwaith. Llanfairpwllgwyngyllgogerychwyrndrobwll.",
  russian:
    "Комиссия согласилась, что предложение можно осуществить за два года, если будут выделены средства. Противники " +
    "отмечали, что подобные проекты занимали гораздо больше времени.",
  greek: "Η επιτροπή συμφώνησε ότι η πρόταση μπορεί να υλοποιηθεί μέσα σε δύο χρόνια, εφόσον βρεθούν τα χρήματα.",
  arabic: "وافقت اللجنة على أن الاقتراح يمكن تنفيذه في غضون عامين إذا توفر التمويل اللازم لذلك.",
  hebrew: "הוועדה הסכימה שאפשר להוציא את ההצעה לפועל בתוך שנתיים אם יימצא לה המימון הדרוש.",
  hindi: "समिति इस बात पर सहमत हुई कि यदि आवश्यक धन उपलब्ध हो तो प्रस्ताव को दो वर्षों में लागू किया जा सकता है।",
  thai: "คณะกรรมการเห็นพ้องกันว่าข้อเสนอนี้สามารถดำเนินการได้ภายในสองปีหากมีเงินทุนเพียงพอ",
  chinese: "委员会一致认为，如果资金到位，该提案可以在两年内实施。批评者指出，其他地方的类似项目花费的时间要长得多。",
  japanese:
    "委員会は、必要な資金があれば提案は二年以内に実行できると合意した。しかし、似た計画はずっと長くかかったという。",
  korean: "위원회는 필요한 자금이 있다면 이 제안을 이 년 안에 실행할 수 있다는 데 동의했다.",
  amharic: "ኮሚቴው አስፈላጊው ገንዘብ ከተገኘ ሐሳቡ በሁለት ዓመት ውስጥ ሊተገበር እንደሚችል ተስማማ።",
  runes: "ᚠᛇᚻ᛫ᛒᛦᚦ᛫ᚠᚱᚩᚠᚢᚱ᛫ᚠᛁᚱᚪ᛫ᚷᛖᚻᚹᛦᛚᚳᚢᛗ",
  emoji: "Great 🎉🎉 job team!! 👩‍👩‍👧‍👦 👍🏽 see you 🏴󠁧󠁢󠁥󠁮󠁧󠁿 tomorrow 🚀✨ ☕️ #1️⃣",
  mathematics: "∀ε>0 ∃δ>0: |x−a|<δ ⇒ |f(x)−f(a)|<ε; ∑ᵢ₌₁ⁿ i² = n(n+1)(2n+1)/6 ≤ ∫₀^∞ e^{−x²} dx ≈ 0.8862",
};

const code: { readonly [name: string]: string } = {
  typescript:
    "export async function readAll<T>(rows: AsyncIterable<T>, limit = 1_000): Promise<readonly T[]> {\n" +
    "  const found: T[] = [];\n  for await (const row of rows) {\n    if (found.length >= limit) break;\n" +
    "    found.push(row);\n  }\n  return found; // never more than `limit`\n}\n",
  python:
    "class LRUCache(OrderedDict):\n    def __init__(self, maxsize: int = 128):\n        super().__init__()\n" +
    "        self._maxsize = maxsize\n\n    def __getitem__(self, key):\n        value = super().__getitem__(key)\n" +
    "        self.move_to_end(key)\n        return value\n",
  minified:
    '!function(e,t){"object"==typeof exports&&"undefined"!=typeof module?module.exports=t():(e=e||self).qZ=t()}(this,function(){"use strict";' +
    'var e=1e3,t=6e4,n=36e5,r="millisecond",i=/^(\\d{4})[-/]?(\\d{1,2})?$/,s={s:function(e,t,n){return!e||e.length>=t?e:""+Array(t+1-e.length).join(n)+e}};});',
  sql:
    "SELECT w.id, COUNT(*) AS n, SUM(e.amount) FROM ledger_entries e JOIN workspaces w ON w.id = e.workspace_id\n" +
    "WHERE e.created_at >= '2026-01-01' AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.id = e.id) GROUP BY 1 HAVING COUNT(*) > 10;",
  shell: 'for f in $(ls -1 *.tar.gz); do tar -xzf "$f" -C /tmp/x && rm -f -- "$f" || echo "bad: $f" >&2; done\n',
  perl: "@{$x}{qw(a b)}=map{s/^\\s+|\\s+$//gr}split/,/,$_;print+(sort{$$a<=>$$b}@x)[0]//0,$/;",
  assembly:
    "  mov rax, [rsp+8]\n  xor ecx, ecx\n  vpxorq zmm0, zmm0, zmm0\n  jnz .L3\n  movabs r8, 0xdeadbeefcafebabe\n",
  html: '<div class="px-4 py-2 bg-gray-100 hover:bg-gray-200"><a href="https://example.com/a?b=c&amp;d=%20e">Link</a></div>',
  latex:
    "\\begin{align*} \\frac{\\partial f}{\\partial x_{i}} &= \\sum_{j=1}^{n} \\alpha_{ij}\\,\\sin(\\omega t) \\\\ \\end{align*}",
  camelCase: "getHTTPResponseCodeFromXMLHttpRequestOrNull IOError UTF8StringView kCGWindowListOptionAll aBcDeFgHiJkL",
};

const data: { readonly [name: string]: string } = {
  json: JSON.stringify({
    id: "ord_8f3a91",
    total: 1249.5,
    paid: true,
    lines: [
      { sku: "QX-11", quantity: 3, note: null },
      { sku: "ZK-07", quantity: 12, note: "fragile" },
    ],
  }),
  prettyJson: JSON.stringify(
    { type: "object", properties: { q: { type: "string" }, n: { type: "integer" } } },
    null,
    4,
  ),
  csv: "date,open,high,low,close\n2026-03-02,183.44,185.02,181.9,184.11\n2026-03-03,184.2,184.95,182.7,183.06\n",
  table:
    "| Name     | Qty |  Price |\n| -------- | --- | -----: |\n| Widget   |   3 |  12.50 |\n| Sprocket |  11 |   0.99 |\n",
  log: '10.0.4.17 - - [22/Nov/2026:17:16:03 +0000] "GET /v1/models?view=raw HTTP/1.1" 200 5316 "-" "curl/8.5.0" 0.004',
  uuids: "3f2b8c1e-9d47-4a6b-8f0e-2c5d7a91b3e4 0b9e6d52-71fa-4c38-a1d9-5e8f3c2b7a60",
  urls: "https://cdn.example.org/x/y/z/9aF3kQ/img_2048x1536@2x.webp?sig=Zm9vYmFyYmF6&exp=1781234567#frag",
  keys: "sk-proj-Tb3xWq9ZfKJ2mVnQp7RdXyLc5HgUe8Ns1AoBiCw0 AKIAIOSFODNN7EXAMPLE ghp_16C7e42F292c6912E7710c838347Ae178B4a",
  dna: "ATGGTGCTGTCTCCTGCCGACAAGACCAACGTCAAGGCCGCCTGGGGTAAGGTCGGCGCGCACGCTGGCGAGTATGGTGCGGAGGCC",
  screaming: "WARNING: DO NOT OPEN THE VALVE BEFORE THE PRESSURE HAS DROPPED. EVERY OPERATOR MUST SIGN THE PROTOCOL.",
};

const lower = "abcdefghijklmnopqrstuvwxyz";
const upper = lower.toUpperCase();
const digits = "0123456789";
const signs = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

export type Sample = {
  readonly name: string;
  readonly kind: "prose" | "code" | "data" | "noise";
  readonly text: string;
};

export function tokenCorpus(): readonly Sample[] {
  const named = (kind: Sample["kind"], texts: { readonly [name: string]: string }): Sample[] =>
    Object.entries(texts).map(([name, text]) => ({ name, kind, text }));
  return [...named("prose", languages), ...named("code", code), ...named("data", data), ...named("noise", noise())];
}

/** A generator of whole numbers below `below`, the same sequence for the same seed. */
export function seededNumbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function noise(): { readonly [name: string]: string } {
  const below = seededNumbers(7);
  const many = (count: number, piece: () => string): string => Array.from({ length: count }, piece).join("");
  const one = (alphabet: string) => () => alphabet[below(alphabet.length)] ?? "";
  const bytes = (count: number) => Uint8Array.from({ length: count }, () => below(256));
  return {
    lowerLetters: many(2_000, one(lower)),
    upperLetters: many(2_000, one(upper)),
    mixedLetters: many(2_000, one(lower + upper)),
    nonsenseWords: many(400, () => ` ${many(1 + below(12), one(lower))}`),
    nonsenseNames: many(300, () => ` ${one(upper)()}${many(below(9), one(lower))}`),
    syllables: many(900, () => `${one("bcdfghklmnprstvw")()}${one("aeiou")()}${below(4) === 0 ? " " : ""}`),
    alternatingCase: many(1_000, () => one(lower)() + one(upper)()),
    digits: many(2_000, one(digits)),
    spacedDigits: many(800, () => ` ${one(digits)()}`),
    signs: many(2_000, one(signs)),
    spacedSigns: many(800, () => ` ${one(signs)()}`),
    spacedLetters: many(800, () => ` ${one(lower + upper)()}`),
    printable: many(2_000, one(lower + upper + digits + signs + " ")),
    base64: Buffer.from(bytes(1_500)).toString("base64"),
    hexadecimal: Buffer.from(bytes(1_000)).toString("hex"),
    upperHexadecimal: Buffer.from(bytes(1_000)).toString("hex").toUpperCase(),
    spaces: " ".repeat(1_000),
    tabs: "\t".repeat(200),
    lineBreaks: "\n".repeat(200),
    whitespace: many(1_500, one(" \n\t\r")),
    indentation: many(200, () => `\n${" ".repeat(below(30))}${one(lower)()}`),
    controls: many(500, () => String.fromCharCode(below(32))),
    latin: many(500, () => String.fromCodePoint(0xc0 + below(0x180))),
    anyCharacters: many(500, () => String.fromCodePoint(0x400 + below(0xa000))),
    astral: many(300, () => String.fromCodePoint(0x1f300 + below(0x400))),
    spacedAstral: many(300, () => ` ${String.fromCodePoint(0x10000 + below(0x800))}`),
  };
}
