"""One side negates and the other does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from evalkit.checks.base import Checked
from evalkit.checks.remembered import Remembered
from evalkit.checks.signals import Signals, WeighedCheck, quoted, spans
from evalkit.checks.words import Word, words
from evalkit.languages.words import CheckWords

# How many words after a negation its object may begin, and how many before a word are looked at for one.
REACH = 5
# A shorter word that begins like a negated one is none.
SHORTEST_PREFIXED = 6
STRONG, WEAK = "strong", "weak"


@dataclass(frozen=True, slots=True)
class Negations:
    """Positions of words that negate, and of words that can stand for a negation."""

    words: tuple[Word, ...]
    strong: tuple[int, ...]
    weak: tuple[int, ...]

    def weak_stems(self) -> set[str]:
        """Stems of the weak ones."""
        return {self.words[k].stem for k in self.weak}


@lru_cache(maxsize=1024)
def negations(text: str, language: CheckWords) -> Negations:
    """The negations of a text."""
    found = words(text, language)
    folded = [word.folded for word in found]
    kind_of = _kinds(language)
    kinds = [kind_of[word] for word in folded]
    if not any(kinds):
        return Negations(found, (), ())
    skipped: set[int] = set()
    phrases = _phrases(language)
    for k, first in enumerate(folded):
        for phrase in phrases.get(first, ()):
            if tuple(folded[k : k + len(phrase)]) == phrase:
                skipped.update(range(k, k + len(phrase)))
    strong, weak = [], []
    for k, (word, kind) in enumerate(zip(folded, kinds, strict=True)):
        if k in skipped or (
            word == "no" and folded[k + 1 : k + 2] and folded[k + 1][0].isdecimal()
        ):
            # "No. 30" is a number.
            continue
        if kind == STRONG:
            strong.append(k)
        elif kind == WEAK:
            weak.append(k)
    return Negations(found, tuple(strong), tuple(weak))


@lru_cache(maxsize=8)
def _kinds(language: CheckWords) -> Remembered[str, str]:
    return Remembered(lambda word: _kind(word, language))


def _kind(word: str, language: CheckWords) -> str:
    if word in language.negations or word.endswith("n't"):
        return STRONG
    if word in language.weak_negations or (
        len(word) >= SHORTEST_PREFIXED
        and word.startswith(language.weak_prefixes)
        and word not in language.neutral_words
    ):
        return WEAK
    return ""


@lru_cache(maxsize=8)
def _phrases(language: CheckWords) -> dict[str, list[tuple[str, ...]]]:
    """Phrases that are no negations, by their first word."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in language.not_negations:
        found.setdefault(phrase[0], []).append(phrase)
    return found


class NegationCheck(WeighedCheck):
    """Counts what negates on each side, and looks whether the word negated stands elsewhere without it."""

    name = "negation"

    def signals(self, pair: Checked) -> Signals:
        languages = self.languages
        source = negations(pair.source, languages.source)
        provided = negations(pair.provided, languages.provided)
        systems = [negations(t, languages.provided) for t in pair.translations.values()]
        if not source.strong and not provided.strong and not any(s.strong for s in systems):
            return Signals({})
        values, lost, new = _counts(source, provided, systems), [], []
        for k in provided.strong:
            bare = _bare(provided, k, systems, languages.provided)
            if bare and min(bare) > 0:
                values["bare in systems"] = 1.0
                new.append(provided.words[k])
        shares = [
            [_bare(theirs, k, [provided], languages.provided) for k in theirs.strong]
            for theirs in systems
        ]
        hit = [any(b and b[0] > 0 for b in found) for found in shares]
        if hit:
            values["bare here"] = sum(hit) / len(hit)
        lost = [source.words[k] for k in source.strong]
        return _told(values, source, provided, lost, new)


def _counts(
    source: Negations, provided: Negations, systems: Sequence[Negations]
) -> dict[str, float]:
    values: dict[str, float] = {}
    mine, weak = len(provided.strong), provided.weak_stems()
    lost = [_step(len(s.strong) - mine - len(weak - s.weak_stems())) for s in systems]
    new = [_step(mine - len(s.strong) - len(s.weak_stems() - weak)) for s in systems]
    # A text that negates already may have joined two negations in one.
    still = "one of several: " if mine else ""
    already = "one of several: " if any(s.strong for s in systems) else ""
    if lost:
        values[still + "all systems negate"] = min(lost)
        values[still + "systems negate"] = sum(lost) / len(lost)
        values[already + "no system negates"] = min(new)
        values[already + "few systems negate"] = sum(new) / len(new)
    theirs = len(source.strong)
    values[still + "source negates"] = _step(theirs - mine - len(provided.weak))
    values[still + "source may negate"] = _step(theirs - mine)
    already = "one of several: " if theirs else ""
    values[already + "source does not negate"] = _step(mine - theirs - len(source.weak))
    values[already + "source hardly negates"] = _step(mine - theirs)
    return values


def _step(difference: int) -> float:
    return float(min(1, max(0, difference)))


def _bare(
    negating: Negations, at: int, others: Sequence[Negations], language: CheckWords
) -> list[float]:
    """Of each other text: 1 if it has the negated word without a negation before it, 0 if negated, -1 if not at all."""
    following = negating.words[at + 1 : at + 1 + REACH]
    objects = [w for w in following if w.content][:2]
    if negating.words[at].folded.endswith("n't") and not objects:
        return []
    found = []
    for other in others:
        verdict = -1.0
        for word in objects:
            places = [k for k, w in enumerate(other.words) if w.stem == word.stem]
            if not places:
                continue
            marks = {*other.strong, *other.weak}
            negated = any(k - REACH <= m <= k + 1 for k in places for m in marks)
            verdict = 0.0 if negated else 1.0
            break
        found.append(verdict)
    return found


def _told(
    values: dict[str, float],
    source: Negations,
    provided: Negations,
    lost: Sequence[Word],
    new: Sequence[Word],
) -> Signals:
    kept = {name: value for name, value in values.items() if value}
    gone, come = (
        max((v for name, v in kept.items() if name.endswith(ends)), default=0.0)
        for ends in (("systems negate", "may negate"), ("few systems negate", "hardly negates"))
    )
    if any(name.endswith("few systems negate") for name in kept):
        gone = kept.get("all systems negate", 0.0)
    if not gone and not come and not kept:
        return Signals({})
    if come > gone or (come == gone and new):
        places = new or [provided.words[k] for k in provided.strong]
        shown = quoted([word.text for word in places], 2)
        return Signals(
            kept,
            f"The translation negates ({shown}), the source does not.",
            provided_spans=spans(places),
        )
    if lost:
        shown = quoted([word.text for word in lost], 2)
        message = f"The source negates ({shown}), the translation does not."
        return Signals(kept, message, source_spans=spans(lost))
    return Signals(kept, "The other translations negate what this one affirms.")
