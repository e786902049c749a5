"""Step 5: how many ordinary words a model folder knows, alone and in a sentence.

    python lexical.py --model DIR --corpora DIR

1,000 Russian nouns, adjectives and verbs of middle frequency, drawn from Mueller's dictionary; right
if the translation holds one of the word's glosses there, in any of its forms. The dictionary's
words are practised in training (practice.py), the sentences here are not.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import torch
from dictionary import TOKEN, english_forms, glosses
from evaluate import translate
from inflect import inflected, lexeme
from transformers import MarianMTModel, MarianTokenizer
from wordfreq import zipf_frequency

#: Zipf frequency: once in a million words to some thirty times.
LOWEST, HIGHEST = 3.0, 4.5
#: Sentences for each kind of word, and the grammemes it has there.
FRAMES = {
    "noun": (
        ("Вчера в городе говорили о {}.", {"loct"}),
        ("Газета написала, что главное здесь – {}.", {"nomn"}),
        ("По его словам, всё зависит от {}.", {"gent"}),
    ),
    "adjective": (
        ("В этот раз у них был {} план.", {"masc", "sing", "nomn"}),
        ("Мы увидели {} дом.", {"masc", "sing", "accs", "inan"}),
    ),
    "verb": (("Они решили {}.", {"INFN"}), ("Мы не хотим {}.", {"INFN"})),
}

Key = tuple[str, str]


def choose(
    corpora: Path, count: int, lowest: float, highest: float, seed: int = 3
) -> dict[Key, set[str]]:
    """(Russian word, kind) to the glosses in all their forms, for `count` words of these frequencies."""
    found = {
        key: english
        for key, english in glosses(corpora).items()
        if key[1] in FRAMES
        and lowest <= zipf_frequency(key[0], "ru") <= highest
        and lexeme(*key) is not None
    }
    chosen = random.Random(seed).sample(sorted(found), min(count, len(found)))
    return {
        key: {form for english in found[key] for form in english_forms(english, key[1])}
        for key in chosen
    }


def framed(key: Key, rng: random.Random) -> str:
    """The word in one of the sentences of its kind."""
    frame, tags = rng.choice(FRAMES[key[1]])
    form = lexeme(*key)
    word = form.parse.word if "INFN" in tags else inflected(form, frozenset(tags))
    return frame.format(word or key[0])


def right(text: str, glosses_: set[str]) -> bool:
    """Whether one of the glosses stands in the text, whole."""
    said = " " + " ".join(TOKEN.findall(text.lower())) + " "
    return any(f" {gloss} " in said for gloss in glosses_)


def main() -> None:
    """Run the step."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--model", type=Path, required=True)
    add("--corpora", type=Path, required=True, help="folder of mueller.ru-en.tsv.xz")
    add("--count", type=int, default=1000)
    add("--lowest", type=float, default=LOWEST, help="Zipf frequency")
    add("--highest", type=float, default=HIGHEST)
    add("--beam", type=int, default=4)
    add("--threads", type=int, default=2)
    add("--show", type=int, default=0, help="print so many wrong ones")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    words = choose(args.corpora, args.count, args.lowest, args.highest)
    rng = random.Random(5)
    model = MarianMTModel.from_pretrained(args.model, dtype=torch.float32).eval()
    tokenizer = MarianTokenizer.from_pretrained(args.model)
    sides = {
        "alone": [key[0] for key in words],
        "in a sentence": [framed(key, rng) for key in words],
    }
    for name, texts in sides.items():
        found = translate(model, tokenizer, texts, 2000, num_beams=args.beam)
        good = [right(text, g) for text, g in zip(found, words.values(), strict=True)]
        kinds = {
            kind: [g for key, g in zip(words, good, strict=True) if key[1] == kind]
            for kind in FRAMES
        }
        parts = ", ".join(f"{sum(g)} of {len(g)} {kind}s" for kind, g in kinds.items())
        print(f"words {name}: {100 * sum(good) / len(good):.1f}% right ({parts})", flush=True)
        wrong = [row for row in zip(texts, found, words.values(), good, strict=True) if not row[3]]
        for text, said, wanted, _ in wrong[: args.show]:
            print(f"  {text} | {said} | {', '.join(sorted(wanted)[:6])}")


if __name__ == "__main__":
    main()
