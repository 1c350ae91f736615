// The words the classifier knows, as data: which category a word speaks for and which part it plays in a sentence.
// Words that are common in ordinary talk (`name`, `hey`, `status`) are left out or weigh little on purpose.

import type { Category } from "../contracts/policy.ts";

/** Parts a word can play; a sentence's parts are the union of its words'. */
export const roles = {
  /** Keeps the imperative position open: `please`, `can you`, `i want to`. */
  leadIn: 1,
  /** Moves money. */
  transact: 1 << 1,
  /** Destroys or releases. */
  destroy: 1 << 2,
  /** Gives consent that binds. */
  approve: 1 << 3,
  /** Hands data on. */
  disclose: 1 << 4,
  money: 1 << 5,
  /** Something that others depend on. */
  live: 1 << 6,
  production: 1 << 7,
  legal: 1 << 8,
  credential: 1 << 9,
  /** Data about a person that the law protects. */
  sensitive: 1 << 10,
  personal: 1 << 11,
  /** Health, law or savings at stake. */
  consequence: 1 << 12,
  adviceCue: 1 << 13,
  codeNoun: 1 << 14,
  execLoop: 1 << 15,
  codeEdit: 1 << 16,
  browse: 1 << 17,
  subagent: 1 << 18,
  deep: 1 << 19,
  mutation: 1 << 20,
  /** Asks for the answer in some form: `return`, `respond`. */
  answerVerb: 1 << 21,
  json: 1 << 22,
  /** Reopens the imperative position after another imperative: `and`, `then`. */
  joins: 1 << 23,
  /** Asks for little: `briefly`. */
  brief: 1 << 24,
  approvalAsked: 1 << 25,
  /** Small talk: `thanks`. */
  pleasantry: 1 << 26,
  /** Opens a question for a fact: `when`. */
  questionWord: 1 << 27,
} as const;

export type Role = keyof typeof roles;

export type CategoryWords = { readonly category: Category; readonly strong: string; readonly weak: string };

/** Lists are words with one space between them, here and below. */
export const categoryWords: readonly CategoryWords[] = [
  { category: "heartbeat", strong: "ping heartbeat healthcheck alive", weak: "status uptime" },
  { category: "core_loop", strong: "continue proceed resume", weak: "next session ongoing task keep going" },
  {
    category: "retrieval",
    strong: "find lookup retrieve fetch locate",
    weak: "search list show where which who when define definition capital",
  },
  {
    category: "summarization",
    strong: "summarize summarise summary digest tldr condense recap",
    weak: "brief extract shorten outline gist highlights",
  },
  {
    category: "planning",
    strong: "plan roadmap milestones itinerary prioritize prioritise",
    weak: "steps approach schedule strategy timeline organize goals",
  },
  {
    category: "orchestration",
    strong: "coordinate delegate orchestrate subagent subagents workflow workflows",
    weak: "automation automate sequence pipeline agents dispatch",
  },
  {
    category: "coding",
    strong:
      "code coding debug refactor bug function compile compiler typescript javascript python rust golang java sql regex " +
      "unittest stacktrace traceback npm pip git github docker kubernetes endpoint async css html react component",
    weak:
      "test tests patch script api class method variable module import repo repository commit branch merge error " +
      "exception implement server database query json schema lint deploy build algorithm array string loop null",
  },
  {
    category: "research",
    strong: "research citations cite synthesize synthesise synthesis literature evidence studies",
    weak: "compare comparison analysis analyze analyse sources investigate evaluate survey papers tradeoffs versus",
  },
  {
    category: "creative",
    strong: "brainstorm story poem poetry tagline slogan haiku lyrics fiction limerick screenplay",
    weak: "creative imagine character ideas names novel joke song rhyme",
  },
  {
    category: "communication",
    strong: "email reply respond message newsletter memo",
    weak: "draft letter tone polite apologize invite announcement proofread rephrase translate thank",
  },
  {
    category: "reflection",
    strong: "reflect retrospective postmortem reflection introspect",
    weak: "improve lessons learned mistakes critique feedback",
  },
];

