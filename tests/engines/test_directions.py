"""Models of several languages are told any pair that evalkit knows, by the names that they know."""

from __future__ import annotations

import pytest
from transformers.models.whisper.tokenization_whisper import LANGUAGES

from evalkit.languages import known_codes, language, language_pair
from evalkit.systems import open_system


@pytest.mark.parametrize("code", known_codes())
def test_codes_of_families_are_those_of_the_standards(code):
    """OPUS-MT's are ISO 639-3, with which NLLB's begin; M2M-100's and MADLAD's are ISO 639-1."""
    known = language(code)
    assert set(known.codes) == {"marian", "nllb", "m2m100", "mbart", "madlad", "t5"}
    script = {"Latin": "Latn", "Cyrillic": "Cyrl"}[known.script.name]
    assert known.codes["nllb"] == f"{known.codes['marian']}_{script}"
    assert known.codes["m2m100"] == known.codes["madlad"] == code
    assert known.codes["mbart"].startswith(f"{code}_")
    assert known.codes["t5"] == known.label == LANGUAGES[code].title()


@pytest.mark.parametrize(
    ("family", "source", "forced"),
    [
        ("nllb", "eng_Latn", "rus_Cyrl"),
        ("m2m100", "__en__", "__ru__"),
        ("mbart50", "en_XX", "ru_RU"),
    ],
)
def test_the_other_way_round(family, source, forced, tiny_model):
    system = open_system(f"hf:{tiny_model(family)}", pair=language_pair("en-ru"))
    engine = system._engine
    assert engine.tokenizer.convert_ids_to_tokens(engine.encode(["the house"])[0])[0] == source
    assert engine.direction.forced_bos == forced
    assert system.fingerprint["language_pair"] == "en-ru"


def test_the_pair_is_part_of_the_fingerprint(tiny_model):
    spec = f"hf:{tiny_model('nllb')}"
    pairs = ("ru-en", "en-ru", "uk-en")
    found = [dict(open_system(spec, pair=language_pair(pair)).fingerprint) for pair in pairs]
    assert [fingerprint.pop("language_pair") for fingerprint in found] == list(pairs)
    assert found[0] == found[1] == found[2]
