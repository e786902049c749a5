"""What a check sees and what it says."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Protocol

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that looks wrong in a pair.

    Attributes:
        name: the kind: "number", "name", "negation" ...
        severity: "minor" or "major".
        message: one sentence that a translator understands.
        score: how sure, from 0 to 1.
        source_spans: character offsets into the source, (begin, end).
        provided_spans: character offsets into the provided text.
    """

    name: str
    severity: str
    message: str
    score: float
    source_spans: tuple[Span, ...] = ()
    provided_spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class PairFindings:
    """What looks wrong with a pair, and the probability, from 0 to 1, that a reader would mend something in it."""

    findings: tuple[Finding, ...]
    probability: float

    @property
    def names(self) -> tuple[str, ...]:
        """The kinds of the findings, each once."""
        return tuple(dict.fromkeys(finding.name for finding in self.findings))


_FIELDS = tuple(each.name for each in fields(Finding))


def findings_json(findings: Sequence[Finding]) -> str:
    """The cell ``findings`` of every table: a JSON list of {name, severity, message, score, source_spans, provided_spans}."""
    if not findings:
        return "[]"
    # Not `dataclasses.asdict`: it copies each span, a third of the time that a CSV takes.
    rows = [
        {name: getattr(finding, name) for name in _FIELDS} | {"score": round(finding.score, 4)}
        for finding in findings
    ]
    return json.dumps(rows, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check sees of a pair; ``translations`` are by system, and empty where there is none."""

    source: str
    provided: str
    translations: Mapping[str, str] = field(default_factory=dict)


class Check(Protocol):
    """A kind of finding."""

    name: str

    def find(self, pair: Checked) -> Iterable[Finding]:
        """What looks wrong; nothing where nothing does."""
