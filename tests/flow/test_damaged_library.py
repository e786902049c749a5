"""The example of a library with an error of each kind put in: each is found, in words that a translator understands."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import evalkit
from evalkit.plan import Plan

DATA = Path(__file__).parents[2] / "data"
# What is written in the English text, what becomes of it, the finding and what it says.
DAMAGES = (
    ("until 1994.", "until 1984.", "number", 'The source says "1994", the translation "1984".'),
    (
        "Anna Sokolova",
        "Anna Vasilyeva",
        "name",
        'The name "Соколова" is not in the translation, which has "Vasilyeva" instead.',
    ),
    (
        "forty thousand people joined",
        "forty thousand people did not join",
        "negation",
        'The translation negates ("not"), the source does not.',
    ),
    (
        " to a design by the architect Pyotr Lunin",
        "",
        "omission",
        'The translation seems to leave out "году по проекту архитектора Петра Лунина".',
    ),
    (
        "and the steel trusses.",
        "and the steel trusses, while the mayor promised new schools to voters.",
        "addition",
        'Nothing in the source says "trusses, while the mayor promised new schools to voters".',
    ),
    (
        "Books in foreign languages take up the whole of the second floor.",
        "The weather in the south was warm this week, and the harvest came early.",
        "mismatch",
        "The translation seems to be one of another sentence.",
    ),
    ("thick glass", "толстым glass", "untranslated", '"толстым" was not translated.'),
    (
        "open here in June.",
        "open here in June?",
        "end",
        "The translation asks a question, the source does not.",
    ),
    (
        "Most of them are",
        "Most of them most of them are",
        "repeated",
        '"Most of them" is written twice.',
    ),
    (
        "Admission is free.",
        "Admission is free: {price}.",
        "markup",
        '"{price}" is not in the source.',
    ),
    (
        "a reading room for children",
        "a play area for children",
        "term",
        'The glossary translates "читальный зал" as "reading room".',
    ),
)
AGAIN = ("Вход свободный.", "Entry is free today.")


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    folder = tmp_path_factory.mktemp("library")
    english = (DATA / "library.en.txt").read_text("utf-8")
    for before, after, _, _ in DAMAGES:
        assert english.count(before) == 1, before
        english = english.replace(before, after)
    texts = {
        "ru.txt": (DATA / "library.ru.txt").read_text("utf-8") + f"\n{AGAIN[0]}\n",
        "en.txt": f"{english}\n{AGAIN[1]}\n",
        "terms.tsv": "читальный зал\treading room\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return Plan(
        source=str(folder / "ru.txt"),
        provided=(str(folder / "en.txt"),),
        systems=("builtin",),
        metrics=("chrf",),
        glossary=str(folder / "terms.tsv"),
        use_memory=False,
    )


def test_each_error_is_found_where_it_is_and_explained(plan):
    pairs = evalkit.evaluate(plan=plan).pairs
    found = [
        (finding["name"], finding["message"], row["provided"])
        for row in pairs.to_dict("records")
        for finding in json.loads(row["findings"])
    ]
    for _, after, name, message in DAMAGES:
        here = [said for kind, said, text in found if kind == name and after in text]
        assert message in here, (name, found)
    (again,) = [said for kind, said, _ in found if kind == "inconsistent"]
    assert re.fullmatch(r'The same source was translated "Admission is free.*" before .*', again)
    # What was not damaged has hardly a finding.
    damaged = [after for _, after, _, _ in DAMAGES] + [AGAIN[1]]
    others = pairs[~pairs["provided"].map(lambda text: any(after in text for after in damaged))]
    assert sum(bool(json.loads(cell)) for cell in others["findings"]) <= 1
