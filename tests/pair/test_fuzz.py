"""Whatever text comes: no crash, no hang, and every visible character is in some pair."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evalkit.data import Document, Segment
from evalkit.errors import InputError
from evalkit.languages import language_pair
from evalkit.pair import align, split
from evalkit.plan import Pairing, Plan
from evalkit.plugins import READERS
from evalkit.read import read

RUSSIAN_ENGLISH = language_pair("ru-en")

FUZZ = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
WORDS = [
    "паром",
    "река",
    "NATO",
    "ferry",
    "2017",
    "т. е.",
    "Mr.",
    "«",
    "»",
    "!",
    ".",
    "—",
    "\u2028",
]
TEXT = st.lists(
    st.sampled_from(WORDS) | st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12),
    max_size=12,
).map(" ".join)
SENTENCES = st.lists(TEXT.filter(str.strip), max_size=12)


def visible(*texts: str) -> Counter:
    return Counter("".join("".join(texts).split()))


def paired_text(*documents: Document) -> Counter:
    pairs = []
    for document in documents:
        found = align(document, RUSSIAN_ENGLISH, [f"word {text}" for text in document.sources])
        assert align(document, RUSSIAN_ENGLISH) is not None
        pairs += found
    assert all(0 <= pair.confidence <= 1 for pair in pairs)
    return visible(*(text for pair in pairs for text in (pair.source, *pair.provided)))


def sentences_of(document: Document) -> Document:
    return split(document, Pairing(), RUSSIAN_ENGLISH)


def documents_of(path, **options) -> list[Document]:
    return list(read(Plan(inputs=(str(path),)).with_options(options)).documents)


@FUZZ
@given(SENTENCES, SENTENCES)
def test_aligning_loses_nothing(source, provided):
    sides = [tuple(Segment(text) for text in texts) for texts in (source, provided)]
    document = Document("a", *sides)
    assert paired_text(document) == visible(*source, *provided)
    assert paired_text(sentences_of(document)) == visible(*source, *provided)


@FUZZ
@given(lines=st.lists(TEXT, min_size=1, max_size=15))
def test_a_bilingual_text_loses_nothing(lines, tmp_path):
    text = "\n".join(lines)
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode())
    try:
        (document,) = documents_of(path, encoding="utf-8")
    except InputError:
        assert not text.strip(" \t\r\n\ufeff")
        return
    # A bar between the two languages of a line is layout, and no text.
    expected = visible(text.removeprefix("\ufeff"))
    found = paired_text(sentences_of(document))
    assert found - expected == Counter()
    assert set(expected - found) <= {"|"}


@FUZZ
@given(rows=st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=8))
def test_tables_lose_nothing(rows, tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(
        "\n".join(json.dumps({"source": a, "provided": b}, ensure_ascii=False) for a, b in rows),
        encoding="utf-8",
    )
    found = [row for document in documents_of(path) for row in document.rows]
    assert [(row.source, row.provided[0]) for row in found] == rows


@pytest.mark.parametrize("format", [name for name in READERS.own if name != "xlsx"])
@FUZZ
@given(content=st.binary(max_size=300) | TEXT.map(str.encode))
def test_any_bytes_are_read_or_refused_in_one_line(format, content, tmp_path):
    path = tmp_path / "a"
    path.write_bytes(content)
    for options in ({}, {"errors": "replace"}, {"encoding": "cp1251", "errors": "replace"}):
        try:
            documents = documents_of(path, format=format, **options)
        except InputError as error:
            assert "\n" not in str(error)
        else:
            # Whatever was read can be written.
            str(documents).encode()
            for document in documents:
                align(sentences_of(document), RUSSIAN_ENGLISH)


TAGS = ["<tmx version='1.4'>", "<header srclang='ru'/>", "<body>", "<tu>", "<tuv xml:lang='ru'>"]
TAGS += ["<tuv xml:lang='en'>", "<seg>", "текст", "text", "<ph/>", "<bpt>", "</bpt>", "</seg>"]
TAGS += ["</tuv>", "</tu>", "</body>", "</tmx>", "<!--", "-->", "<![CDATA[", "]]>", "&amp;", "&x;"]


@FUZZ
@given(pieces=st.lists(st.sampled_from(TAGS), max_size=25))
def test_any_markup_is_read_or_refused(pieces, tmp_path):
    path = tmp_path / "a.tmx"
    path.write_text("".join(pieces), encoding="utf-8")
    try:
        documents_of(path)
    except InputError as error:
        assert "\n" not in str(error)
