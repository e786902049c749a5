"""All checks over pairs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from evalkit.checks.addition import AdditionCheck
from evalkit.checks.base import Check, Checked, Finding
from evalkit.checks.end import EndCheck
from evalkit.checks.evidence import Languages
from evalkit.checks.glossary import Term
from evalkit.checks.markup import MarkupCheck
from evalkit.checks.name import NameCheck
from evalkit.checks.negation import NegationCheck
from evalkit.checks.number import NumberCheck
from evalkit.checks.omission import MismatchCheck, OmissionCheck
from evalkit.checks.repeated import RepeatedCheck
from evalkit.checks.signals import WeighedCheck
from evalkit.checks.term import TermCheck
from evalkit.checks.untranslated import UntranslatedCheck
from evalkit.languages.words import CheckWords

# In this order findings of a pair are given.
WEIGHED: tuple[type[WeighedCheck], ...] = (
    MismatchCheck,
    OmissionCheck,
    AdditionCheck,
    NumberCheck,
    NameCheck,
    NegationCheck,
)
# What a text of another sentence is not blamed for besides.
_IMPLIED = frozenset(("omission", "addition", "name", "number"))


@dataclass(frozen=True, slots=True)
class Examined:
    """What the checks say of a pair.

    Attributes:
        findings: those sure enough to be shown.
        log_odds: of each check that weighs evidence, how sure it is, shown or not; for the triage.
    """

    findings: tuple[Finding, ...] = ()
    log_odds: Mapping[str, float] = field(default_factory=dict)


def default_checks(
    source: CheckWords, provided: CheckWords, glossary: Sequence[Term] = ()
) -> tuple[Check, ...]:
    """All kinds of checks of single pairs; `inconsistent` is a function of its own, over many."""
    languages = Languages.of(source, provided)
    checks: list[Check] = [kind(languages) for kind in WEIGHED]
    checks += [
        UntranslatedCheck(languages),
        EndCheck(),
        RepeatedCheck(languages),
        MarkupCheck(),
    ]
    if glossary:
        checks.append(TermCheck(languages, glossary))
    return tuple(checks)


def examine(pair: Checked, checks: Iterable[Check]) -> Examined:
    """What is wrong with a pair. A pair without source or without provided text has no finding."""
    found: list[Finding] = []
    log_odds: dict[str, float] = {}
    for check in checks:
        if isinstance(check, WeighedCheck):
            log_odds[check.name], finding = check.weigh(pair)
            if finding is not None:
                found.append(finding)
        else:
            found.extend(check.find(pair))
    return Examined(_without_implied(found), log_odds)


def _without_implied(found: Sequence[Finding]) -> tuple[Finding, ...]:
    """A text of another sentence is not blamed for what is left out besides, unless that is surer."""
    mismatch = next((f for f in found if f.name == "mismatch"), None)
    if mismatch is None:
        return tuple(found)
    surer = [f for f in found if f.name in ("omission", "addition") and f.score > mismatch.score]
    if surer:
        return tuple(f for f in found if f is not mismatch)
    return tuple(f for f in found if f.name not in _IMPLIED)
