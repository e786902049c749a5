"""How fast translation is, side by side in one run: ratios, because machines differ.

    python benchmarks/translation.py [--sentences 400] [--rounds 3] [--sources FILE]

Two models: a random one of opus-mt's shape, whose outputs are forced to 1.1 times the longest source of
their batch (no hub is needed), and `builtin`. Sides: transformers' `generate` one by one, in unsorted batches of 32,
evalkit with transformers (float32, bfloat16, int8), evalkit with CTranslate2 int8. The sides take
turns; a figure is the median of the rounds. One by one is timed on a sample of the sentences.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from evalkit.engines.batches import output_limit
from evalkit.engines.quiet import quiet_transformers
from evalkit.memory import Memory
from evalkit.plan import Decoding
from evalkit.systems import open_system, run_system
from evalkit.systems.model import ModelSystem

DATA = Path(__file__).resolve().parent.parent / "data"
OPUS_MT_VOCABULARY = 62_518
ONE_BY_ONE = "transformers, one by one"
UNSORTED = "transformers, batches of 32"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sentences", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sources", type=Path, help="Russian lines for builtin; default: made up")
    parser.add_argument("--model", choices=["random", "builtin", "both"], default="both")
    options = parser.parse_args()
    made_up = sentences_like_news(options.sentences)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["EVALKIT_CACHE"] = folder
        if options.model != "builtin":
            model = Path(folder) / "opus-mt-shape"
            with quiet_transformers():
                make_random_model(model, made_up)
            title = "random model of opus-mt's shape, greedy"
            compare(title, str(model), made_up, options.rounds, force=True)
        if options.model != "random":
            lines = options.sources.read_text("utf-8").splitlines() if options.sources else made_up
            lines = lines[: options.sentences]
            compare("builtin, greedy", "builtin", lines, options.rounds)
            compare("builtin, its own beam", "builtin", lines, options.rounds, beam=None)


def compare(
    title: str,
    spec: str,
    sources: Sequence[str],
    rounds: int,
    beam: int | None = 1,
    force: bool = False,
) -> None:
    """Time every side and print sentences a second, and how many times one by one that is."""
    sides = sides_of(spec, sources, beam, force)
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, (run, count) in sides.items():
            began = time.perf_counter()
            run()
            seconds[name].append((time.perf_counter() - began) / count)
    rate = {name: 1 / statistics.median(values) for name, values in seconds.items()}
    print(f"\n{title}: {len(sources)} sentences, median of {rounds}", flush=True)
    for name, value in rate.items():
        print(f"  {name:<34}{value:9.1f} sentences/s {value / rate[ONE_BY_ONE]:7.1f} x one by one")
    ratio = rate["evalkit, float32"] / rate[UNSORTED]
    print(f"  evalkit float32 / batches of 32: {ratio:.2f} x")
    overhead_and_memory(spec, sources, beam, force)


def sides_of(
    spec: str, sources: Sequence[str], beam: int | None, force: bool
) -> dict[str, tuple[Callable[[], object], int]]:
    """Name -> (what to time, how many sentences it translates); models are loaded here."""
    engine = opened(spec, Decoding(beam=beam), force)._engine
    sample = random.Random(1).sample(list(sources), min(len(sources), max(16, len(sources) // 20)))

    def plain(batches: Sequence[Sequence[str]]) -> None:
        for batch in batches:
            pieces = engine.encode(batch)
            limit = max(output_limit(len(p), engine.max_new_tokens) for p in pieces)
            engine.generate(pieces, limit)

    singles = [[source] for source in sample]
    unsorted = [sources[i : i + 32] for i in range(0, len(sources), 32)]
    sides = {
        ONE_BY_ONE: (lambda: plain(singles), len(sample)),
        UNSORTED: (lambda: plain(unsorted), len(sources)),
    }
    for name, decoding in {
        "evalkit, float32": Decoding(beam=beam),
        "evalkit, bfloat16": Decoding(beam=beam, dtype="bfloat16"),
        "evalkit, int8": Decoding(beam=beam, dtype="int8"),
        "evalkit, CTranslate2 int8": Decoding(beam=beam, backend="ctranslate2"),
    }.items():
        system = opened(spec, decoding, force)
        run_system(system, sources[:2])
        sides[name] = (lambda system=system: run_system(system, sources), len(sources))
    return sides


def overhead_and_memory(spec: str, sources: Sequence[str], beam: int | None, force: bool) -> None:
    """evalkit's own share of the time, and the second run of the same sentences."""
    system = opened(spec, Decoding(beam=beam), force)
    model = system._engine.model
    generate, inside = model.generate, []

    def timed(**arguments):
        began = time.perf_counter()
        result = generate(**arguments)
        inside.append(time.perf_counter() - began)
        return result

    model.generate = timed
    with tempfile.TemporaryDirectory() as folder:
        took = []
        for _ in range(2):
            with Memory(Path(folder) / "memory.sqlite3") as memory:
                began = time.perf_counter()
                run_system(open_again(spec, system, took), sources, memory=memory)
                took.append(time.perf_counter() - began)
    model.generate = generate
    print(f"  evalkit's own share of the time: {100 * (1 - sum(inside) / took[0]):.1f}%")
    print(f"  the same {len(sources)} from memory: {took[1]:.3f} s")


