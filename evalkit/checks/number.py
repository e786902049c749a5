"""Numbers, dates, times, measures: one differs, is missing, or comes from nowhere."""

from __future__ import annotations

from collections.abc import Sequence

from evalkit.checks.base import Checked
from evalkit.checks.numbers import Number, counterparts, numbers
from evalkit.checks.signals import Signals, WeighedCheck, quoted

# A number word below this alone ("two sides") is often put in or left out.
SMALL = 3.0


class NumberCheck(WeighedCheck):
    """Compares values, not spellings; what systems wrote decides where the source is vague."""

    name = "number"

    def signals(self, pair: Checked) -> Signals:
        source = numbers(pair.source, self.languages.source)
        provided = numbers(pair.provided, self.languages.provided)
        if not source and not provided:
            return Signals({})
        systems = [numbers(t, self.languages.provided) for t in pair.translations.values()]
        lacking_at, left_at = counterparts(source, provided)
        lacking = [(source[k], _said(source[k], systems, 1.0)) for k in lacking_at]
        extra = [(provided[j], 1.0 - _said(provided[j], systems, 0.0)) for j in left_at]
        values = _values(lacking, extra)
        measures = _measures(source, provided, systems)
        if measures:
            values["measure"] = 1.0
        gone = [n for n, said in lacking if said > 0.5 and not n.attached and not n.vague]
        new = [n for n, unsaid in extra if unsaid >= 1.0 and not n.vague]
        if not gone and not new:
            gone = [n for n, said in lacking if said > 0.5]
            gone, new = gone + [a for a, _ in measures], [b for _, b in measures]
        return Signals(
            values,
            _message(gone, new, bool(measures)),
            tuple((n.start, n.end) for n in gone),
            tuple((n.start, n.end) for n in new),
        )


def _said(number: Number, systems: Sequence[Sequence[Number]], without: float) -> float:
    """The share of systems that have the number; ``without`` if there are none."""
    if not systems:
        return without
    return sum(any(number.agrees(n) for n in theirs) for theirs in systems) / len(systems)


def _values(
    lacking: Sequence[tuple[Number, float]], extra: Sequence[tuple[Number, float]]
) -> dict[str, float]:
    values: dict[str, float] = {}

    def raise_to(name: str, value: float) -> None:
        values[name] = max(values.get(name, 0.0), value)

    for number, said in lacking:
        if not number.vague and not number.attached:
            raise_to("lacking digits" if number.digits else "lacking words", said)
    for number, unsaid in extra:
        if unsaid < 1.0 or number.vague:
            continue
        small = not number.calendar and max(number.values) < (1.5 if number.digits else SMALL)
        if not number.attached and not small:
            raise_to("new digits" if number.digits else "new words", 1.0)
        for other, said in lacking:
            both = number.digits and other.digits
            raise_to("other digits" if both else "other words", said)
    return values


def _measures(
    source: Sequence[Number], provided: Sequence[Number], systems: Sequence[Sequence[Number]]
) -> list[tuple[Number, Number]]:
    """Equal numbers with another measure, where the systems have the source's."""
    found = []
    for number in source:
        if not number.unit:
            continue
        same = [n for n in provided if number.agrees(n)]
        if not same or any(n.unit in ("", number.unit) for n in same):
            continue
        kept = [any(n.unit == number.unit for n in t if number.agrees(n)) for t in systems]
        if all(kept):
            found.append((number, same[0]))
    return found


def _message(gone: Sequence[Number], new: Sequence[Number], measures: bool) -> str:
    here, there = quoted([n.text for n in gone]), quoted([n.text for n in new])
    if measures and gone and new:
        return f"The measure differs: {here} of the source became {there}."
    if gone and new:
        return f"The source says {here}, the translation {there}."
    if gone:
        return f"The number {here} of the source is not in the translation."
    if new:
        return f"The translation says {there}, which is not in the source."
    return ""
