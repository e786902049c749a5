"""Words of the source that were left as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evalkit.checks.base import Checked, Finding
from evalkit.checks.evidence import Languages
from evalkit.checks.signals import quoted
from evalkit.checks.sounds import romanized
from evalkit.checks.words import fold, words

# Letters spelled in the other alphabet prove nothing in a shorter word.
SHORTEST_SPELLED = 5
IN_SCRIPT, COPIED, SPELLED, WHOLE = 0.98, 0.8, 0.7, 0.99


class UntranslatedCheck:
    """Words in the source's script, words copied though the systems translate them, words only spelled over."""

    name = "untranslated"

    def __init__(self, languages: Languages) -> None:
        self.languages = languages
        source, provided = languages.source.letters, languages.provided.letters
        self._other_script = source != provided
        self._foreign = re.compile(rf"[^\W\d_]*[{source}][\w-]*", re.IGNORECASE)
        # Addresses of sites and of mail are in any script.
        self._address = re.compile(r"\S*(?:@|://|www\.|\w\.\w)\S*")

    def find(self, pair: Checked) -> Iterator[Finding]:
        """See `Check`."""
        if not pair.provided.strip():
            return
        if self._other_script:
            yield from self._in_script(pair)
            yield from self._spelled(pair)
        else:
            yield from self._copied(pair)

    def _in_script(self, pair: Checked) -> Iterator[Finding]:
        if pair.provided.isascii() or not self._foreign.search(pair.provided):
            return
        addresses = [m.span() for m in self._address.finditer(pair.provided)]
        found = [
            match
            for match in self._foreign.finditer(pair.provided)
            if not any(a <= match.start() < b for a, b in addresses)
            and not self._agreed(match[0], pair)
        ]
        if not found:
            return
        spans = tuple(match.span() for match in found)
        letters = sum(c.isalpha() for c in pair.provided)
        if sum(len(match[0]) for match in found) > letters * 0.7:
            message = "The text was not translated."
            yield Finding(self.name, "major", message, WHOLE, provided_spans=spans)
            return
        shown = quoted([match[0] for match in found])
        mixed = any(match[0][0].isascii() or match[0][-1].isascii() for match in found)
        what = "has letters of the source's script" if mixed else "was not translated"
        yield Finding(self.name, "major", f"{shown} {what}.", IN_SCRIPT, provided_spans=spans)

    def _agreed(self, word: str, pair: Checked) -> bool:
        """Every system left the word as it is."""
        systems = pair.translations.values()
        return bool(systems) and all(word in text for text in systems)

    def _spelled(self, pair: Checked) -> Iterator[Finding]:
        """Small letters, unknown to the language, and a source word letter by letter: "gubernator"."""
        known = self.languages.lexicon.provided
        if not known:
            return
        unknown = [
            word
            for word in words(pair.provided, self.languages.provided)
            if word.stem not in known
            and len(word.text) >= SHORTEST_SPELLED
            and word.text.islower()
            and "'" not in word.folded
        ]
        if not unknown:
            return
        spelled = {
            romanized(word.folded, self.languages.source): word
            for word in words(pair.source, self.languages.source)
            if not word.text[0].isascii()
        }
        for word in unknown:
            theirs = spelled.get(word.folded)
            if theirs is None or any(word.folded in t.lower() for t in pair.translations.values()):
                continue
            message = f'"{word.text}" only spells "{theirs.text}" in other letters.'
            yield Finding(self.name, "minor", message, SPELLED, (theirs.span,), (word.span,))

    def _copied(self, pair: Checked) -> Iterator[Finding]:
        """Where both languages share a script: words that all systems translate and the text has not."""
        if not pair.translations:
            return
        source = {w.folded for w in words(pair.source, self.languages.source) if not w.capital}
        systems = [
            {w.folded for w in words(t, self.languages.provided)}
            for t in pair.translations.values()
        ]
        copied = [
            word
            for word in words(pair.provided, self.languages.provided)
            if word.folded in source
            and len(word.folded) >= SHORTEST_SPELLED
            and not word.folded[0].isdecimal()
            and word.folded == fold(word.text, self.languages.source)
            and not any(word.folded in theirs for theirs in systems)
        ]
        if copied:
            message = f"{quoted([w.text for w in copied])} was not translated."
            spans = tuple(w.span for w in copied)
            yield Finding(self.name, "major", message, COPIED, provided_spans=spans)
