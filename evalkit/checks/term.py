"""A term of the glossary without its prescribed translation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from evalkit.checks.base import Checked, Finding
from evalkit.checks.evidence import Languages
from evalkit.checks.glossary import Term
from evalkit.checks.signals import quoted
from evalkit.checks.words import Word, stem, words
from evalkit.languages.words import CheckWords

SCORE = 0.9
Forms = Callable[[str], frozenset[str]]


class TermCheck:
    """Finds terms by their dictionary forms: with pymorphy3 for Russian (extra ``terms``), else by stems.

    A term inside a longer term of the glossary is the longer one's. Terms in capitals only ("ООН") are
    found as they are written.
    """

    name = "term"

    def __init__(self, languages: Languages, glossary: Sequence[Term]) -> None:
        self.languages = languages
        self._source_forms = dictionary_forms(languages.source)
        self._provided_forms = dictionary_forms(languages.provided)
        self._terms: dict[str, list[tuple[Term, tuple[Word, ...]]]] = {}
        for term in glossary:
            parts = words(term.source, languages.source)
            if parts:
                for form in self._source_forms(parts[0].folded):
                    self._terms.setdefault(form, []).append((term, parts))

    def find(self, pair: Checked) -> Iterator[Finding]:
        """See `Check`."""
        source = words(pair.source, self.languages.source)
        provided = words(pair.provided, self.languages.provided)
        found: dict[str, list[tuple[int, int]]] = {}
        terms: dict[str, Term] = {}
        for term, span in self._in_source(source):
            found.setdefault(term.source, []).append(span)
            terms[term.source] = term
        for name, spans in found.items():
            wanted = terms[name].translations
            if any(self._stands_in(provided, translation) for translation in wanted):
                continue
            message = f'The glossary translates "{name}" as {quoted(wanted)}.'
            yield Finding(self.name, "major", message, SCORE, tuple(spans))

    def _in_source(self, source: Sequence[Word]) -> Iterator[tuple[Term, tuple[int, int]]]:
        at = 0
        while at < len(source):
            fits = [
                (term, len(parts))
                for form in sorted(self._source_forms(source[at].folded))
                for term, parts in self._terms.get(form, ())
                if _matches(source[at : at + len(parts)], parts, self._source_forms)
            ]
            if not fits:
                at += 1
                continue
            longest = max(size for _, size in fits)
            span = (source[at].start, source[at + longest - 1].end)
            for term in {t.source: t for t, size in fits if size == longest}.values():
                yield term, span
            at += longest

    def _stands_in(self, provided: Sequence[Word], translation: str) -> bool:
        parts = words(translation, self.languages.provided)
        return any(
            _matches(provided[k : k + len(parts)], parts, self._provided_forms)
            for k in range(len(provided) - len(parts) + 1)
        )


def _matches(found: Sequence[Word], parts: Sequence[Word], forms: Forms) -> bool:
    if len(found) != len(parts):
        return False
    for word, part in zip(found, parts, strict=True):
        if part.text.isupper() and len(part.text) > 1:
            if word.text != part.text:
                return False
        elif word.folded != part.folded and not forms(word.folded) & forms(part.folded):
            return False
    return True


def dictionary_forms(language: CheckWords) -> Forms:
    """A function from a word to its possible dictionary forms, or to its stem where there is no dictionary."""

    @lru_cache(maxsize=65536)
    def by_stem(word: str) -> frozenset[str]:
        return frozenset((stem(word, language),))

    if language.code != "ru":
        return by_stem
    try:
        import pymorphy3
    except ImportError:
        return by_stem
    analyzer = pymorphy3.MorphAnalyzer(lang="ru")

    @lru_cache(maxsize=65536)
    def by_dictionary(word: str) -> frozenset[str]:
        forms = {parse.normal_form.replace("ё", "е") for parse in analyzer.parse(word)}
        return frozenset(forms) or by_stem(word)

    return by_dictionary
