"""Each family of models is told to translate from Russian to English in its own way."""

from __future__ import annotations

import pytest

from evalkit.plan import Decoding
from evalkit.systems import open_system, run_system

# Family -> what is put before the text, the tokens before it, and those after it.
EXPECTED_INPUT = {
    "marian": ("", [], ["</s>"]),
    "nllb": ("", ["rus_Cyrl"], ["</s>"]),
    "m2m100": ("", ["__ru__"], ["</s>"]),
    "mbart": ("", [], ["</s>", "ru_RU"]),
    "mbart50": ("", ["ru_RU"], ["</s>"]),
    "madlad": (" ", ["<2en>"], ["</s>"]),
    "t5": ("translate Russian to English: ", [], ["</s>"]),
}
# Family -> the tokens that must begin the output.
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
    prefix, before, after = EXPECTED_INPUT[family]
    tokens = [*before, *engine.tokenizer.tokenize(f"{prefix}дом стоит"), *after]
    assert engine.encode(["дом стоит"])[0] == engine.tokenizer.convert_tokens_to_ids(tokens)
    if family == "t5":  # whose tiny vocabulary lacks some of these letters
        assert engine.direction.prefix == prefix
    else:
        assert engine.tokenizer.unk_token not in tokens


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
