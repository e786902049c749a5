"""The codes of languages are those that the models' own tokenizers have, as transformers knows them."""

from __future__ import annotations

import importlib

import pytest

from evalkit.languages import known_codes, language


def known_to(family: str) -> list[str]:
    """The languages of a family, as the module of its tokenizer lists them."""
    module = importlib.import_module(f"transformers.models.{family}.tokenization_{family}")
    listed = module.FAIRSEQ_LANGUAGE_CODES
    return listed["m2m100"] if isinstance(listed, dict) else listed


@pytest.mark.parametrize("code", known_codes())
@pytest.mark.parametrize(
    ("family", "ours"), [("nllb", "nllb"), ("m2m_100", "m2m100"), ("mbart50", "mbart")]
)
def test_the_tokenizers_of_transformers_have_the_code(code, family, ours):
    assert language(code).codes[ours] in known_to(family)
