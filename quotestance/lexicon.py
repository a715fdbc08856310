"""The words of English that the rules know.

Reporting verbs and phrases, titles, roles, pronouns, bodies.
"""

from __future__ import annotations

from quotestance.inflection import verb_forms


def word_set(text: str) -> frozenset[str]:
    """The words of a string as a set.

    >>> sorted(word_set("say tell"))
    ['say', 'tell']
    """
    return frozenset(text.split())


# Form -> lemma. SPEECH_VERBS report speech wherever they stand; MANNER_VERBS do so mostly beside a
# quotation. Both were gathered by reading what introduces the quotations of articles_train and
# polnear_train; how far each is a cue, the ranker learns.
SPEECH_VERBS: dict[str, str] = verb_forms(
    "say tell add ask write state announce declare explain reply respond answer insist argue claim"
    " note remark comment tweet post observe warn admit acknowledge concede confirm deny testify"
    " recall joke quip shout yell whisper exclaim mutter continue conclude stress emphasize"
    " emphasise assert allege contend maintain reiterate repeat report predict vow pledge promise"
    " complain lament boast urge caution counter retort recount opine muse proclaim pronounce"
    " suggest propose ask inquire demand murmur scream cry interject chant sing quote clarify"
    " elaborate describe call"
)
MANNER_VERBS: dict[str, str] = verb_forms(
    "agree accuse charge criticize criticise blast slam denounce condemn dismiss reject praise"
    " applaud welcome thank hail refer label term dub brand characterize characterise cite read"
    " think believe feel begin go laugh smile sigh shrug nod fume rail thunder bark snap sneer"
    " scoff gush joke speak address express voice signal hint indicate appeal plead beg request"
    " order instruct threaten advise recommend question wonder doubt hope wish point put conclude"
    " summarize note tease chide rule find decide demand offer urge"
)
REPORTING_VERBS: dict[str, str] = {**MANNER_VERBS, **SPEECH_VERBS}

# Nouns that hold words: "in a statement", "the report said", "his claim that".
SPEECH_NOUNS = word_set(
    "statement remark remarks comment comments word words letter speech tweet post message memo"
    " email e-mail interview release testimony address claim announcement declaration editorial"
    " article report reply response answer question warning call complaint resolution communique"
    " communiqué op-ed blog column note filing ruling opinion text transcript document motto slogan"
    " chant chants cries cry plea appeal promise pledge vow accusation description headline banner"
    " sign book essay lawsuit petition"
)

PRONOUNS_MALE = word_set("he him his himself")
PRONOUNS_FEMALE = word_set("she her hers herself")
PRONOUNS_PLURAL = word_set("they them their theirs themselves")
PRONOUNS_NEUTRAL = word_set("it its itself")
PRONOUNS_FIRST = word_set("i we me us my our ours myself ourselves")
PRONOUNS_OTHER = word_set(
    "you who whom that which this these those one someone somebody anyone nobody everyone both"
    " others another some many"
)
# Of these the ones that a clause or a phrase makes a description: "those who skated there".
PRONOUNS_WITH_CLAUSES = word_set("those one someone anyone everyone others another some many")
PERSONAL_PRONOUNS = (
    PRONOUNS_MALE | PRONOUNS_FEMALE | PRONOUNS_PLURAL | PRONOUNS_NEUTRAL | PRONOUNS_FIRST
)
PRONOUNS = PERSONAL_PRONOUNS | PRONOUNS_OTHER

HONORIFICS_MALE = word_set(
    "mr mister sir lord baron king prince father brother sheikh pope herr monsieur señor"
)
HONORIFICS_FEMALE = word_set(
    "mrs ms miss madam dame lady queen princess sister baroness mme frau madame señora"
)
HONORIFICS = (
    HONORIFICS_MALE
    | HONORIFICS_FEMALE
    | word_set(
        "dr prof professor rev reverend hon capt captain col colonel cpl gen general lt lieutenant"
        " maj major sgt sergeant pvt adm admiral cmdr commander brig brigadier sen senator rep"
        " representative congressman congresswoman gov governor pres president judge justice rabbi"
        " imam ayatollah cardinal archbishop bishop detective officer chief marshal supt insp"
        " det pc"
    )
)

