"""How the sentence ends: a question, an exclamation, a full stop."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evalkit.checks.base import Checked, Finding

_CLOSING = " \t\n\u00a0\"'”“’‘»«)]}„*_"
_STOPS = ".!?…。;:"
_INTERROBANG = re.compile(r"[?!]")
# A question is never lost on purpose; exclamations and full stops are.
QUESTION, EXCLAMATION, STOP = 0.9, 0.5, 0.7


class EndCheck:
    """Compares the marks; where a system ends as the provided text does, nothing is said."""

    name = "end"

    def find(self, pair: Checked) -> Iterator[Finding]:
        """See `Check`."""
        source, provided = _end(pair.source), _end(pair.provided)
        if not source or not provided or source == provided:
            return
        systems = [(_end(text), text) for text in pair.translations.values()]
        if any(end == provided for end, _ in systems):
            return
        span = ((max(0, len(pair.provided.rstrip()) - 1), len(pair.provided.rstrip())),)
        asked, asks = "?" in pair.source, "?" in pair.provided
        if asked and not asks and source == "?" and all("?" in text for _, text in systems):
            message = "The source asks a question, the translation does not."
            yield Finding(self.name, "major", message, QUESTION, provided_spans=span)
        elif provided == "?" and not asked:
            message = "The translation asks a question, the source does not."
            yield Finding(self.name, "major", message, QUESTION, provided_spans=span)
        elif provided == "!" and "!" not in pair.source:
            message = "The translation exclaims, the source does not."
            yield Finding(self.name, "minor", message, EXCLAMATION, provided_spans=span)
        elif source == "!" and "!" not in pair.provided and systems:
            message = "The source exclaims, the translation does not."
            yield Finding(self.name, "minor", message, EXCLAMATION, provided_spans=span)
        elif source in _STOPS and provided == "word" and source not in ";:":
            if _abbreviated(pair.source) and not systems:
                return
            message = f'The source ends with "{source}", the translation without a mark.'
            yield Finding(self.name, "minor", message, STOP, provided_spans=span)


def _end(text: str) -> str:
    """The last mark, "word" where there is none, "" for an empty text."""
    bare = text.rstrip(_CLOSING)
    if not bare:
        return ""
    if bare[-1] in "?!":
        # "?!" asks, "?.." too.
        return "?" if "?" in bare[-2:] else "!"
    if bare.endswith("?..") or bare.endswith("!.."):
        return bare[-3]
    if bare[-1] == "…" or bare.endswith("..."):
        return "."
    return "word" if bare[-1].isalnum() else bare[-1]


def _abbreviated(text: str) -> bool:
    """The full stop may belong to an abbreviation: "2020 г.", "5 тыс. руб."."""
    last = text.rstrip(_CLOSING).rstrip(".").rsplit(None, 1)[-1:]
    return bool(last) and len(last[0]) <= 3
