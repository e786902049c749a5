"""Texts of equal counts that slip against each other are told, with the line."""

from __future__ import annotations

import subprocess
import sys

import pytest

from evalkit import evaluate
from evalkit.checks.parallel import SOURCE_COST, SourceFits, find_slip
from evalkit.data import Slip
from evalkit.flow.alignment import align_input
from evalkit.flow.counts import SLIP_COST, chrf_fits, slip_note
from evalkit.languages import language_pair
from evalkit.plan import Plan

PAIR = language_pair("ru-en")


def without(lines: list[str], k: int) -> list[str]:
    """Line k is missing, and one more stands at the end."""
    return [*lines[:k], *lines[k + 1 :], "That is all."]


def with_heading(lines: list[str], k: int) -> list[str]:
    """A line is added at k, and the last is lost."""
    return [*lines[:k], "A heading that was not there", *lines[k:-1]]


@pytest.mark.parametrize(("change", "by"), [(without, -1), (with_heading, 1)])
@pytest.mark.parametrize("k", [0, 123, 500, 900])
def test_names_and_numbers_tell_the_line(read_wmt21, change, by, k):
    source, provided = read_wmt21("source.ru"), change(read_wmt21("reference.A.en"), k)
    slip = find_slip(source, provided, SourceFits(PAIR), SOURCE_COST)
    assert slip is not None and slip.by == by
    assert slip.line == pytest.approx(k + 1, abs=2)


@pytest.mark.parametrize(("change", "by"), [(without, -1), (with_heading, 1)])
@pytest.mark.parametrize("k", [0, 500, 990])
def test_translations_tell_it_too(read_wmt21, wmt21_systems, change, by, k):
    provided = change(read_wmt21("reference.A.en"), k)
    slip = find_slip(wmt21_systems["AFRL"], provided, chrf_fits, SLIP_COST)
    assert slip is not None and slip.by == by
    assert slip.line == pytest.approx(k + 1, abs=2)


def test_parallel_texts_are_not_doubted(read_wmt21, wmt21_systems):
    source, provided = read_wmt21("source.ru"), read_wmt21("reference.A.en")
    assert find_slip(source, provided, SourceFits(PAIR), SOURCE_COST) is None
    for system in ("AFRL", "Online-W"):
        assert find_slip(wmt21_systems[system], provided, chrf_fits, SLIP_COST) is None


def test_two_lines_that_change_places_are_no_slip(read_wmt21):
    provided = read_wmt21("reference.A.en")
    provided[40], provided[41] = provided[41], provided[40]
    assert find_slip(read_wmt21("source.ru"), provided, SourceFits(PAIR), SOURCE_COST) is None


@pytest.mark.parametrize("count", [0, 1, 2])
def test_next_to_nothing_slips_not(count):
    lines = ["Wien 1900", "Rom 1950"][:count]
    assert find_slip(lines, lines[::-1], SourceFits(PAIR), SOURCE_COST) is None


def test_two_files_are_looked_at_before_anything_is_translated(read_wmt21, write):
    source = write("a.ru", "\n".join(read_wmt21("source.ru")[:300]) + "\n")
    provided = without(read_wmt21("reference.A.en")[:300], 150)
    provided = write("a.en", "\n".join(provided) + "\n")
    found = align_input(Plan(source=str(source), provided=(str(provided),)))
    (warning,) = found.warnings
    assert "look shifted from line 15" in warning and "a line earlier" in warning


def test_a_table_is_looked_at_once_it_is_translated(read_wmt21, wmt21_systems):
    """The names say nothing here; the translations do."""
    provided = without([line.lower() for line in read_wmt21("reference.A.en")[:100]], 50)
    evaluation = evaluate(
        source=[line.lower() for line in read_wmt21("source.ru")[:100]],
        provided=provided,
        translations={"mt": wmt21_systems["Online-W"][:100]},
        metrics=["bleu"],
    )
    (warning,) = evaluation.warnings
    assert "look shifted from line 5" in warning


def test_a_slip_knows_its_direction():
    names = [f"Im Jahr {1800 + k} kam Herr N{'abcdefghij'[k]}mmer" for k in range(10)]
    slip = find_slip(names, [names[0], "x", *names[1:-1]], SourceFits(PAIR), SOURCE_COST)
    assert slip == Slip(2, 1)


@pytest.mark.parametrize("k", [0, 400, 970])
def test_scores_against_a_slipped_reference_are_warned_of(read_wmt21, wmt21_systems, write, k):
    reference = write("r.en", "\n".join(without(read_wmt21("reference.A.en"), k)) + "\n")
    systems = [
        write(f"{name}.en", "\n".join(wmt21_systems[name]) + "\n") for name in ("AFRL", "Online-W")
    ]
    for command, inputs in (("score", systems[:1]), ("compare", systems)):
        trials = ["--paired-n", "10"] if command == "compare" else ["-q"]
        arguments = [command, str(reference), "-i", *map(str, inputs), "-m", "bleu", *trials]
        result = subprocess.run(
            [sys.executable, "-m", "evalkit", *arguments], capture_output=True, text=True
        )
        assert result.returncode == 0, result.stderr
        warnings = [line for line in result.stderr.splitlines() if "warning" in line]
        assert len(warnings) == len(inputs)
        for warning in warnings:
            line = int(warning.partition("look shifted from line ")[2].split()[0])
            assert line == pytest.approx(k + 1, abs=2)


def test_scores_against_the_reference_itself_are_not(read_wmt21, wmt21_systems):
    for lines in wmt21_systems.values():
        assert slip_note(lines, read_wmt21("reference.A.en"), "a", "b") == ""
