"""English."""

from __future__ import annotations

from evalkit.languages.base import LATIN, Language

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
    encodings=("cp1252",),
)
