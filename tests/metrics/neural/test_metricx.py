"""MetricX against transformers' own forward computation, on tiny random mT5 models."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from evalkit.errors import InputError, ModelUnavailable
from evalkit.metrics.base import Example
from evalkit.metrics.metricx import metric as metricx
from evalkit.metrics.metricx.metric import MetricX
from evalkit.plan import Decoding

TEXTS = [
    "source: Дом стоит на холме. candidate: The house stands on a hill. reference: A house.",
    "candidate: He said that this is important. source: Он сказал, что это важно.",
    "Сегодня утром в Берлине прошла встреча министров. The ministers met in Berlin.",
]
EXAMPLES = [
    Example("The house stands on a hill.", ("A house is on the hill.",), "Дом стоит на холме."),
    Example("", ("He said.",), "Он сказал."),
    Example("He said 你好 😀 that.", ("He said that.",), "Он сказал, что это важно для всех нас."),
    Example("The ministers met. " * 30, ("The ministers met.",), "Министры встретились."),
    Example("Он сказал.", ("He said.",), "Он сказал."),
]
VOCABULARY = 400


@pytest.fixture(scope="session")
def pieces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SentencePiece model of mT5's kind: with byte fallback, its extra ids among its pieces."""
    import sentencepiece

    folder = tmp_path_factory.mktemp("mt5")
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(TEXTS * 5),
        model_prefix=str(folder / "spiece"),
        model_type="unigram",
        vocab_size=VOCABULARY,
        hard_vocab_limit=False,
        byte_fallback=True,
        character_coverage=1.0,
        pad_id=0,
        eos_id=1,
        unk_id=2,
        bos_id=-1,
        user_defined_symbols=[f"<extra_id_{n}>" for n in range(20, -1, -1)],
        minloglevel=2,
    )
    return folder / "spiece.model"


@pytest.fixture
def model(tmp_path: Path, pieces: Path) -> Callable[..., Path]:
    """Make a folder: ``model("metricx-24-tiny", tied=False)``."""

    def make(name: str, *, tied: bool = True, size: int = 24) -> Path:
        from sentencepiece import SentencePieceProcessor
        from transformers import MT5Config, MT5ForConditionalGeneration

        torch.manual_seed(7)
        folder = tmp_path / name
        config = MT5Config(
            vocab_size=SentencePieceProcessor(model_file=str(pieces)).vocab_size() + 12,
            d_model=size,
            d_kv=8,
            d_ff=40,
            num_layers=2,
            num_heads=3,
        )
        made = MT5ForConditionalGeneration(config)
        if tied:
            made.save_pretrained(folder)
        else:
            # As the published ones are: pickled, with an output layer of their own.
            folder.mkdir()
            config.save_pretrained(folder)
            tensors = made.state_dict()
            tensors["lm_head.weight"] = torch.randn_like(tensors["shared.weight"])
            torch.save(tensors, folder / "pytorch_model.bin")
        (folder / "spiece.model").write_bytes(pieces.read_bytes())
        return folder

    return make


def forward(folder: Path, text: str, longest: int, *, tied: bool = True) -> float:
    """The logit of <extra_id_10> for one text, from transformers' forward, cut to 0..25."""
    from safetensors.torch import load_file
    from sentencepiece import SentencePieceProcessor
    from transformers import MT5Config, MT5ForConditionalGeneration

    processor = SentencePieceProcessor(model_file=str(folder / "spiece.model"))
    ids = [*processor.encode(text)[: longest - 1], processor.eos_id()][:-1]
    made = MT5ForConditionalGeneration(MT5Config.from_pretrained(folder)).eval()
    if tied:
        tensors = load_file(folder / "model.safetensors")
        tensors["lm_head.weight"] = tensors["shared.weight"]
    else:
        tensors = torch.load(folder / "pytorch_model.bin", weights_only=True)
        made.lm_head = torch.nn.Linear(made.lm_head.in_features, made.lm_head.out_features, False)
    made.load_state_dict(tensors, strict=False)
    with torch.inference_mode():
        logits = made(
            input_ids=torch.tensor([ids]),
            attention_mask=torch.ones(1, len(ids), dtype=torch.long),
            decoder_input_ids=torch.tensor([[0]]),
        ).logits
    return float(logits[0, 0, processor.piece_to_id("<extra_id_10>")].clamp(0, 25))


FORMS: dict[str, tuple[dict[str, Any], Callable[[Example], str]]] = {
    "metricx-24-hybrid": (
        {},
        lambda e: f"source: {e.source} candidate: {e.hypothesis} reference: {e.references[0]}",
    ),
    "metricx-24-hybrid-qe": (
        {"qe": True},
        lambda e: f"source: {e.source} candidate: {e.hypothesis}",
    ),
    "metricx-23-large": (
        {},
        lambda e: f"candidate: {e.hypothesis} reference: {e.references[0]}",
    ),
    "metricx-23-qe-large": (
        {},
        lambda e: f"candidate: {e.hypothesis} source: {e.source}",
    ),
    "other": (
        {"version": "23"},
        lambda e: f"candidate: {e.hypothesis} reference: {e.references[0]}",
    ),
}


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("batch_tokens", [None, 1])
def test_scores_are_transformers_own_forward(
    model: Callable[..., Path], name: str, batch_tokens: int | None
):
    options, form = FORMS[name]
    folder = model(name)
    metric = MetricX(str(folder), decoding=Decoding(batch_tokens=batch_tokens), **options)
    wanted = [forward(folder, form(example), 1536) for example in EXAMPLES]
    assert len({round(score, 3) for score in wanted}) > 2, "the model tells examples apart"
    found = [judgement.score for judgement in metric.judge(EXAMPLES)]
    assert found == pytest.approx(wanted, abs=1e-5)
    assert all(0 <= score <= 25 for score in found)