# Words that name an office. A name after them is a person's; alone with "the" they stand for
# whoever holds the office.
ROLES = HONORIFICS | word_set(
    "minister pm premier chancellor secretary ambassador envoy spokesman spokeswoman spokesperson"
    " mayor leader chairman chairwoman chairperson chair director commissioner mp mep congressman"
    " lawmaker legislator candidate nominee attorney lawyer solicitor prosecutor sheriff analyst"
    " economist strategist adviser advisor aide manager coach captain skipper owner founder"
    " co-founder executive ceo cfo coo boss banker trader broker head deputy vice vice-president"
    " undersecretary counsel treasurer negotiator mediator diplomat official administrator"
    " superintendent principal dean researcher scientist historian author writer columnist editor"
    " journalist reporter correspondent anchor host presenter activist organizer organiser"
    " campaigner protester resident witness photographer farmer teacher doctor nurse pastor priest"
    " policeman policewoman inspector investigator consultant partner delegate speaker whip"
    " councillor councilor councilman councilwoman alderman pollster operative consul emir sultan"
    " militant rebel commander dictator monarch crown expert fellow scholar specialist planner"
    " agent publicist rapporteur coordinator co-ordinator representative vice-chancellor trustee"
    " student veteran actor actress singer director-general striker midfielder defender goalkeeper"
    " player winger champion father mother brother sister son daughter wife husband widow uncle"
    " aunt cousin friend neighbor neighbour colleague supporter critic moderator democrat"
    " republican tory progressive conservative"
)
ROLE_MODIFIERS = word_set(
    "prime foreign defense defence finance interior deputy vice senior junior acting former ex ex-"
    " state home chief executive general assistant associate managing shadow first second lead top"
    " attorney press national security economic trade communications campaign special regional"
    " presidential vice-presidential front-runner frontrunner retired late then"
)
TITLE_WORDS = ROLES | ROLE_MODIFIERS

# Words that end the name of a body rather than of a person.
BODIES = word_set(
    "ministry department committee commission council agency office bureau party union association"
    " federation league organization organisation company corporation corp inc ltd plc co group"
    " bank university college institute foundation center centre court parliament congress senate"
    " house government administration army police navy force forces authority board club team"
    " church network news times post journal guardian press reuters agency movement front alliance"
    " coalition campaign service services society trust fund firm band brigade militia guard"
    " embassy cabinet kremlin pentagon observatory watch international nations treasury exchange"
    " airlines airways industries holdings partners school hospital command panel caucus tribunal"
    " mission delegation secretariat assembly chamber city county state states republic kingdom"
    " union's tribune herald"
)
# Nouns that stand for a body or a crowd named earlier or not at all.
BODY_NOUNS = BODIES | word_set(
    "statement report letter newspaper paper magazine website site complaint lawsuit resolution"
    " editorial article broadcaster outlet ad advertisement video poster memo document filing"
)
# What an apposition calls a body that publishes: "the Daily Tide, a tabloid".
PUBLISHERS = word_set("newspaper paper tabloid daily magazine broadcaster website channel outlet")
GROUP_NOUNS = word_set(
    "officials protesters demonstrators critics supporters analysts lawyers residents witnesses"
    " students police workers opponents experts democrats republicans tories lawmakers senators"
    " ministers sources economists traders leaders people activists rebels militants authorities"
    " prosecutors doctors scientists fans voters others many some investigators observers diplomats"
    " farmers families relatives parents teachers nurses unions journalists reporters crowd crowds"
    " audience organizers organisers campaigners aides advisers conservatives liberals historians"
    " researchers prosecutors spokesmen executives members"
)

# Words with a capital that are no part of a name when they open a sentence or stand alone.
NOT_NAMES = word_set(
    "the a an in on at by for from with to of and but or nor so yet as if when while although"
    " though because since after before until during despite however meanwhile afterwards also then"
    " there here now today yesterday tomorrow this that these those it he she they we i you his her"
    " their our my its your what who whom whose which why how where not no yes all some many most"
    " both each every other another such one two three four five six seven eight nine ten first"
    " second last next new asked speaking according addressing responding including following under"
    " over about against between among through monday tuesday wednesday thursday friday saturday"
    " sunday january february march april may june july august september october november december"
    " tue tues thu thur thurs fri feb apr jul aug sept nov earlier later still even just only once"
    " again instead rather perhaps maybe indeed thus hence therefore moreover furthermore read more"
    " related photo image file getty advertisement share updated continue story video click watch"
    " breaking let do does did is are was were be been being has have had will would can could"
    " should must might shall like unlike well well, oh please thank thanks good great very too"
    " much more less least any anyone everyone nobody otherwise additionally finally recently"
    " previously initially eventually overall elsewhere besides nevertheless nonetheless similarly"
    " clearly currently apparently reportedly officially out up down off back away long few several"
    " said says asked told"
)

