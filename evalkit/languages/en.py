"""English."""

from __future__ import annotations

from evalkit.languages.base import LATIN, Language, Signs
from evalkit.languages.words import CheckWords, by_form

LANGUAGE = Language(
    code="en",
    label="English",
    tags=("en", "eng"),
    script=LATIN,
    splitter="en",
    codes={
        "marian": "eng",
        "nllb": "eng_Latn",
        "m2m100": "en",
        "mbart": "en_XX",
        "madlad": "en",
        "t5": "English",
    },
    before_numbers=tuple("fig figs no nos p pp vol ch sec eq art approx ca cf".split()),
    headings=(
        "en",
        "eng",
        "english",
        "en us",
        "en gb",
        "english text",
        "text en",
        "sentence en",
        "английский",
        "английский текст",
        "englisch",
        "англійська",
    ),
    signs=Signs(
        words=frozenset(
            "the of and to that with for from this are were which have has been by it its his they at as be not but "
            "their would or you your is was in on he an will can when who".split()
        ),
        least_words=0.2,
        strange="äöüßéèêàáçñøåæœłşışăđ",
    ),
    encodings=("cp1252",),
)

CHECK_WORDS = CheckWords(
    code="en",
    letters="a-z",
    respelled={"’": "'", "‘": "'"},
    endings=(
        "'s",
        "ingly",
        "edly",
        "ings",
        "ies",
        "ied",
        "ing",
        "ers",
        "est",
        "ily",
        "ed",
        "es",
        "er",
        "ly",
        "s",
        "e",
        "y",
    ),
    shortest_stem=3,
    irregular={
        form: base
        for base, forms in {
            "be": "am is are was were been being",
            "have": "has had having",
            "do": "does did done doing",
            "go": "goes went gone going",
            "say": "said saying says",
            "see": "saw seen seeing",
            "take": "took taken taking",
            "come": "came coming comes",
            "get": "got gotten getting",
            "give": "gave given giving",
            "know": "knew known",
            "think": "thought",
            "find": "found",
            "tell": "told",
            "leave": "left",
            "feel": "felt",
            "keep": "kept",
            "begin": "began begun",
            "show": "shown",
            "hear": "heard",
            "run": "ran running",
            "hold": "held",
            "bring": "brought",
            "write": "wrote written writing",
            "sit": "sat sitting",
            "stand": "stood",
            "lose": "lost losing loss",
            "pay": "paid",
            "meet": "met",
            "lead": "led",
            "understand": "understood",
            "speak": "spoke spoken",
            "buy": "bought",
            "send": "sent",
            "build": "built",
            "fall": "fell fallen",
            "grow": "grew grown growth",
            "win": "won winning winner",
            "teach": "taught",
            "catch": "caught",
            "choose": "chose chosen choice",
            "fight": "fought",
            "make": "made making",
            "spend": "spent",
            "sell": "sold sale",
            "rise": "rose risen rising",
            "become": "became",
            "die": "died dying dead death deaths dies",
            "man": "men",
            "woman": "women",
            "child": "children",
            "person": "people persons",
            "foot": "feet",
            "life": "lives",
            "wife": "wives",
            "good": "better best",
            "bad": "worse worst",
            "region": "regional",
            "fire": "fires fired",
            "live": "lived living",
            "use": "used using",
            "saint": "st sts saints",
            "united": "usa",
        }.items()
        for form in forms.split()
    },
    function_words=frozenset(
        (
            "a an the of to in on at by for with from as into onto about after before over under between "
            "through during against within without upon among and or but nor so yet if then than that this these those "
            "there here it its he him his she her hers they them their theirs we us our ours you your yours "
            "i me my mine be am is are was were been being have has had having do does did doing will would "
            "shall should can could may might must not no n't who whom whose which what when where why how "
            "all any both each few more most other some such only own same too very just also up down out off "
            "again once because while until s t re ve ll d m don isn aren wasn weren hasn haven hadn doesn didn "
            "won wouldn shouldn couldn can't one ones even however another own itself himself herself themselves "
            "already still now well much many around per via else said say says according"
        ).split()
    ),
    cardinals=by_form(
        {
            "zero nil": 0,
            "one": 1,
            "two twice double doubled both couple pair": 2,
            "three thrice triple tripled": 3,
            "four quadruple": 4,
            "five": 5,
            "six": 6,
            "seven": 7,
            "eight": 8,
            "nine": 9,
            "ten": 10,
            "eleven": 11,
            "twelve dozen": 12,
            "thirteen": 13,
            "fourteen": 14,
            "fifteen": 15,
            "sixteen": 16,
            "seventeen": 17,
            "eighteen": 18,
            "nineteen": 19,
            "twenty twenties": 20,
            "thirty thirties": 30,
            "forty forties": 40,
            "fifty fifties": 50,
            "sixty sixties": 60,
            "seventy seventies": 70,
            "eighty eighties": 80,
            "ninety nineties": 90,
            "hundred": 100,
            "half": 0.5,
            "quarter": 0.25,
        }
    ),
    ordinals=by_form(
        {
            "first": 1,
            "second": 2,
            "third": 3,
            "fourth": 4,
            "fifth": 5,
            "sixth": 6,
            "seventh": 7,
            "eighth": 8,
            "ninth": 9,
            "tenth": 10,
            "eleventh": 11,
            "twelfth": 12,
            "thirteenth": 13,
            "fourteenth": 14,
            "fifteenth": 15,
            "sixteenth": 16,
            "seventeenth": 17,
            "eighteenth": 18,
            "nineteenth": 19,
            "twentieth": 20,
            "thirtieth": 30,
            "fortieth": 40,
            "fiftieth": 50,
            "sixtieth": 60,
            "seventieth": 70,
            "eightieth": 80,
            "ninetieth": 90,
            "hundredth": 100,
        }
    ),
    ordinal_endings=frozenset(("", "s", "ly")),
    vague=frozenset(
        (
            "zero nil one twice double doubled both couple pair thrice triple tripled quadruple dozen half quarter first "
            "second third hundred may mar march"
        ).split()
    ),
    halves=(("and", "a", "half"),),
    fused={},
    number_endings=frozenset("s th st nd rd".split()),
    decade_endings=frozenset("s".split()),
    scales=by_form(
        {
            "thousand thousands k": 1e3,
            "million millions m mln mn": 1e6,
            "billion billions bn b": 1e9,
            "trillion trillions tn tln": 1e12,
        }
    ),
    decimal_comma=False,
    months={
        "january": 1,
        "february": 2,
        "march": 3,
        "april": 4,
        "may": 5,
        "june": 6,
        "july": 7,
        "august": 8,
        "september": 9,
        "october": 10,
        "november": 11,
        "december": 12,
        "jan": 1,
        "feb": 2,
        "mar": 3,
        "apr": 4,
        "jun": 6,
        "jul": 7,
        "aug": 8,
        "sept": 9,
        "sep": 9,
        "oct": 10,
        "nov": 11,
        "dec": 12,
    },
    weekdays={
        "monday": 1,
        "tuesday": 2,
        "wednesday": 3,
        "thursday": 4,
        "friday": 5,
        "saturday": 6,
        "sunday": 7,
    },
    months_end=frozenset(("", "s")),
    units={
        form: unit
        for unit, forms in {
            "percent": "% percent percentage",
            "ruble": "₽ ruble rubles rouble roubles rub",
            "dollar": "$ dollar dollars usd",
            "euro": "€ euro euros eur",
            "pound": "£ gbp",
            "hryvnia": "hryvnia hryvnias uah",
            "yuan": "yuan",
            "tenge": "tenge",
            "kilometre": "km kms kilometer kilometers kilometre kilometres",
            "metre": "meter meters metre metres",
            "centimetre": "cm centimeter centimeters centimetre centimetres",
            "millimetre": "mm millimeter millimeters millimetre millimetres",
            "kilogram": "kg kgs kilogram kilograms kilo kilos",
            "gram": "gram grams",
            "tonne": "ton tons tonne tonnes",
            "litre": "liter liters litre litres",
            "hectare": "ha hectare hectares",
            "mile": "mile miles",
            "second": "second seconds sec",
            "minute": "minute minutes min",
            "hour": "hour hours hr hrs",
            "day": "day days",
            "week": "week weeks",
            "month": "month months",
            "year": "year years",
        }.items()
        for form in forms.split()
    },
    afternoon=frozenset(("pm", "p m", "afternoon", "evening")),
    morning=frozenset(("am", "a m", "morning")),
    negations=frozenset(
        "not no n't never none nobody nothing nowhere neither cannot noone cant dont doesnt didnt isnt wasnt wont".split()
    ),
    weak_negations=frozenset(
        (
            "nor ignore ignored ignores ignoring without lack lacks lacked lacking fail fails failed failing failure refuse refuses refused refusing refusal "
            "deny denies denied hardly barely scarcely unless except impossible avoid avoids avoided avoiding prevent "
            "prevents prevented preventing absence absent stop stops stopped stopping cease ceased ceases rather instead "
            "few little rarely seldom until only neglect neglected ban banned prohibit prohibited prohibits forbid "
            "forbidden forbids against reject rejected rejects miss missed missing yet but otherwise free minus excluded "
            "exclude ruled illegal away too negative empty hard difficult non least last beyond doubt doubts than different "
            "zero opposed opposite contrary nil"
        ).split()
    ),
    weak_prefixes=("un", "in", "im", "ir", "il", "dis", "non", "mis"),
    not_negations=(
        ("not", "only"),
        ("not", "just"),
        ("no", "longer", "only"),
        ("no", "doubt"),
        ("not", "to", "mention"),
        ("no", "less", "than"),
        ("no", "fewer", "than"),
        ("nothing", "but"),
        ("why", "not"),
        ("no", "matter"),
        ("nothing", "less"),
        ("nothing", "more"),
        ("can't", "wait"),
        ("cannot", "wait"),
    ),
    neutral_words=frozenset(
        (
            "under until unit units united union unions universe university universities understand understood "
            "unite unique until unto universal understanding in into inside interest interests international internet "
            "interview include including included includes increase increased increases information inform informed "
            "industry industrial individual individuals initial initially initiative institute institution institutions "
            "india indian infection infections injured injury injuries inner inn input insist insisted inspect inspection "
            "instance instead instruct instructions intend intends intended intention internal interior introduce introduced "
            "invest investment investments investigation investigators invite invited involve involved iran iraq iranian "
            "iron irish ireland image images important importance improve improved impose imposed impact imagine immediately "
            "implement implemented implementation illness illnesses ill illustrate discuss discussed discussion discussions "
            "disease diseases display distance district districts distribute distribution disaster discover discovered "
            "distant disk dish mission missions miss mister mist mistake missile missiles under underground undergo "
            "union's unity infrastructure income incoming index infected influence inhabitants inquiry "
            "insurance integration intelligence interim intervention invasion issue impression impressive "
            "impulse imprisonment indicate indicated indicates indicator indicators inflation dismiss dismissed dispute "
            "distinct distinguish incident incidents inmates inspector install installed instant institute intense"
        ).split()
    ),
    romanization={},
    diminutives={},
    never_last=frozenset(
        "a an the of from near in at by for with and or to into under between than his their its our my".split()
    ),
    articles=frozenset("a an the".split()),
    never_after=frozenset(
        "and or but is are was were has had will would can could should may might of".split()
    ),
    not_names=frozenset(
        (
            "saint saints st sts i i'm i'll i've i'd mr mrs ms dr sir god english russian monday tuesday wednesday thursday friday "
            "saturday sunday january february march april may june july august september october november december "
            "internet"
        ).split()
    ),
    repeatable=frozenset(
        "had that very so no bye ha really many long far never ever again on in".split()
    ),
)