def test_an_output_layer_of_its_own_is_used(model: Callable[..., Path]):
    folder = model("metricx-24-untied", tied=False)
    form = FORMS["metricx-24-hybrid"][1]
    wanted = [forward(folder, form(example), 1536, tied=False) for example in EXAMPLES]
    found = [judgement.score for judgement in MetricX(str(folder)).judge(EXAMPLES)]
    assert found == pytest.approx(wanted, abs=1e-5)


def test_what_each_needs_and_that_lower_is_better(model: Callable[..., Path]):
    folder = str(model("metricx-24-hybrid"))
    assert MetricX(folder).needs == {"source", "references"}
    assert MetricX(folder, qe=True).needs == {"source"}
    assert MetricX(folder, version="23").needs == {"references"}
    assert MetricX(str(model("metricx-23-qe-xl"))).needs == {"source"}
    assert not MetricX.higher_is_better
    with pytest.raises(InputError, match="needs a reference"):
        MetricX(folder).judge([Example("a", (), "б")])
    with pytest.raises(InputError, match="unknown MetricX version '25'"):
        MetricX(folder, version="25")
    with pytest.raises(InputError, match="float16, in which mT5 overflows"):
        MetricX(folder, decoding=Decoding(dtype="float16"))


def test_longer_inputs_are_cut_as_the_authors_cut_them_and_flagged(
    model: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(metricx.LONGEST, "24", 120)
    folder = model("metricx-24-hybrid")
    found = MetricX(str(folder)).judge(EXAMPLES)
    form = FORMS["metricx-24-hybrid"][1]
    wanted = [forward(folder, form(example), 120) for example in EXAMPLES]
    assert [judgement.score for judgement in found] == pytest.approx(wanted, abs=1e-5)
    assert "input_too_long" in found[3].flags
    assert found[0].flags == ()
    assert found[1].flags == ("empty_hypothesis",)
    assert found[4].flags == ("copy_of_source",)


def test_bytes_stand_for_what_the_vocabulary_lacks(model: Callable[..., Path]):
    from evalkit.metrics.metricx.mt5 import Mt5Tokenizer

    tokenizer = Mt5Tokenizer(model("metricx-24-hybrid"))
    (ids,) = tokenizer.encode(["😀"])
    assert len(ids) >= 4, "the four bytes of the sign"
    assert tokenizer._pieces.unk_id() not in ids


def test_the_tokenizer_is_found_beside_the_checkpoint(model: Callable[..., Path]):
    folder = model("metricx-24-hybrid")
    before = MetricX(str(folder)).judge(EXAMPLES)
    beside = folder.parent / "mt5-xl"
    beside.mkdir()
    (folder / "spiece.model").rename(beside / "spiece.model")
    assert MetricX(str(folder)).judge(EXAMPLES) == before
    (beside / "spiece.model").unlink()
    with pytest.raises(ModelUnavailable, match=r"the tokenizer of .*HF_HUB_OFFLINE is set"):
        MetricX(str(folder)).judge(EXAMPLES)


def test_the_signature_names_what_a_score_depends_on(model: Callable[..., Path]):
    from evalkit import __version__

    metric = MetricX(str(model("metricx-24-hybrid")))
    signature = metric.signature("sentence")
    assert signature.startswith("nrefs:1|model:metricx-24-hybrid|rev:none|sha256:")
    assert signature.endswith(
        "|class:metricx24|reads:source+candidate+reference|dtype:float32|tokens:1536|"
        f"level:segment|evalkit:{__version__}"
    )


def test_folders_that_hold_no_model(model: Callable[..., Path], tmp_path: Path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelUnavailable, match="has no weights"):
        MetricX(str(tmp_path / "empty"))
    other, folder = model("larger", size=32), model("metricx-24-hybrid")
    (folder / "model.safetensors").write_bytes((other / "model.safetensors").read_bytes())
    with pytest.raises(ModelUnavailable, match=r"not of config\.json"):
        MetricX(str(folder)).judge(EXAMPLES)


def test_bfloat16_is_near(model: Callable[..., Path]):
    folder = str(model("metricx-24-hybrid"))
    exact = [j.score for j in MetricX(folder).judge(EXAMPLES)]
    near = MetricX(folder, decoding=Decoding(dtype="bfloat16")).judge(EXAMPLES)
    assert [j.score for j in near] == pytest.approx(exact, abs=0.3)