/** Words by the part they play in an order or a request; roles that only pairs have are left out. */
export const roleWords: readonly (readonly [bit: number, words: string])[] = [
  [
    roles.leadIn,
    "please pls can could would will you kindly now just go ahead i we i'd i'll want need to us let's lets help me ok okay so also immediately",
  ],
  [roles.transact, "transfer wire pay purchase buy sell refund withdraw remit donate"],
  [
    roles.destroy,
    "delete erase wipe drop destroy terminate deploy rollback revoke purge truncate decommission shutdown",
  ],
  [roles.approve, "approve authorize authorise sign submit accept execute"],
  [roles.disclose, "send share disclose publish email upload post reset reveal export forward"],
  [
    roles.money,
    "money funds payment payments invoice invoices usd eur gbp dollars euros pounds bank savings shares stock stocks " +
      "bitcoin btc ethereum payroll salary salaries rent loan deposit",
  ],
  [
    roles.live,
    "production prod live database databases backup backups customer customers user users account accounts records " +
      "everything servers cluster data",
  ],
  [roles.production, "production prod"],
  [roles.legal, "contract contracts agreement lease nda lawsuit filing complaint affidavit settlement"],
  [roles.credential, "password passwords credentials secret secrets"],
  [roles.sensitive, "ssn iban passport biometric"],
  [roles.personal, "my our her his their patient patient's patients client's customer's employee's"],
  [
    roles.consequence,
    "dose dosage mg medication medications medicine symptoms pregnant overdose suicidal surgery ibuprofen warfarin " +
      "insulin antibiotics lawsuit sue evict eviction arrested custody divorce mortgage retirement savings invest " +
      "bankruptcy deportation visa landlord",
  ],
  [
    roles.codeNoun,
    "function functions method methods class endpoint endpoints button component test tests script scripts api handler " +
      "import imports variable branch comment comments code module bug regex query schema migration typescript python sql " +
      "css html repo pr commit loop parser field fields column form page docs ui ticket line lines file files directory " +
      "config package dependency fixture mock cli webhook route controller model struct type types cache pipeline",
  ],
  [roles.execLoop, "traceback stacktrace segfault stderr coredump"],
  [roles.codeEdit, "refactor patch implement rename debug fix rewrite migrate port optimize optimise add remove edit"],
  [roles.browse, "browse cite citations sources web website websites online google internet"],
  [roles.subagent, "subagent subagents delegate orchestrate coordinate"],
  [
    roles.deep,
    "synthesize synthesise synthesis comprehensive thorough thoroughly rigorous rigorously exhaustive prove proof theorem derive architecture",
  ],
  [roles.mutation, "delete write create update deploy rollback commit push purchase send transfer terminate execute"],
  [roles.answerVerb, "return respond reply answer output give produce format emit"],
  [roles.json, "json"],
  [roles.joins, "and then"],
  [roles.brief, "briefly concise concisely short oneliner quick"],
];

/** Words that tell talk from work in a turn without any other known word; they never begin an order. */
export const talkWords: readonly (readonly [bit: number, words: string])[] = [
  [roles.pleasantry, "hi hello hey thanks thank thx bye goodbye you there good morning"],
  [roles.questionWord, "what what's who when where which"],
];

export type Pair = { readonly first: string; readonly second: string; readonly roles: readonly Role[] };

/** Roles that two neighbouring words have together. */
export const pairs: readonly Pair[] = [
  { first: "social", second: "security", roles: ["sensitive"] },
  { first: "bank", second: "account", roles: ["sensitive"] },
  { first: "routing", second: "number", roles: ["sensitive"] },
  { first: "medical", second: "record", roles: ["sensitive"] },
  { first: "medical", second: "records", roles: ["sensitive"] },
  { first: "health", second: "data", roles: ["sensitive"] },
  { first: "health", second: "records", roles: ["sensitive"] },
  { first: "driver", second: "license", roles: ["sensitive"] },
  { first: "driver's", second: "license", roles: ["sensitive"] },
  { first: "tax", second: "return", roles: ["sensitive", "legal"] },
  { first: "credit", second: "card", roles: ["sensitive"] },
  { first: "chest", second: "pain", roles: ["consequence"] },
  { first: "blood", second: "pressure", roles: ["consequence"] },
  { first: "should", second: "i", roles: ["adviceCue"] },
  { first: "can", second: "i", roles: ["adviceCue"] },
  { first: "am", second: "i", roles: ["adviceCue"] },
  { first: "do", second: "i", roles: ["adviceCue"] },
  { first: "is", second: "it", roles: ["adviceCue"] },
  { first: "safe", second: "to", roles: ["adviceCue"] },
  { first: "roll", second: "back", roles: ["destroy"] },
  { first: "in", second: "json", roles: ["answerVerb"] },
  { first: "as", second: "json", roles: ["answerVerb"] },
  { first: "valid", second: "json", roles: ["answerVerb"] },
  { first: "json", second: "only", roles: ["answerVerb"] },
  { first: "stack", second: "trace", roles: ["execLoop"] },
  { first: "failing", second: "test", roles: ["execLoop"] },
  { first: "failing", second: "tests", roles: ["execLoop"] },
  { first: "test", second: "fails", roles: ["execLoop"] },
  { first: "tests", second: "fail", roles: ["execLoop"] },
  { first: "test", second: "failed", roles: ["execLoop"] },
  { first: "tests", second: "failed", roles: ["execLoop"] },
  { first: "build", second: "failed", roles: ["execLoop"] },
  { first: "build", second: "fails", roles: ["execLoop"] },
  { first: "exit", second: "code", roles: ["execLoop"] },
  { first: "sub", second: "agent", roles: ["subagent"] },
  { first: "sub", second: "agents", roles: ["subagent"] },
  { first: "in", second: "depth", roles: ["deep"] },
  { first: "deep", second: "dive", roles: ["deep"] },
  { first: "one", second: "word", roles: ["brief"] },
  { first: "one", second: "sentence", roles: ["brief"] },
  { first: "my", second: "approval", roles: ["approvalAsked"] },
  { first: "ask", second: "before", roles: ["approvalAsked"] },
  { first: "i", second: "confirm", roles: ["approvalAsked"] },
  { first: "i", second: "approve", roles: ["approvalAsked"] },
];
