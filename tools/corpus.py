"""Reading, filtering and choosing sentence pairs from the corpora folder."""

from __future__ import annotations

import lzma
import math
import random
import re
import unicodedata
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from pathlib import Path

NEWS = "wmt_newstest2012-2018"
DOCS = ("msdocs_human", "msdocs_machine")
DEV = "newstest2018.ru-en"

#: At most this many pairs of a source; the default is DEFAULT_LIMIT.
LIMIT = {
    "bible_synodal_bsb_bbe_nheb": 12_000,
    "cataclysm_dda": 15_000,
    "gettext_ui": 3_000,
    "games_misc": 10_000,
    "libreoffice_help": 6_000,
    "debian_ddtp": 3_000,
    "gimp_help": 4_000,
    "debian_web_security": 2_000,
    "msdocs_human": 130_000,
    "msdocs_machine": 90_000,
}
DEFAULT_LIMIT = 50_000

MARKUP = re.compile(r"[{}\\<>_=|`@#~^]|https?:|www\.|\(\)|&[a-z]+;|\bCVE-")
CYRILLIC = re.compile(r"[а-яё]", re.I)
LATIN = re.compile(r"[a-z]", re.I)
WORD = re.compile(r"\w+")

Pair = tuple[str, str]


def read_raw(folder: Path, name: str) -> Iterator[list[str]]:
    """Yield the cells of each line of a corpus file."""
    with lzma.open(folder / f"{name}.tsv.xz", "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            yield line.rstrip("\n").split("\t")


def read_pairs(folder: Path, name: str) -> Iterator[tuple[str, str, str]]:
    """Yield (Russian, English, source) of one corpus file, cleaned."""
    for ru, en, *source in read_raw(folder, name):
        yield clean(ru), clean(en), source[0] if source else name


def clean(text: str) -> str:
    """One line, NFC, single spaces, plain quotes and apostrophes."""
    text = unicodedata.normalize("NFC", text).translate(QUOTES)
    return " ".join(text.split())


QUOTES = str.maketrans(
    {
        "“": '"',
        "”": '"',
        "„": '"',
        "’": "'",
        "‘": "'",
        "\u00ad": None,
        "\u0301": None,
        "\u200b": None,
    }
)


def usable(ru: str, en: str) -> bool:
    """Whether a pair is prose in the right scripts, of like length, with the same numbers."""
    if MARKUP.search(en) or MARKUP.search(ru) or ru == en:
        return False
    words_ru, words_en = len(ru.split()), len(en.split())
    if not (1 <= words_ru <= 60 and 1 <= words_en <= 70):
        return False
    if not 0.5 <= (len(ru) + 8) / (len(en) + 8) <= 2.0:
        return False
    if 2 * len(CYRILLIC.findall(ru)) < len(ru.replace(" ", "")) or CYRILLIC.search(en):
        return False
    if 2 * len(LATIN.findall(en)) < len(en.replace(" ", "")):
        return False
    digits_ru, digits_en = set(re.findall(r"\d+", ru)), set(re.findall(r"\d+", en))
    return len(digits_ru ^ digits_en) <= max(1, len(digits_en) // 2)


def counts(texts: Iterable[str]) -> Counter[str]:
    """Lower-cased word counts."""
    found: Counter[str] = Counter()
    for text in texts:
        found.update(WORD.findall(text.lower()))
    return found


def relevance(near: Counter[str], far: Counter[str]) -> dict[str, float]:
    """How much likelier each word is in `near` than in `far` (log ratio, smoothed); "" is any other word."""
    size_near, size_far = near.total(), far.total()
    ratio = {
        word: math.log((near[word] + 0.5) / size_near) - math.log((far[word] + 0.5) / size_far)
        for word in near.keys() | far.keys()
    }
    return ratio | {"": min(ratio.values())}


def sources_of(files: Iterable[Path]) -> set[str]:
    """The Russian, cleaned, in the column `source` of test sets: no pair with it may be trained on."""
    found = set()
    for path in files:
        with lzma.open(path, "rt", encoding="utf-8", newline="\n") as lines:
            column = next(lines).rstrip("\n").split("\t").index("source")
            found |= {clean(line.rstrip("\n").split("\t")[column]) for line in lines}
    return found


def news_pairs(folder: Path, barred: Container[str] = ()) -> list[Pair]:
    """The human-translated news of the general corpus, without duplicates."""
    return list(
        dict.fromkeys(
            (ru, en)
            for ru, en, source in read_pairs(folder, "general")
            if source == NEWS and ru not in barred and usable(ru, en)
        )
    )


def pools(folder: Path, news: list[Pair], barred: Container[str] = ()) -> dict[str, list[Pair]]:
    """The usable pairs of every other source, each English sentence once."""
    taken = {en for _, en in news}
    found: dict[str, list[Pair]] = {}
    for name in ("general", *DOCS):
        for ru, en, source in read_pairs(folder, name):
            short = source in DOCS and len(en.split()) < 6
            if source == NEWS or short or en in taken or ru in barred or not usable(ru, en):
                continue
            taken.add(en)
            found.setdefault(source, []).append((ru, en))
    return found


def other_pairs(
    folder: Path,
    news: list[Pair],
    total: int,
    barred: Container[str] = (),
    seed: int = 7,
) -> list[Pair]:
    """The `total` pairs most like news among all others, capped for each source."""
    found = pools(folder, news, barred)
    everything = [pair for rows in found.values() for pair in rows]
    sample = random.Random(seed).sample(everything, min(300_000, len(everything)))
    ratios = []
    for side in (0, 1):
        near = counts(pair[side] for pair in news)
        ratios.append(relevance(near, near + counts(pair[side] for pair in sample)))
    ranked: list[tuple[float, Pair]] = []
    for source, rows in found.items():
        rated = sorted(((rate(pair, ratios), pair) for pair in rows), reverse=True)
        kept = rated[: LIMIT.get(source, DEFAULT_LIMIT)]
        print(f"  {source}: {len(rows)} usable, {len(kept)} in the running", flush=True)
        ranked += kept
    return [pair for _, pair in sorted(ranked, reverse=True)[:total]]


def rate(pair: Pair, ratios: list[dict[str, float]]) -> float:
    """How like news both sides are; length counts a little."""
    total = 0.0
    for text, ratio in zip(pair, ratios, strict=True):
        words = WORD.findall(text.lower())
        total += sum(ratio.get(word, ratio[""]) for word in words) / (len(words) + 3)
        total += 0.02 * min(len(words), 20)
    return total
