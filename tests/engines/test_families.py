"""Each family of models is told to translate from Russian to English in its own way."""

from __future__ import annotations

import pytest

from evalkit.plan import Decoding
from evalkit.systems import open_system, run_system

# Family -> the tokens that must begin (or end) the input, those that must begin the output.
EXPECTED_INPUT = {
    "marian": ("▁дом", "</s>"),
    "nllb": ("rus_Cyrl", "</s>"),
    "m2m100": ("__ru__", "</s>"),
    "mbart": (None, "ru_RU"),
    "mbart50": ("ru_RU", "</s>"),
    "madlad": ("<2en>", "</s>"),
    "t5": (None, "</s>"),
}
EXPECTED_OUTPUT = {
    "nllb": ["</s>", "eng_Latn"],
    "m2m100": ["</s>", "__en__"],
    "mbart": ["en_XX"],
    "mbart50": ["</s>", "en_XX"],
}


@pytest.mark.parametrize("family", EXPECTED_INPUT)
def test_a_saved_model_of_each_family_loads_and_translates(family, tiny_model):
    system = open_system(f"hf:{tiny_model(family)}", Decoding(max_new_tokens=8))
    result = run_system(system, ["дом стоит на холме", "он сказал", "дом стоит на холме"])
    assert len(result) == 3
    assert result[0] == result[2]
    assert (result.reused, result.computed) == (0, 2)


@pytest.mark.parametrize("family", EXPECTED_INPUT)
def test_the_input_names_the_languages_as_the_family_wants(family, tiny_model):
    engine = open_system(f"hf:{tiny_model(family)}")._engine
    tokens = engine.tokenizer.convert_ids_to_tokens(engine.encode(["дом стоит"])[0])
    first, last = EXPECTED_INPUT[family]
    if first in ("rus_Cyrl", "__ru__", "ru_RU", "<2en>"):
        assert tokens[0] == first
    assert tokens[-1] == last
    if family == "t5":
        assert engine.direction.prefix == "translate Russian to English: "


@pytest.mark.parametrize("family", EXPECTED_OUTPUT)
def test_the_output_is_forced_to_begin_with_english(family, tiny_model):
    engine = open_system(f"hf:{tiny_model(family)}")._engine
    seen = []
    generate = engine.model.generate

    def spy(**arguments):
        seen.append(generate(**arguments))
        return seen[-1]

    engine.model.generate = spy
    engine.generate(engine.encode(["дом стоит"]), 6)
    tokens = engine.tokenizer.convert_ids_to_tokens(seen[0][0].tolist())
    assert tokens[: len(EXPECTED_OUTPUT[family])] == EXPECTED_OUTPUT[family]
