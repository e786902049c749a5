"""How fast COMET scores, side by side in one run: unbabel-comet's own `predict` and evalkit.

    python benchmarks/neural.py [--shape base] [--systems 10] [--segments 100] [--rounds 3]

A random model of XLM-R large's shape (`--shape base` for a small machine) with a RegressionMetric's head; ten
systems' translations of the same segments, made-up words of the lengths of news. unbabel-comet 2.2.7 has an
environment of its own, made by the benchmark, since it cannot be installed beside numpy 2 or transformers 5.
The sides take turns; a figure is the median of the rounds. Their scores are compared as well.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
COMET = "unbabel-comet 2.2.7, predict"
CACHED = "unbabel-comet 2.2.7, predict with set_embedding_cache"
EVALKIT = "evalkit, {}"
REQUIREMENTS = ["torch==2.13.0", "unbabel-comet==2.2.7", "setuptools<81"]
# Hidden size, layers, heads, size within a layer of XLM-R (Conneau et al. 2020, table 1), and of a toy.
SHAPES = {
    "large": (1024, 24, 16, 4096),
    "base": (768, 12, 12, 3072),
    "toy": (64, 3, 4, 128),
}
VOCABULARY = 250_002
# Words of a sentence, as in news: mean and deviation, and the fewest.
WORDS = (20, 9, 4)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--shape", choices=SHAPES, default="large")
    parser.add_argument("--systems", type=int, default=10)
    parser.add_argument("--segments", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--environment", type=Path, help="an environment with unbabel-comet 2.2.7")
    parser.add_argument("--no-cached", action="store_true", help="leave COMET's own cache out")
    options = parser.parse_args()
    # Before torch is imported, as evalkit sets it and as unbabel-comet's process here has it.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["EVALKIT_CACHE"] = str(Path(folder) / "cache")
        python = comet_python(options.environment or Path(folder) / "environment")
        data = make_data(options.systems, options.segments)
        (Path(folder) / "data.json").write_text(json.dumps(data))
        make_model(Path(folder), options.shape, [text for texts in data for text in texts])
        compare(Path(folder), python, data, options)


def compare(folder: Path, python: Path, data: list[list[str]], options: Any) -> None:
    comet = Worker(python, folder, options.threads)
    sides = [COMET, *([] if options.no_cached else [CACHED])]
    sides += [EVALKIT.format(dtype) for dtype in ("float32", "bfloat16")]
    seconds: dict[str, list[float]] = {side: [] for side in sides}
    scores: dict[str, list[float]] = {}
    for number in range(options.rounds):
        for side in sides:
            if side in (COMET, CACHED):
                took, scores[side] = comet.run("cached" if side == CACHED else "plain")
            else:
                dtype = side.rpartition(" ")[2]
                took, scores[side] = run_evalkit(folder, data, dtype, options.threads)
            seconds[side].append(took)
            print(f"round {number + 1}: {side}: {took:.1f} s", file=sys.stderr, flush=True)
    comet.close()
    median = {side: statistics.median(took) for side, took in seconds.items()}
    print(
        f"random XLM-R of {options.shape}'s shape, {options.systems} systems x {options.segments} segments, "
        f"{options.threads} threads, median of {options.rounds} rounds"
    )
    for side in sides:
        apart = max(abs(a - b) for a, b in zip(scores[side], scores[COMET], strict=True))
        print(
            f"{side:55} {median[side]:8.1f} s {median[COMET] / median[side]:6.2f} x"
            f"   scores differ by at most {apart:.1e}"
        )


def run_evalkit(
    folder: Path, data: list[list[str]], dtype: str, threads: int
) -> tuple[float, list[float]]:
    """A call for each system, as `evalkit score` does; nothing is kept from another round."""
    from evalkit.metrics.base import Example
    from evalkit.metrics.comet import Comet
    from evalkit.plan import Decoding

    metric = Comet(str(folder / "model"), settings=Settings(dtype=dtype, threads=threads))
    metric.judge([Example("a warm-up", ("of the model",), "которой не считается")])
    sources, references, *systems = data
    start = time.perf_counter()
    scores = [
        judgement.score
        for system in systems
        for judgement in metric.judge(
            [
                Example(hypothesis, (reference,), source)
                for hypothesis, reference, source in zip(system, references, sources, strict=True)
            ]
        )
    ]
    return time.perf_counter() - start, scores


class Worker:
    """unbabel-comet in a process of its own: a line asks for a run, a line answers."""

    def __init__(self, python: Path, folder: Path, threads: int) -> None:
        self._process = subprocess.Popen(
            [str(python), "-c", WORKER, str(folder), str(threads)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=folder,
            env=os.environ | {"HF_HUB_OFFLINE": "1", "OMP_WAIT_POLICY": "PASSIVE"},
        )

    def run(self, how: str) -> tuple[float, list[float]]:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(how + "\n")
        self._process.stdin.flush()
        for line in self._process.stdout:
            if line.startswith("ANSWER "):
                answer = json.loads(line.removeprefix("ANSWER "))
                return answer["seconds"], answer["scores"]
        raise SystemExit("unbabel-comet did not answer")

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()


# Runs in unbabel-comet's environment. Its cache is emptied before each run, as a new process has it.
WORKER = """
import json, sys, time
import torch
from comet import load_from_checkpoint
from comet.models.base import CometModel

