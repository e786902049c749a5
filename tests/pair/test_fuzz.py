"""Whatever text comes: no crash, no hang, and every visible character is in some pair."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evalkit.data import Corpus, Document, Segment
from evalkit.errors import InputError
from evalkit.pair import align, source_sentences, split
from evalkit.read import REGISTRY, read

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


def paired_text(corpus: Corpus) -> Counter:
    pairs = align(corpus, [f"word {text}" for text in source_sentences(corpus)])
    assert align(corpus) is not None
    assert all(0 <= pair.confidence <= 1 for pair in pairs)
    return visible(*(text for pair in pairs for text in (pair.source, *pair.provided)))


@FUZZ
@given(st.lists(st.tuples(SENTENCES, SENTENCES), max_size=3))
def test_aligning_loses_nothing(documents):
    corpus = Corpus(
        documents=tuple(
            Document(
                str(number),
                tuple(Segment(text) for text in source),
                tuple(Segment(text) for text in provided),
            )
            for number, (source, provided) in enumerate(documents)
        )
    )
    texts = [text for pair in documents for side in pair for text in side]
    assert paired_text(corpus) == visible(*texts)
    assert paired_text(split(corpus)) == visible(*texts)


@FUZZ
@given(lines=st.lists(TEXT, min_size=1, max_size=15))
def test_a_bilingual_text_loses_nothing(lines, tmp_path):
    text = "\n".join(lines)
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode())
    try:
        corpus = read(path, encoding="utf-8")
    except InputError:
        assert not text.strip(" \t\r\n\ufeff")
        return
    assert paired_text(split(corpus)) == visible(text.removeprefix("\ufeff"))


@FUZZ
@given(rows=st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=8))
def test_tables_lose_nothing(rows, tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(
        "\n".join(json.dumps({"source": a, "provided": b}, ensure_ascii=False) for a, b in rows),
        encoding="utf-8",
    )
    corpus = read(path)
    assert [(row.source, row.provided[0]) for row in corpus.rows] == rows


@pytest.mark.parametrize("format", [name for name in REGISTRY if name != "xlsx"])
@FUZZ
@given(content=st.binary(max_size=300) | TEXT.map(str.encode))
def test_any_bytes_are_read_or_refused_in_one_line(format, content, tmp_path):
    path = tmp_path / "a"
    path.write_bytes(content)
    for options in ({}, {"errors": "replace"}, {"encoding": "cp1251", "errors": "replace"}):
        try:
            corpus = read(path, format=format, **options)
        except InputError as error:
            assert "\n" not in str(error)
        else:
            assert corpus.files
            # Whatever was read can be written.
            str(corpus.rows).encode()
            align(split(corpus))


TAGS = ["<tmx version='1.4'>", "<header srclang='ru'/>", "<body>", "<tu>", "<tuv xml:lang='ru'>"]
TAGS += ["<tuv xml:lang='en'>", "<seg>", "текст", "text", "<ph/>", "<bpt>", "</bpt>", "</seg>"]
TAGS += ["</tuv>", "</tu>", "</body>", "</tmx>", "<!--", "-->", "<![CDATA[", "]]>", "&amp;", "&x;"]


@FUZZ
@given(pieces=st.lists(st.sampled_from(TAGS), max_size=25))
def test_any_markup_is_read_or_refused(pieces, tmp_path):
    path = tmp_path / "a.tmx"
    path.write_text("".join(pieces), encoding="utf-8")
    try:
        read(path)
    except InputError as error:
        assert "\n" not in str(error)
