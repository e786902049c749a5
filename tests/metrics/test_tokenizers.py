"""Tokens are sacreBLEU's, also where they are remembered by word."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given, settings
from sacrebleu.tokenizers.tokenizer_13a import Tokenizer13a

from evalkit.errors import EvalkitError, InputError
from evalkit.metrics import get_metric
from evalkit.metrics.ngrams.symbols import SPACE
from evalkit.metrics.ngrams.tokenizers import load_tokenizer, tokenizer_names

from .conftest import texts


@given(texts())
@settings(max_examples=1500)
def test_13a_by_word_is_13a_by_sentence(text):
    tokenize, signature = load_tokenizer("13a")
    assert tokenize(text) == Tokenizer13a()(text.rstrip()).split()
    assert signature == "13a"


def test_a_line_break_inside_a_segment_joins_words():
    tokenize, _ = load_tokenizer("13a")
    assert (
        tokenize("a broken-\nword and-\n 3.\n5")
        == Tokenizer13a()("a broken-\nword and-\n 3.\n5").split()
    )


def test_white_space_is_what_python_splits_at():
    everything = [chr(code) for code in range(sys.maxunicode + 1)]
    ours = [code < len(SPACE) and bool(SPACE[code]) for code in range(len(everything))]
    assert ours == [character.isspace() for character in everything]
    assert not SPACE[-1]


def test_unknown_tokenizer_names_those_there_are():
    with pytest.raises(InputError, match=r"unknown tokenizer '13b'.*none, zh, 13a, intl"):
        get_metric("bleu", tokenize="13b")


@pytest.mark.parametrize("name", tokenizer_names())
def test_every_sacrebleu_tokenizer_works_or_says_what_it_lacks(name, tmp_path, monkeypatch):
    import sacrebleu.tokenizers.tokenizer_spm as spm

    monkeypatch.setattr(spm, "SACREBLEU_DIR", str(tmp_path))
    monkeypatch.setitem(
        spm.SPM_MODELS[name if name in spm.SPM_MODELS else "spm"], "url", "file:///no/such.model"
    )
    monkeypatch.setitem(spm.SPM_MODELS["flores101"], "url", "file:///no/such.model")
    try:
        tokenize, _ = load_tokenizer(name)
    except EvalkitError as error:
        assert name in str(error) and "\n" not in str(error)
        assert "pip install" in str(error) or "cannot be had" in str(error)
    else:
        assert "".join(tokenize("one two")).replace("▁", "") == "onetwo"