folder, threads = sys.argv[1:]
torch.set_num_threads(int(threads))
sources, references, *systems = json.load(open(folder + "/data.json"))
model = load_from_checkpoint(folder + "/model/checkpoints/model.ckpt")
samples = [
    [{"src": s, "mt": m, "ref": r} for s, m, r in zip(sources, system, references)]
    for system in systems
]
options = {"gpus": 0, "progress_bar": False}
model.predict(samples[0][:2], **options)
for how in map(str.strip, sys.stdin):
    start = time.perf_counter()
    if how == "plain":
        scores = model.predict([sample for system in samples for sample in system], **options).scores
    else:
        CometModel.retrieve_sentence_embedding.cache_clear()
        model.set_embedding_cache()
        scores = [score for system in samples for score in model.predict(system, **options).scores]
        model.caching = False
    seconds = time.perf_counter() - start
    print("ANSWER " + json.dumps({"seconds": seconds, "scores": scores}), flush=True)
"""


def comet_python(environment: Path) -> Path:
    """The Python of an environment with unbabel-comet 2.2.7, made if it is not there yet."""
    python = environment / "bin" / "python"
    if not python.is_file():
        print(f"making an environment in {environment}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
        pip = [str(python), "-m", "pip", "install", "-q"]
        subprocess.run([*pip, *REQUIREMENTS], check=True)
    return python


def make_data(systems: int, segments: int) -> list[list[str]]:
    """Sources, references and each system's translations: random words of the repository's examples."""
    chance = random.Random(15)
    texts = [path.read_text("utf-8") for path in sorted((ROOT / "data").iterdir())]
    words = sorted({word for text in texts for word in text.split()})
    russian = [word for word in words if not word.isascii()]
    english = [word for word in words if word.isascii()]
    lengths = [max(WORDS[2], round(chance.gauss(*WORDS[:2]))) for _ in range(segments)]
    sources = [" ".join(chance.choices(russian, k=length)) for length in lengths]
    sides = [sources]
    for _ in range(systems + 1):
        sides.append(
            [
                " ".join(chance.choices(english, k=max(2, length + chance.randint(-3, 6))))
                for length in lengths
            ]
        )
    return sides


def make_model(folder: Path, shape: str, texts: Sequence[str]) -> None:
    """A checkpoint in `folder`/model, and its encoder's configuration and tokenizer beside it."""
    import torch
    import yaml
    from transformers import XLMRobertaConfig, XLMRobertaModel

    size, layers, heads, inner = SHAPES[shape]
    encoder = folder / "encoder"
    config = XLMRobertaConfig(
        vocab_size=VOCABULARY,
        hidden_size=size,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        intermediate_size=inner,
        max_position_embeddings=514,
        type_vocab_size=1,
        pad_token_id=1,
        bos_token_id=0,
        eos_token_id=2,
        layer_norm_eps=1e-5,
    )
    config.save_pretrained(encoder)
    make_tokenizer(encoder, texts)
    torch.manual_seed(15)
    hidden = [3072, 1024]
    tensors = {
        f"encoder.model.{name}": tensor
        for name, tensor in XLMRobertaModel(config, add_pooling_layer=False).state_dict().items()
    }
    for layer in range(layers + 1):
        tensors[f"layerwise_attention.scalar_parameters.{layer}"] = torch.randn(1) / 10
    tensors["layerwise_attention.gamma"] = torch.ones(1)
    widths = [6 * size, *hidden, 1]
    for number, (wide, narrow) in enumerate(pairwise(widths)):
        tensors[f"estimator.ff.{3 * number}.weight"] = torch.randn(narrow, wide) / wide**0.5
        tensors[f"estimator.ff.{3 * number}.bias"] = torch.zeros(narrow)
    options = {
        "class_identifier": "regression_metric",
        "encoder_model": "XLM-RoBERTa",
        "pretrained_model": str(encoder),
        "layer": "mix",
        "layer_transformation": "sparsemax",
        "layer_norm": False,
        "pool": "avg",
        "hidden_sizes": hidden,
        "activations": "Tanh",
        "final_activation": None,
        "dropout": 0.1,
    }
    checkpoint = folder / "model" / "checkpoints" / "model.ckpt"
    checkpoint.parent.mkdir(parents=True)
    (folder / "model" / "hparams.yaml").write_text(yaml.safe_dump(options))
    content = {
        "pytorch-lightning_version": "2.0.0",
        "state_dict": tensors,
        "hyper_parameters": options,
    }
    torch.save(content, checkpoint)


def make_tokenizer(folder: Path, texts: Sequence[str]) -> None:
    """A tokenizer of XLM-R's kind, learned from the texts."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    trainer = trainers.UnigramTrainer(
        vocab_size=3000, special_tokens=special, unk_token="<unk>", show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", 0), ("</s>", 2)],
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    names = ["bos_token", "pad_token", "eos_token", "unk_token", "sep_token", "cls_token"]
    values = [*special, "</s>", "<s>"]
    settings = {"tokenizer_class": "XLMRobertaTokenizerFast", "model_max_length": 512}
    settings |= dict(zip(names, values, strict=True))
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))


if __name__ == "__main__":
    main()
