"""Long sources are split where a reader would pause, and nothing of them is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.engines.pieces import split_long
from evalkit.plan import Decoding
from evalkit.systems import open_system, run_system

WORDS = st.lists(st.text("абвгд.,;—!", min_size=1, max_size=12), min_size=1, max_size=80)


@given(WORDS, st.integers(5, 60))
def test_the_pieces_joined_are_the_text(words, longest):
    text = " ".join(words)
    pieces = split_long(text, lambda piece: len(piece) <= longest)
    assert all(len(piece) <= longest for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(words)


def test_sentences_are_kept_whole_where_they_fit():
    text = "Дом стоит на холме. Река течёт рядом, под мостом. Он ушёл."
    assert split_long(text, lambda piece: len(piece) <= 40) == [
        "Дом стоит на холме.",
        "Река течёт рядом, под мостом. Он ушёл.",
    ]


def test_a_long_sentence_is_split_after_a_clause_and_then_between_words():
    text = "Дом стоит на высоком холме, река течёт под старым мостом"
    assert split_long(text, lambda piece: len(piece) <= 40) == [
        "Дом стоит на высоком холме,",
        "река течёт под старым мостом",
    ]
    assert split_long("один два три четыре", lambda piece: len(piece) <= 10) == [
        "один два",
        "три четыре",
    ]


def test_a_word_longer_than_the_limit_is_split_between_letters():
    assert split_long("а" * 9, lambda piece: len(piece) <= 3) == ["аа", "аа", "аа", "ааа"]


@pytest.mark.parametrize("backend", ["transformers", "ctranslate2"])
def test_every_word_of_a_long_source_goes_into_the_model(backend, tiny_model, some_words):
    if backend == "ctranslate2":
        pytest.importorskip("ctranslate2")
    settings = Decoding(backend=backend, max_new_tokens=4)
    system = open_system(f"hf:{tiny_model('marian')}", settings)
    engine, seen = system._engine, []
    generate = engine.generate

    def spy(batch, limit):
        seen.extend(batch)
        return generate(batch, limit)

    engine.generate = spy
    source = ", ".join(some_words * 25) + "."
    assert len(run_system(system, [source])) == 1
    assert max(map(len, seen)) <= engine.max_source_tokens
    ids = [
        [token for token in piece if not isinstance(token, str)]
        or engine.tokenizer.convert_tokens_to_ids(piece)
        for piece in seen
    ]
    spoken = [engine.tokenizer.decode(piece, skip_special_tokens=True) for piece in ids]
    assert sum(text.count("хол") for text in spoken) == 25
    assert sorted("".join("".join(spoken).split())) == sorted("".join(source.split()))