def open_again(spec: str, system, took: list[float]):
    """The loaded system at first; then a newly opened one, as another process would have."""
    return open_system(spec, system.decoding) if took else system


def opened(spec: str, decoding: Decoding, force: bool) -> ModelSystem:
    """A loaded system; with ``force``, a batch ends at 1.1 times its longest source, as if it had
    been translated: a random model would not end."""
    system = open_system(spec, decoding)
    engine = system._engine
    if force:
        generate = engine.generate
        engine.generate = lambda batch, limit: generate(batch, round(1.1 * max(map(len, batch))))
        if decoding.backend == "ctranslate2":
            # A call takes many batches, here of one length; by itself each would have its own.
            engine.batch_tokens = engine.worker_tokens * engine.translator.num_translators
    return system


def sentences_like_news(count: int) -> list[str]:
    """Russian words in sentences as long as those of news: 13 words at the median, a long tail."""
    text = " ".join(path.read_text("utf-8") for path in sorted(DATA.glob("*.txt")))
    words = [word for word in text.split() if any("а" <= letter <= "я" for letter in word.lower())]
    chance = random.Random(12345)
    lengths = [min(70, max(3, round(chance.lognormvariate(2.56, 0.6)))) for _ in range(count)]
    return [" ".join(chance.choices(words, k=length)) + "." for length in lengths]


def make_random_model(folder: Path, texts: Sequence[str]) -> None:
    """A Marian model of opus-mt's size that never ends by itself, with a tokenizer made of ``texts``."""
    import json

    import sentencepiece
    import torch
    from transformers import MarianConfig, MarianMTModel

    folder.mkdir()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts),
        model_prefix=str(folder / "source"),
        vocab_size=4000,
        hard_vocab_limit=False,
        minloglevel=2,
        eos_id=0,
        unk_id=1,
        bos_id=-1,
    )
    (folder / "source.model").rename(folder / "source.spm")
    (folder / "target.spm").write_bytes((folder / "source.spm").read_bytes())
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(folder / "source.spm"))
    names = [pieces.id_to_piece(i) for i in range(len(pieces))]
    names += [f"word{i}" for i in range(OPUS_MT_VOCABULARY - 1 - len(names))] + ["<pad>"]
    vocabulary = {name: i for i, name in enumerate(names)}
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), "utf-8")
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "MarianTokenizer", "model_max_length": 512})
    )
    torch.manual_seed(1)
    pad = OPUS_MT_VOCABULARY - 1
    shape = {"d_model": 512, "encoder_layers": 6, "decoder_layers": 6}
    config = MarianConfig(
        vocab_size=OPUS_MT_VOCABULARY,
        encoder_ffn_dim=2048,
        decoder_ffn_dim=2048,
        encoder_attention_heads=8,
        decoder_attention_heads=8,
        max_position_embeddings=512,
        activation_function="swish",
        scale_embedding=True,
        pad_token_id=pad,
        eos_token_id=0,
        decoder_start_token_id=pad,
        forced_eos_token_id=0,
        share_encoder_decoder_embeddings=True,
        **shape,
    )
    model = MarianMTModel(config)
    model.final_logits_bias[0, 0] = -1e9
    model.final_logits_bias[0, pad] = -1e9
    model.generation_config.bad_words_ids = [[pad]]
    model.save_pretrained(folder)


if __name__ == "__main__":
    main()
