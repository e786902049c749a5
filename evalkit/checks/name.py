"""A name of the source without counterpart, or a name that is not in the source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from evalkit.checks.base import Checked
from evalkit.checks.evidence import Evidence, Languages, evidence, near
from evalkit.checks.lexicon import is_name
from evalkit.checks.places import dangles, dropped_in_place, in_place
from evalkit.checks.signals import Signals, WeighedCheck, quoted, spans
from evalkit.checks.sounds import alike, romanized
from evalkit.checks.words import Word
from evalkit.languages.words import CheckWords

# More names than this say nothing more.
MOST = 2.0
LONGEST_ACRONYM = 6
# Only a loan sounds so much like a common word.
SPELLED_OVER = 0.8
# So many new or lost names at once are a title in other words, or an abbreviation spelled out.
MANY = 2
NAME, CAPITAL, ACRONYM = "name", "capital", "acronym"


class NameCheck(WeighedCheck):
    """By sound between the scripts, and by what the systems wrote."""

    name = "name"

    def signals(self, pair: Checked) -> Signals:
        found, languages = evidence(pair, self.languages), self.languages
        written = [_spelled_out(found, languages.provided, k) for k in range(len(found.translated))]
        source, provided = languages.lexicon.source, languages.lexicon.provided
        alone = not found.translated
        gone = [
            (word, 1.0 if alone and _kind(word, source) == NAME else told)
            for word, covered, told in zip(found.source, found.covered, found.told, strict=True)
            if not covered and _named(word, languages.source, source)
        ]
        new = [
            word
            for j, word in enumerate(found.provided)
            if found.nowhere[j]
            and _named(word, languages.provided, {})
            and not any(j in spelled for spelled, _ in written)
            and not _spelled_over(word, found.source, languages)
        ]
        lost = _lost(found, languages, [covered for _, covered in written])
        if new and not lost:
            lost = _fewer(found, languages)
        values = _values(
            [(_kind(w, source), told) for w, told in gone],
            [_kind(w, provided) for w in new],
            [(_kind(w, provided), share) for w, share in lost],
            _loose(found),
        )
        if values:
            values["replaced in place"] = in_place(found, new, [word for word, _ in lost])
            broken = dangles(pair, found, languages.provided)
            values["broken" if new else "dangling"] = float(broken)
            values["dropped in place"] = 0.0 if new else dropped_in_place(found, lost)
        shown = [w for w, told in gone if is_name(w.folded, w.stem, source) and (told or not lost)]
        if not shown:
            shown = [w for w, _ in gone]
        return Signals(
            {name: value for name, value in values.items() if value},
            _message(shown, [w for w, _ in lost], new),
            spans(shown),
            spans(new),
        )


def _values(
    gone: Sequence[tuple[str, float]],
    new: Sequence[str],
    lost: Sequence[tuple[str, float]],
    loose: float,
) -> dict[str, float]:
    """What was found, as one of the cases that differ in how often they are errors."""
    told = max((told for kind, told in gone if kind == NAME), default=0.0)
    missing = max(told, max((share for kind, share in lost if kind == NAME), default=0.0))
    lower = max((share for kind, share in lost if kind == CAPITAL), default=0.0)
    acronyms = [kind for kind, _ in (*gone, *lost) if kind == ACRONYM]
    names, capitals = new.count(NAME), new.count(CAPITAL)
    values: dict[str, float] = {}
    if names and missing:
        values["another name"] = missing
    elif names and lower:
        values["a name for a word"] = lower
    elif names:
        values["a new name"] = 1.0
    elif capitals and missing:
        values["a word for a name"] = missing
    elif capitals and lower:
        values["another word"] = lower
    elif capitals:
        values["a new word"] = 1.0
    elif missing:
        values["a name less"] = missing
    elif lower:
        values["a word less"] = lower
    if not values:
        return {}
    # Abbreviations and titles are translated freely: they are cases of their own.
    if (acronyms or ACRONYM in new) and not told:
        values = {f"acronym: {name}": value for name, value in values.items()}
    elif names + capitals > MANY or len(lost) > MANY:
        values = {f"title: {name}": value for name, value in values.items()}
    if not new:
        values["loose words"] = loose
    values["both sides tell"] = float(told > 0 and any(kind == NAME for kind, _ in lost))
    values["more names"] = min(MOST, max(0.0, names - 1.0))
    return values


def _spelled_over(word: Word, source: Sequence[Word], languages: Languages) -> bool:
    """The name is a common word of the source in other letters: the band "Ruki Vverkh"."""
    return any(
        alike(romanized(other.folded, languages.source), word.folded) >= SPELLED_OVER
        for other in source
        if not other.capital and len(other.folded) > 2
    )


def _kind(word: Word, known: Mapping[str, tuple[float, float]]) -> str:
    text = word.text.removesuffix("'s").removesuffix("’s")
    if text.isupper() and len(text) <= LONGEST_ACRONYM:
        return ACRONYM
    return NAME if is_name(word.folded, word.stem, known) else CAPITAL


def _named(word: Word, language: CheckWords, known: Mapping[str, tuple[float, float]]) -> bool:
    """A word with a capital letter; at the beginning of a sentence only if the language ``known`` has it so."""
    return (
        word.capital
        and (not word.initial or (word.stem in known and is_name(word.folded, word.stem, known)))
        and len(word.folded) > 1
        and not word.folded[0].isdecimal()
        and word.content
        and word.folded not in language.not_names
        and word.folded not in language.cardinals
        and word.folded not in language.months
        and word.folded not in language.weekdays
    )


def _loose(found: Evidence) -> float:
    """Provided content words that nothing supports: what may paraphrase a name."""
    count = sum(
        new and word.content and not word.capital
        for word, new in zip(found.provided, found.nowhere, strict=True)
    )
    return min(MOST, float(count))


def _lost(
    found: Evidence, languages: Languages, spelled: Sequence[set[int]]
) -> list[tuple[Word, float]]:
    """Names that systems wrote and the provided text has not, and the share of systems that wrote them."""
    seen: dict[str, tuple[Word, float]] = {}
    for k, theirs in enumerate(found.translated):
        for t, (word, covered) in enumerate(zip(theirs.words, theirs.covered, strict=True)):
            if covered or t in spelled[k] or word.stem in seen:
                continue
            if not _named(word, languages.provided, languages.lexicon.provided):
                continue
            share = sum(
                any(near(word, w) or w.stem == word.stem for w in other.words)
                for other in found.translated
            ) / len(found.translated)
            seen[word.stem] = (word, share if share > 0.5 else 0.0)
    return [(word, share) for word, share in seen.values() if share]


def _fewer(found: Evidence, languages: Languages) -> list[tuple[Word, float]]:
    """Names that every system writes more often than the provided text does."""
    counts = Counter(word.stem for word in found.provided)
    theirs = [Counter(word.stem for word in t.words) for t in found.translated]
    return [
        (word, 1.0)
        for t in found.translated[:1]
        for word in {w.stem: w for w in t.words}.values()
        if _named(word, languages.provided, languages.lexicon.provided)
        and all(c[word.stem] > counts[word.stem] for c in theirs)
    ]


def _spelled_out(found: Evidence, language: CheckWords, system: int) -> tuple[set[int], set[int]]:
    """Positions, here and in a translation, of words that are the other's abbreviation spelled out."""
    theirs = found.translated[system].words
    return (
        _initials(theirs, found.provided) | _abbreviations(theirs, found.provided),
        _initials(found.provided, theirs) | _abbreviations(found.provided, theirs),
    )


