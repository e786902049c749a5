"""German."""

from __future__ import annotations

from evalkit.languages.base import LATIN, Language, Signs

LANGUAGE = Language(
    code="de",
    label="German",
    tags=("de", "deu", "ger"),
    script=LATIN,
    splitter="de",
    codes={
        "marian": "deu",
        "nllb": "deu_Latn",
        "m2m100": "de",
        "mbart": "de_DE",
        "madlad": "de",
        "t5": "German",
    },
    latin={"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"},
    abbreviations=(
        *("dr", "prof", "hr", "fr", "dipl", "ing", "med", "phil", "nat", "jur", "hl", "st", "bzw"),
        *("z.b", "z. b", "d.h", "d. h", "u.a", "u. a", "o.ä", "v.a", "v. a", "i.d.r", "s.o", "s.u"),
        *("ggf", "evtl", "vgl", "sog", "inkl", "zzgl", "ca", "gem", "lt", "bspw", "sogen", "geb"),
    ),
    before_numbers=tuple("nr nrn abb abs art bd ca kap s seite tab tel ziff anm str §".split()),
    after_ordinals=(
        *("jahrhundert", "jahrhunderts", "jahrhunderten", "jahrtausend", "jahrestag", "geburtstag"),
        *(
            "lebensjahr",
            "lebensjahres",
            "kapitel",
            "kapitels",
            "auflage",
            "klasse",
            "etage",
            "stock",
        ),
        *(
            "platz",
            "runde",
            "spieltag",
            "minute",
            "mal",
            "tag",
            "tages",
            "woche",
            "monat",
            "bezirk",
        ),
    ),
    headings=(
        "de",
        "deu",
        "ger",
        "german",
        "de de",
        "german text",
        "text de",
        "sentence de",
        "deutsch",
        "deutscher text",
        "немецкий",
        "німецька",
    ),
    source_headings=("original", "ausgangstext", "quelltext", "quelle"),
    provided_headings=("übersetzung", "zieltext", "ziel"),
    document_headings=("dokument",),
    id_headings=("nr",),
    signs=Signs(
        words=frozenset(
            "der die und das nicht ist den von zu mit dem ein eine einen einer für auf sich auch als wird werden im des "
            "sie es bei nach wie aus sind hat haben zum zur war wurde".split()
        ),
        least_words=0.2,
        strange="åæøœéèêàáçñłşışăđìòù",
    ),
    encodings=("cp1252", "cp850"),
    # Letters in a thousand, counted in the words of the wordfreq package (3.1, list "best") by their frequency.
    # That list writes "ss" for "ß", whose figure stands for "rare".
    letters={"ä": 4.7, "ö": 2.7, "ü": 6.3, "ß": 1.0},
)
