"""One side negates and the other does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from evalkit.checks.base import Checked
from evalkit.checks.signals import Signals, WeighedCheck, quoted, spans
from evalkit.checks.words import Word, words
from evalkit.languages.words import CheckWords

# How many words after a negation its object may begin, and how many before a word are looked at for one.
REACH = 5
# A shorter word that begins like a negated one is none.
SHORTEST_PREFIXED = 6


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
    skipped: set[int] = set()
    for k in range(len(folded)):
        for phrase in language.not_negations:
            if folded[k] == phrase[0] and tuple(folded[k : k + len(phrase)]) == phrase:
                skipped.update(range(k, k + len(phrase)))
    strong, weak = [], []
    for k, word in enumerate(folded):
        if k in skipped:
            continue
        if word in language.negations or word.endswith("n't"):
            strong.append(k)
        elif word in language.weak_negations or (
            len(word) >= SHORTEST_PREFIXED
            and word.startswith(language.weak_prefixes)
            and word not in language.neutral_words
        ):
            weak.append(k)
    return Negations(found, tuple(strong), tuple(weak))


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
    lost = [
        _step(len(s.strong) - mine - len(weak - s.weak_stems())) for s in systems
    ]
    new = [
        _step(mine - len(s.strong) - len(s.weak_stems() - weak)) for s in systems
    ]
    if lost:
        values["all systems negate"] = min(lost)
        values["systems negate"] = sum(lost) / len(lost)
        values["no system negates"] = min(new)
        values["few systems negate"] = sum(new) / len(new)
    theirs = len(source.strong)
    values["source negates"] = _step(theirs - mine - len(provided.weak))
    values["source may negate"] = _step(theirs - mine)
    values["source does not negate"] = _step(mine - theirs - len(source.weak))
    values["source hardly negates"] = _step(mine - theirs)
    return values


def _step(difference: int) -> float:
    return float(min(1, max(0, difference)))


def _bare(
    negating: Negations, at: int, others: Sequence[Negations], language: CheckWords
) -> list[float]:
    """Of each other text: 1 if it has the negated word without a negation before it, 0 if negated, -1 if not at all."""
    following = negating.words[at + 1 : at + 1 + REACH]
    objects = [w for w in following if w.folded not in language.function_words][:2]
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
    gone = max(kept.get("systems negate", 0.0), kept.get("source may negate", 0.0))
    come = max(kept.get("few systems negate", 0.0), kept.get("source hardly negates", 0.0))
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
