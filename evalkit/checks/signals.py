"""What the checks that weigh evidence have in common: signals, a model, a finding above its threshold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from evalkit.checks.base import Checked, Finding, Span
from evalkit.checks.evidence import Languages
from evalkit.checks.weights import level, logistic, weights
from evalkit.checks.words import Word

# Log-odds where there is nothing to weigh.
_FARTHEST = 20.0


@dataclass(slots=True)
class Signals:
    """What speaks for a finding: numbers for the model, and what to show a person.

    ``values`` hold a number for each signal that is not 0.
    """

    values: Mapping[str, float]
    message: str = ""
    source_spans: tuple[Span, ...] = ()
    provided_spans: tuple[Span, ...] = ()
    severity: str = "major"


class WeighedCheck:
    """A check whose finding is as sure as a logistic model of its signals says."""

    name: str

    def __init__(self, languages: Languages) -> None:
        self.languages = languages

    def signals(self, pair: Checked) -> Signals:
        """What speaks for a finding of this kind."""
        raise NotImplementedError

    def weigh(self, pair: Checked) -> tuple[float, Finding | None]:
        """How sure, in log-odds, and the finding if that is enough for one."""
        if not pair.source.strip() or not pair.provided.strip():
            return -_FARTHEST, None
        found = self.signals(pair)
        model = weights(self.name, level(pair.translations))
        log_odds = model.log_odds(found.values)
        if not found.message or log_odds < model.threshold:
            return log_odds, None
        return log_odds, Finding(
            self.name,
            found.severity,
            found.message,
            round(logistic(log_odds), 6),
            found.source_spans,
            found.provided_spans,
        )

    def find(self, pair: Checked) -> Iterator[Finding]:
        """See `Check`."""
        _, finding = self.weigh(pair)
        if finding is not None:
            yield finding


def spans(found: Sequence[Word]) -> tuple[Span, ...]:
    """The places of words, neighbours joined."""
    joined: list[Span] = []
    for word in found:
        if joined and word.start - joined[-1][1] <= 2:
            joined[-1] = (joined[-1][0], word.end)
        else:
            joined.append(word.span)
    return tuple(joined)


def quoted(parts: Sequence[str], most: int = 4) -> str:
    """Words in quotation marks, for a message."""
    shown = ", ".join(f'"{part}"' for part in parts[:most])
    return shown + (" ..." if len(parts) > most else "")


def longest_run(flags: Sequence[bool]) -> tuple[int, int]:
    """(begin, end) of the longest run of true values, where one false value in between does not end it.

    The run is as long as it has true values; (0, 0) if there is none.
    """
    best, best_size = (0, 0), 0
    begin = size = gap = 0
    for k, flag in enumerate(flags):
        if flag:
            if size == 0:
                begin = k
            size, gap = size + 1, 0
            if size > best_size:
                best, best_size = (begin, k + 1), size
        elif size:
            gap += 1
            if gap > 1:
                size = gap = 0
    return best
