"""CTranslate2 gives what transformers gives, converts once, and has a fingerprint of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest

from evalkit.errors import ModelUnavailable
from evalkit.plan import Decoding
from evalkit.systems import open_system, run_system

pytest.importorskip("ctranslate2")

FAST = {"backend": "ctranslate2", "max_new_tokens": 12, "threads": 1}
FAMILIES = ["marian", "nllb", "m2m100", "madlad"]


def unlimited(folder, target, **generation):
    """A copy whose outputs end by a token of their own, not by force at the limit."""
    shutil.copytree(folder, target)
    for name in ("config.json", "generation_config.json"):
        values = json.loads((target / name).read_text())
        values.pop("forced_eos_token_id", None)
        if name == "generation_config.json":
            values |= generation
        (target / name).write_text(json.dumps(values))
    return target


@pytest.mark.parametrize("beam", [1, 3])
@pytest.mark.parametrize("family", FAMILIES)
def test_in_float32_the_translations_are_those_of_transformers(
    family, beam, tiny_model, tmp_path, sources
):
    # A setting of the model's own, which both must honour; at the limit of the length their beams
    # rank unfinished outputs differently, and a model that may not repeat itself reaches it.
    own = {"no_repeat_ngram_size": 3} if beam == 1 else {}
    folder = unlimited(tiny_model(family), tmp_path / family, **own)
    texts = {}
    for backend in ("transformers", "ctranslate2"):
        decoding = Decoding(backend=backend, dtype="float32", beam=beam, max_new_tokens=12)
        texts[backend] = run_system(open_system(f"hf:{folder}", decoding), sources[:12]).texts
    assert texts["ctranslate2"] == texts["transformers"]


def test_a_model_is_converted_once(tiny_model, private_cache):
    spec = f"hf:{tiny_model('marian')}"
    first = run_system(open_system(spec, Decoding(**FAST)), ["дом стоит"])
    (folder,) = (private_cache / "ctranslate2").iterdir()
    made = (folder / "model.bin").stat().st_mtime_ns
    assert run_system(open_system(spec, Decoding(**FAST)), ["дом стоит"]).texts == first.texts
    assert (folder / "model.bin").stat().st_mtime_ns == made


IN_A_CACHE = """
import resource, signal, sys
from evalkit.cli import main
if sys.argv[1] == "full":
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))
main(["translate", sys.argv[2], "--mt", f"hf:{sys.argv[3]}", "--backend", "ctranslate2", "-q", "--no-memory"])
"""


@pytest.mark.parametrize(
    ("state", "said"), [("full", "cannot convert into"), ("no folder", "cannot write")]
)
def test_a_cache_that_cannot_be_written(state, said, tiny_model, tmp_path, private_cache):
    (tmp_path / "s.ru").write_text("дом стоит\n", encoding="utf-8")
    cache = private_cache if state == "full" else tmp_path / "s.ru" / "cache"
    done = subprocess.run(
        [sys.executable, "-B", "-c", IN_A_CACHE, state, tmp_path / "s.ru", tiny_model("marian")],
        env=os.environ | {"EVALKIT_CACHE": str(cache)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1, done.stderr
    assert said in done.stderr and "set EVALKIT_CACHE" in done.stderr
    assert done.stderr.count("\n") == 1
    assert list((private_cache / "ctranslate2").glob("*")) == []


def test_its_fingerprint_is_its_own(tiny_model):
    spec = f"hf:{tiny_model('marian')}"
    fingerprints = [
        dict(open_system(spec, Decoding(**decoding)).fingerprint)
        for decoding in (FAST, FAST | {"dtype": "float32"}, {"max_new_tokens": 12})
    ]
    assert len({json.dumps(f) for f in fingerprints}) == 3
    assert fingerprints[0]["precision"] == "int8"


def test_a_converted_folder_with_its_tokenizer(tiny_model, private_cache, tmp_path):
    model = tiny_model("marian")
    expected = run_system(open_system(f"hf:{model}", Decoding(**FAST, beam=1)), ["дом стоит"])
    (made,) = (private_cache / "ctranslate2").iterdir()
    folder = tmp_path / "converted"
    shutil.copytree(made, folder)
    with pytest.raises(ModelUnavailable, match="--copy_files"):
        run_system(open_system(f"ct2:{folder}", Decoding(**FAST)), ["дом стоит"])
    for name in ("source.spm", "target.spm", "vocab.json", "tokenizer_config.json"):
        shutil.copy(model / name, folder / name)
    system = open_system(f"ct2:{folder}", Decoding(**FAST))
    assert system.name == "converted"
    assert run_system(system, ["дом стоит"]).texts == expected.texts


def test_a_folder_without_a_converted_model(tmp_path):
    with pytest.raises(ModelUnavailable, match=r"no model\.bin"):
        open_system(f"ct2:{tmp_path}")


def test_what_cannot_be_converted_says_to_use_transformers(tiny_model):
    system = open_system(f"hf:{tiny_model('mbart')}", Decoding(**FAST))
    with pytest.raises(ModelUnavailable, match="--backend transformers"):
        run_system(system, ["дом"])


def test_torch_keeps_its_threads(tiny_model, private_cache):
    import torch

    before = torch.get_num_threads()
    try:
        torch.set_num_threads(2)
        run_system(open_system(f"hf:{tiny_model('marian')}", Decoding(**FAST)), ["дом стоит"])
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)
