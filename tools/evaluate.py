"""Step 4: BLEU and chrF of a model folder, its speed, and what is odd in its output.

python evaluate.py --model DIR --source FILE --reference FILE [--beam 4] [--length-penalty 1.0]
python evaluate.py --model DIR --corpora DIR        newstest2018, the development set
"""

from __future__ import annotations

import argparse
import json
import re
import time
from pathlib import Path

import torch
from corpus import DEV, Pair, clean, read_raw
from names import LATIN_WORD, Finder
from sacrebleu.metrics import BLEU, CHRF
from transformers import MarianMTModel, MarianTokenizer

LOOP = re.compile(r"(\S+(?: \S+){0,5})(?: \1){2,}")


def translate(
    model: MarianMTModel, tokenizer: MarianTokenizer, texts: list[str], tokens: int, **settings
) -> list[str]:
    """Translate, longest first, in batches of about `tokens` padded pieces."""
    lengths = [len(ids) for ids in tokenizer(texts)["input_ids"]]
    order = sorted(range(len(texts)), key=lambda i: -lengths[i])
    found = [""] * len(texts)
    while order:
        size = max(1, tokens // lengths[order[0]])
        rows, order = order[:size], order[size:]
        batch = tokenizer(
            [texts[i] for i in rows],
            return_tensors="pt",
            padding=True,
            truncation=True,
            max_length=500,
        )
        with torch.inference_mode():
            out = model.generate(
                **batch.to(model.device), max_length=min(500, 2 * lengths[rows[0]] + 20), **settings
            )
        for i, text in zip(
            rows, tokenizer.batch_decode(out, skip_special_tokens=True), strict=True
        ):
            found[i] = text
    return found


def report(sources: list[str], references: list[str], found: list[str], seconds: float) -> None:
    """Print scores, speed and oddities."""
    for metric in (BLEU(), CHRF()):
        print(metric.corpus_score(found, [references]), "|", metric.get_signature())
    print(
        f"{len(found)} sentences in {seconds:.0f} s, {len(found) / seconds:.1f} a second; "
        f"{sum(not text.strip() for text in found)} empty, {sum(bool(LOOP.search(text)) for text in found)} with loops, "
        f"{sum(bool(re.search('[а-яё]', text, re.I)) for text in found)} with Cyrillic, {sum(text == s for text, s in zip(found, sources, strict=True))} copied",
        flush=True,
    )


def report_names(pairs: list[Pair], found: list[str], seen: set[str]) -> None:
    """Print how many of the references' names the translations spell in the same way."""
    finder = Finder(pairs)
    right = {True: [], False: []}
    for pair, text in zip(pairs, found, strict=True):
        words = set(LATIN_WORD.findall(text))
        for place in finder.places(pair):
            right[place.name.english in seen].append(place.name.english in words)
    for known, kind in ((True, "of the training pairs"), (False, "never seen")):
        print(f"names {kind}: {sum(right[known])} of {len(right[known])} as in the reference")


def main() -> None:
    """Run the step."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--model", type=Path, required=True)
    add("--corpora", type=Path, help="corpora folder; its newstest2018 is translated")
    add("--source", type=Path)
    add("--reference", type=Path)
    add("--first", type=int, help="only so many sentences")
    add("--beam", type=int, help="beams instead of the folder's own number")
    add("--length-penalty", type=float)
    add("--no-repeat", type=int)
    add("--tokens", type=int, default=2000, help="pieces in a batch")
    add("--threads", type=int, default=2)
    add("--work", type=Path, help="folder of prepare.py: say how many names came out right")
    add("--output", type=Path, help="where to write the translations")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    if args.corpora:
        sources, references = map(
            list, zip(*((ru, en) for ru, en in read_raw(args.corpora, DEV)), strict=True)
        )
    else:
        sources, references = (
            path.read_text(encoding="utf-8").split("\n")[:-1]
            for path in (args.source, args.reference)
        )
    sources, references = sources[: args.first], references[: args.first]
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model = MarianMTModel.from_pretrained(args.model, dtype=torch.float32).to(device).eval()
    tokenizer = MarianTokenizer.from_pretrained(args.model)
    settings = dict(
        num_beams=args.beam, length_penalty=args.length_penalty, no_repeat_ngram_size=args.no_repeat
    )
    settings = {name: value for name, value in settings.items() if value is not None}
    began = time.time()
    found = translate(model, tokenizer, sources, args.tokens, **settings)
    report(sources, references, found, time.time() - began)
    if args.work:
        news, other = json.loads((args.work / "pairs.json").read_text(encoding="utf-8"))
        seen = {word for _, en in news + other for word in LATIN_WORD.findall(en)}
        pairs = [(clean(s), clean(r)) for s, r in zip(sources, references, strict=True)]
        report_names(pairs, found, seen)
    if args.output:
        args.output.write_text("".join(text + "\n" for text in found), encoding="utf-8")


if __name__ == "__main__":
    main()
