"""Russian."""

from __future__ import annotations

import re

from evalkit.languages.base import CYRILLIC, Language

# BGN/PCGN romanization without its apostrophes: near to what newspapers write.
LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch  y  e yu ya".split(" "),
        strict=True,
    )
)
# Letters in a thousand (Sharoff's frequency dictionary, 2011).
LETTERS = dict(
    zip(
        "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",
        map(
            float,
            "110 85 80 74 67 63 55 47 45 44 35 32 30 28 26 20 19 17 17 16 16 14 12 10 9 7 6 5 4 3 3 0.4 0.4".split(),
        ),
        strict=True,
    )
)

LANGUAGE = Language(
    code="ru",
    label="Russian",
    tags=("ru", "rus"),
    script=CYRILLIC,
    splitter="ru",
    codes={
        "marian": "rus",
        "nllb": "rus_Cyrl",
        "m2m100": "ru",
        "mbart": "ru_RU",
        "madlad": "ru",
        "t5": "Russian",
    },
    latin=LATIN,
    before_numbers=tuple(
        "рис стр с гл п пп ст ч табл ок т разд см ред вып илл кв д корп тел".split()
    ),
    headings=(
        "ru",
        "rus",
        "russian",
        "ru ru",
        "russian text",
        "text ru",
        "sentence ru",
        "русский",
        "русский текст",
        "russisch",
        "російська",
    ),
    source_headings=("оригинал", "исходный текст", "исходник", "текст", "исходное"),
    provided_headings=("перевод",),
    document_headings=("документ",),
    id_headings=("№",),
    encodings=("cp1251", "koi8-r", "cp866"),
    letters=LETTERS,
    # KOI8 and cp1251 read for each other exchange capitals and small letters: "оПХБЕР".
    misread=(re.compile(r"\b[а-яё][А-ЯЁ]{2,}(?s:.*)\b[а-яё][А-ЯЁ]{2,}"),),
)