def _initials(short: Sequence[Word], full: Sequence[Word]) -> set[int]:
    """Positions of words in ``full`` whose initials are an abbreviation in ``short``."""
    found: set[int] = set()
    capitals = [j for j, word in enumerate(full) if word.capital]
    letters = "".join(full[j].text[0] for j in capitals)
    for word in short:
        if word.text.isupper() and 2 <= len(word.text) <= LONGEST_ACRONYM:
            at = letters.find(word.text)
            if at >= 0:
                found.update(capitals[at : at + len(word.text)])
    return found


def _abbreviations(full: Sequence[Word], short: Sequence[Word]) -> set[int]:
    """Positions of abbreviations in ``short`` that are initials of words in ``full``."""
    letters = "".join(word.text[0] for word in full if word.capital)
    return {
        j
        for j, word in enumerate(short)
        if word.text.isupper() and 2 <= len(word.text) <= LONGEST_ACRONYM and word.text in letters
    }


def _message(gone: Sequence[Word], lost: Sequence[Word], new: Sequence[Word]) -> str:
    missing = quoted([w.text for w in gone] or [w.text for w in lost], 3)
    added = quoted([w.text for w in new], 3)
    if missing and added:
        return f"The name {missing} is not in the translation, which has {added} instead."
    if missing and gone:
        return f"The name {missing} of the source is not in the translation."
    if missing:
        return f"The other translations have the name {missing}, this one has not."
    if added:
        return f"The name {added} is not in the source."
    return ""
