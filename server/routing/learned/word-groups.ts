// The words whose share of a prompt is a feature, as data. A word counts by its first letters, as the reader keeps them,
// so that endings and most slips of the pen past them change nothing.

/** Lists are words with one space between them. */
export const wordGroups = {
  /** Opens a question. */
  questionWord: "what which who whom whose when where why how",
  negation: "not no never none neither nor cannot except false incorrect without least unlikely isn doesn don",
  /** Limits what counts as an answer. */
  constraint:
    "must should exactly only least most maximum minimum limit constraint require ensure given assume suppose such unless if then all every each always within between",
  /** Says what the answer should look like. */
  format:
    "json list table format bullet write return output respond summarize step sentence word paragraph markdown csv yaml translate explain",
  mathematics:
    "integer prime polynomial equation triangle angle matrix vector function derivative integral theorem probability sum product divisible root radius circle real number set graph sequence modulo factorial cosine sine group ring field finite subgroup isomorphic continuous limit",
  physics:
    "velocity mass force energy electron photon wavelength voltage current circuit magnetic electric charge temperature pressure gravity kinetic momentum acceleration frequency resistance heat entropy lens",
  chemistry:
    "molecule atom acid base reaction ion solution bond mole molar oxidation compound carbon hydrogen oxygen equilibrium enthalpy nmr solvent gas metal catalyst",
  medicine:
    "patient disease symptom blood cell gene protein dna infection treatment clinical diagnosis hormone muscle nerve bone cancer virus bacteria drug therapy evolution species organism",
  law: "court law plaintiff defendant contract statute liability tort criminal constitution amendment jurisdiction negligence evidence testimony property landlord crime convicted felony",
  business:
    "market price cost demand supply profit revenue tax inflation interest firm company investment stock bond bank trade monopoly gdp customer marketing accounting asset capital",
  humanities:
    "war century king empire religion moral ethics philosophy argument society culture political government treaty revolution passage author god church virtue kant history president",
  psychology:
    "behavior cognitive child therapist anxiety memory personality learning development social client stress emotion",
  computing:
    "code python class method array string algorithm program compile server database loop return def variable list dict print import network process thread memory cache api bug",
  reasoning:
    "therefore conclusion premise logic valid house clue puzzle true false statement proposition infer deduce implies fallacy possible order left right",
  writing: "story poem essay letter email blog creative character describe imagine compose rewrite tone title",
  everyday:
    "day week hour minute dollars money buy sell pay apples car water food school friend mother brother sister family total",
} as const;

export type WordGroup = keyof typeof wordGroups;
