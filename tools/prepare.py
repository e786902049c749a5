"""Step 1: choose sentence pairs, train the two SentencePiece models, align and encode.

    python prepare.py --corpora DIR --work DIR

Leaves in --work: ru.model, en.model, vocab.json, news.npz, other.npz, lexicon.npz. Every file is
made once; delete one to make it again.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path

import numpy as np
import sentencepiece as spm
from align import Lexicon
from corpus import Pair, news_pairs, other_pairs, read_pairs, sources_of
from names import Swapper
from normal import write_rules

EOS, UNK, PAD = 0, 1, 2
LONGEST = 90


def choose(
    corpora: Path, work: Path, total: int, barred: set[str]
) -> tuple[list[Pair], list[Pair]]:
    """The news pairs and the `total` other pairs nearest to news, kept in pairs.json."""
    kept = work / "pairs.json"
    if not kept.exists():
        news = news_pairs(corpora, barred)
        other = other_pairs(corpora, news, total, barred)
        kept.write_text(json.dumps([news, other], ensure_ascii=False), encoding="utf-8")
    news, other = json.loads(kept.read_text(encoding="utf-8"))
    print(len(news), "news pairs,", len(other), "other pairs", flush=True)
    return news, other


def pieces(work: Path, side: str, size: int, texts: list[str]) -> spm.SentencePieceProcessor:
    """The SentencePiece model of one language, trained if it is not there."""
    if not (work / f"{side}.model").exists():
        (work / f"{side}.txt").write_text("\n".join(texts), encoding="utf-8")
        spm.SentencePieceTrainer.train(
            input=str(work / f"{side}.txt"),
            model_prefix=str(work / side),
            vocab_size=size,
            character_coverage=0.9998,
            eos_id=EOS,
            unk_id=UNK,
            pad_id=PAD,
            bos_id=-1,
            input_sentence_size=150_000,
            shuffle_input_sentence=True,
            num_threads=2,
            num_sub_iterations=1,
            normalization_rule_tsv=str(write_rules(work / "rules.tsv")),
            minloglevel=1,
        )
    return spm.SentencePieceProcessor(model_file=str(work / f"{side}.model"))


def shared_vocabulary(
    ru: spm.SentencePieceProcessor, en: spm.SentencePieceProcessor
) -> dict[str, int]:
    """English pieces first, with their own numbers, then the pieces that only Russian has.

    The decoder then needs the first len(en) rows of the embedding alone.
    """
    vocabulary = {en.id_to_piece(i): i for i in range(len(en))}
    for i in range(len(ru)):
        vocabulary.setdefault(ru.id_to_piece(i), len(vocabulary))
    return vocabulary


def encode(
    pairs: list[Pair],
    ru: spm.SentencePieceProcessor,
    en: spm.SentencePieceProcessor,
    sample: bool = False,
) -> list[tuple[list[int], list[int]]]:
    """Piece numbers of both sides; with `sample`, a random segmentation of the Russian."""
    options = dict(enable_sampling=True, alpha=0.3, nbest_size=-1) if sample else {}
    rows = zip(
        ru.encode([p[0] for p in pairs], **options), en.encode([p[1] for p in pairs]), strict=True
    )
    return [(s, t) for s, t in rows if 1 <= len(s) <= LONGEST and 1 <= len(t) <= LONGEST]


def save(
    path: Path,
    rows: list[tuple[list[int], list[int]]],
    renumber: np.ndarray,
    lexicon: Lexicon | None = None,
) -> None:
    """Flat arrays: source and target pieces, where each row starts, and each target piece's source position (-1 without a lexicon)."""
    starts = [np.cumsum([0] + [len(row[side]) for row in rows]) for side in (0, 1)]
    flat = [np.fromiter((p for row in rows for p in row[side]), np.int64) for side in (0, 1)]
    np.savez_compressed(
        path,
        source=renumber[flat[0]].astype(np.uint16),
        target=flat[1].astype(np.uint16),
        source_start=starts[0],
        target_start=starts[1],
        aligned=lexicon.align(rows) if lexicon else np.full(len(flat[1]), -1, np.int16),
    )
    print(path.name, len(rows), "pairs,", len(flat[1]), "target pieces", flush=True)


def main() -> None:
    """Run the step."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpora", type=Path, required=True, help="folder of the .tsv.xz files")
    parser.add_argument("--work", type=Path, required=True, help="folder for what this step makes")
    parser.add_argument("--pairs", type=int, default=320_000, help="pairs taken besides the news")
    parser.add_argument("--pieces-ru", type=int, default=12_000)
    parser.add_argument("--pieces-en", type=int, default=8_000)
    parser.add_argument(
        "--samples", type=int, default=4, help="random segmentations of the news added"
    )
    parser.add_argument("--name-lists", type=int, default=60_000, help="pairs of names alone")
    parser.add_argument(
        "--leave-out",
        type=Path,
        nargs="*",
        default=[],
        help="test sets (.tsv.xz with a column `source`) whose Russian no training pair may have",
    )
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    news, other = choose(args.corpora, args.work, args.pairs, sources_of(args.leave_out))
    texts = news * 2 + other
    ru = pieces(args.work, "ru", args.pieces_ru, [p[0] for p in texts])
    en = pieces(args.work, "en", args.pieces_en, [p[1] for p in texts])
    vocabulary = shared_vocabulary(ru, en)
    (args.work / "vocab.json").write_text(
        json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8"
    )
    renumber = np.array([vocabulary[ru.id_to_piece(i)] for i in range(len(ru))])
    if (args.work / "other.npz").exists():
        return
    rows_news, rows_other = encode(news, ru, en), encode(other, ru, en)
    lexicon = Lexicon(len(ru), len(en))
    lexicon.train(rows_news + rows_other, rounds=5)
    lexicon.save(args.work / "lexicon.npz", renumber)
    rng = random.Random(7)
    names = Swapper([(r, e) for r, e, _ in read_pairs(args.corpora, "general")])
    for _ in range(args.samples):
        swapped = [names.swap(pair, rng) or pair for pair in news]
        rows_news += encode(swapped, ru, en, sample=True)
    swapped = [found for pair in other if (found := names.swap(pair, rng))]
    print(len(swapped), "other pairs again with other names", flush=True)
    rows_other += encode(swapped + names.lists(args.name_lists, rng), ru, en, sample=True)
    save(args.work / "news.npz", rows_news, renumber, lexicon)
    save(args.work / "other.npz", rows_other, renumber, lexicon)


if __name__ == "__main__":
    main()