ABBREVIATIONS = word_set(
    "mr mrs ms dr prof rev hon st capt col cpl gen lt maj sgt pvt adm cmdr brig sen rep gov pres"
    " supt det insp sr jr u.s u.k u.n e.u d.c n.y l.a a.m p.m i.e e.g vs etc inc ltd corp co plc"
    " bros dept univ no nos fig approx est jan feb mar apr jun jul aug sept sep oct nov dec mon tue"
    " tues wed thu thur thurs fri sat sun ft mt ave blvd rd calif conn ariz ala fla ga ill ind kan"
    " ky la mass mich minn miss mo neb nev okla ore pa tenn tex va wash wis wyo dlrs mln bln pct"
)

NAME_SUFFIXES = word_set("jr sr ii iii iv phd md qc kc mp")

# Adjective -> country or place, for "the Israeli prime minister" = "Israel's prime minister". Only
# pairs that share no stem of four letters need a row: the rest are matched by their first four
# letters.
DEMONYMS: dict[str, str] = {
    "british": "britain",
    "english": "england",
    "dutch": "netherlands",
    "french": "france",
    "german": "germany",
    "greek": "greece",
    "irish": "ireland",
    "scottish": "scotland",
    "welsh": "wales",
    "spanish": "spain",
    "swiss": "switzerland",
    "thai": "thailand",
    "iraqi": "iraq",
    "american": "u.s",
    "us": "u.s",
    "u.s": "u.s",
    "united states": "u.s",
    "uk": "britain",
    "un": "united nations",
    "u.n": "united nations",
    "philippine": "philippines",
    "filipino": "philippines",
    "danish": "denmark",
    "finnish": "finland",
    "polish": "poland",
    "turkish": "turkey",
}
# A capital or a seat of government that news uses for the body that sits there.
METONYMS: dict[str, str] = {
    "washington": "united states",
    "moscow": "russia",
    "beijing": "china",
    "pyongyang": "north korea",
    "seoul": "south korea",
    "tokyo": "japan",
    "london": "britain",
    "paris": "france",
    "berlin": "germany",
    "tehran": "iran",
    "damascus": "syria",
    "ankara": "turkey",
    "kiev": "ukraine",
    "kyiv": "ukraine",
    "brussels": "european union",
    "riyadh": "saudi arabia",
    "jerusalem": "israel",
    "baghdad": "iraq",
    "kabul": "afghanistan",
    "islamabad": "pakistan",
    "new delhi": "india",
    "cairo": "egypt",
}

# Family names that stand before the given name: the commonest of Korea and China.
FAMILY_NAMES_FIRST = word_set(
    "kim lee park choi jung jeong kang cho jo yoon yun jang lim im han oh seo shin kwon hwang ahn"
    " song yoo yu hong moon ban ri pak roh wang li lu zhang liu chen yang huang zhao wu zhou xu sun"
    " ma zhu hu guo he lin luo gao xi wen deng jiang mao bo"
)

# Nouns before the title of a work, which stands between quotation marks and is no speech.
WORK_NOUNS = word_set(
    "book film movie song album show series play novel magazine poem report essay article speech"
    " column documentary episode titled called entitled"
)
# The second person.
PRONOUNS_SECOND = word_set("you your yours yourself")
# Roles that are surnames as well: after a first name they are names.
SURNAME_ROLES = word_set(
    "dean king prince bishop judge justice marshal major cardinal pope baron chair head fellow page"
    " cook priest farmer fan banker"
)
# Nouns that end like an agent and are none.
NOT_PEOPLE = word_set(
    "number order paper letter weather winter water river power member matter newspaper poster"
    " banner floor factor sector door color humor error mirror offer answer filing tweeter chapter"
    " register"
)
# Nouns for people that do not end like an agent.
PEOPLE = word_set(
    "counterpart source guy boy girl kid native aide official people folk crowd anonymous"
    " person one"
)
# Who leads a country: "the French leader" is its president.
LEADING_ROLES = word_set("president premier chancellor king queen emir sultan dictator monarch")
# What an office is of: Secretary of State.
OFFICES = word_set(
    "state staff defense defence labor labour energy education commerce agriculture transportation"
    " health trade affairs security justice police works interior exchequer"
)
# Words of a role that tell no office from another.
ROLE_FILLERS = word_set("the a an of for s his her its their former senior")
