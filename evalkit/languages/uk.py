"""Ukrainian."""

from __future__ import annotations

import re

from evalkit.languages.base import CYRILLIC, Language, Signs

# The passport romanization of 2010 (Resolution 55), without its forms for the beginning of a word.
LATIN = dict(
    zip(
        "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
        "a b v h g d e ie zh z y i i i k l m n o p r s t u f kh ts ch sh shch  iu ia".split(" "),
        strict=True,
    )
)
# Letters in a thousand, counted in the words of the wordfreq package (3.1, list "best") by their frequency.
LETTERS = dict(
    zip(
        "оаніитвресукдлмпзяьбгйчцхжїюшщфґє",
        map(
            float,
            "93.7 84.3 70.6 57.5 57.1 52.4 53.0 49.5 49.6 40.0 35.2 38.8 34.1 31.9 29.4 28.1 22.9 22.2 17.2 17.0 14.6 12.0 11.4 9.8 9.8 9.1 8.7 7.6 7.2 5.8 2.8 0.1 5.4".split(),
        ),
        strict=True,
    )
)

LANGUAGE = Language(
    code="uk",
    label="Ukrainian",
    tags=("uk", "ukr"),
    script=CYRILLIC,
    splitter="uk",
    codes={
        "marian": "ukr",
        "nllb": "ukr_Cyrl",
        "m2m100": "uk",
        "mbart": "uk_UA",
        "madlad": "uk",
        "t5": "Ukrainian",
    },
    latin=LATIN,
    abbreviations=("ім", "вул", "м", "напр", "т. зв", "проф", "акад", "див"),
    before_numbers=tuple(
        "рис стор с гл п пп ст ч табл бл т розд див вип іл кв буд корп тел".split()
    ),
    headings=(
        "uk",
        "ukr",
        "ukrainian",
        "uk ua",
        "ukrainian text",
        "text uk",
        "sentence uk",
        "українська",
        "український текст",
        "ukrainisch",
        "украинский",
    ),
    source_headings=("оригінал", "вихідний текст", "текст"),
    provided_headings=("переклад",),
    document_headings=("документ",),
    id_headings=("№",),
    signs=Signs(
        words=frozenset(
            "і й в у не на що з як це по але із від для було був була його її або тільки якщо коли вони вона при щоб "
            "також який яка які після ще вже все є до та за про зі через між бути може".split()
        ),
        least_words=0.1,
        letters="іїє",
        least_letters=0.04,
        strange="ыэёъўјљњћђџѓќѕәғқңөұүһҗ",
    ),
    encodings=("cp1251", "koi8-u", "cp1125"),
    letters=LETTERS,
    misread=(re.compile(r"\b[а-яєіїґ][А-ЯЄІЇҐ]{2,}(?s:.*)\b[а-яєіїґ][А-ЯЄІЇҐ]{2,}"),),
)
