"""The table of systems for a paper or a README: Markdown and LaTeX."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from evalkit.files.writing import write_atomically
from evalkit.metrics.base import CORPUS
from evalkit.report.contents import (
    READING_NOTE,
    candidate_name,
    compared_sides,
    coverage,
    interval,
    number,
    signatures,
)
from evalkit.report.printable import printable

if TYPE_CHECKING:
    from evalkit.flow.result import Evaluation

_LATEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "`": r"\textasciigrave{}",
    **{c: f"\\{c}" for c in "&%$#_{}"},
    # At the head of a row LaTeX takes them for options of the line break before it.
    **{c: f"{{{c}}}" for c in "[]*"},
}


def write_markdown(evaluation: Evaluation, path: str | Path) -> None:
    """Write the table of systems with intervals, direction and signatures as Markdown.

    Raises:
        EvalkitError: the file cannot be written.
    """
    names = [card.label for card in evaluation.metrics.values()]
    lines = [
        f"| system | pairs | {' | '.join(names)} |",
        f"|---|--:|{'--:|' * len(names)}",
        *(f"| {' | '.join(row)} |" for row in _rows(evaluation, markdown, "**{}**", " ({})")),
        "",
        f"{compared_sides(evaluation)} Corpus scores with 95% bootstrap intervals. {READING_NOTE}{_left_out(evaluation)}",
        "",
        *(f"- {markdown(name)}: `{signature}`" for name, signature in _signatures(evaluation)),
    ]
    _write(lines, path)


def write_latex(evaluation: Evaluation, path: str | Path) -> None:
    """Write the table of systems as a LaTeX ``table`` (needs the package ``booktabs``).

    Raises:
        EvalkitError: the file cannot be written.
    """
    names = [latex(card.label) for card in evaluation.metrics.values()]
    small = r" {{\footnotesize ({})}}"
    lines = [
        *(f"% {name}: {signature}" for name, signature in _signatures(evaluation)),
        r"\begin{table}",
        r"\centering",
        rf"\begin{{tabular}}{{lr{'r' * len(names)}}}",
        r"\toprule",
        rf"System & Pairs & {' & '.join(names)} \\",
        r"\midrule",
        *(rf"{' & '.join(row)} \\" for row in _rows(evaluation, latex, r"\textbf{{{}}}", small)),
        r"\bottomrule",
        r"\end{tabular}",
        rf"\caption{{{latex(compared_sides(evaluation))} Corpus scores with 95\% bootstrap intervals.{latex(_left_out(evaluation))}}}",
        r"\end{table}",
    ]
    _write(lines, path)


def markdown(text: str) -> str:
    """``text`` with everything Markdown or HTML would take for markup escaped."""
    return re.sub(r"([\\`*_{}\[\]<>|#&~$])", r"\\\1", printable(text))


def latex(text: str) -> str:
    """``text`` with LaTeX's special characters escaped."""
    return "".join(_LATEX.get(c, c) for c in printable(text))


def _rows(
    evaluation: Evaluation, escape: Callable[[str], str], strong: str, spread: str
) -> Iterator[list[str]]:
    """The cells of each system. Strong is what significance tests put in the first cluster."""
    best = _first_cluster(evaluation)
    for _, row in evaluation.systems.iterrows():
        cells = [escape(candidate_name(row["system"])), str(row["segments"])]
        for card in evaluation.metrics.values():
            score = number(row[card.name], card.decimals + 1)
            score = strong.format(score) if (card.name, row["system"]) in best else score
            around = interval(row, card)
            cells.append(score + (spread.format(around) if around else ""))
        yield cells


def _first_cluster(evaluation: Evaluation) -> set[tuple[str, str]]:
    clusters = evaluation.clusters
    if clusters is None:
        return set()
    first = clusters[clusters["cluster"] == clusters["cluster"].min()]
    return set(zip(first["metric"], first["system"], strict=True))


def _signatures(evaluation: Evaluation) -> Iterator[tuple[str, str]]:
    for label, level, signature in signatures(evaluation):
        if level == CORPUS:
            yield printable(label), printable(signature)


def _left_out(evaluation: Evaluation) -> str:
    left_out = coverage(evaluation).left_out
    return f" {left_out[0].upper()}{left_out[1:]}." if left_out else ""


def _write(lines: list[str], path: str | Path) -> None:
    with write_atomically(path) as stream:
        stream.write("\n".join(lines) + "\n")
