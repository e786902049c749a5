"""Two files of as many lines, a paragraph a line: sentences are found and aligned within each line."""

from __future__ import annotations

import pytest

from evalkit import evaluate
from evalkit.flow.alignment import align_input
from evalkit.plan import Plan


@pytest.fixture
def files(read_wmt21, write):
    """The first 60 sentences of WMT21, three a line, blank lines between; and the lines."""
    sides = []
    for name, file in (("source.ru", "p.ru"), ("reference.A.en", "p.en")):
        lines = read_wmt21(name)[:60]
        made = [" ".join(lines[k : k + 3]) for k in range(0, 60, 3)]
        sides.append((write(file, "\n\n".join(made) + "\n"), made))
    return sides


def plan_of(files, **options) -> Plan:
    (source, _), (provided, _) = files
    return Plan(source=str(source), provided=(str(provided),)).with_options(options)


def test_sentences_are_aligned_within_their_lines_and_it_is_said(files):
    found = align_input(plan_of(files))
    (warning,) = found.warnings
    assert "most lines have several sentences" in warning and "--align lines" in warning
    (_, pairs), *others = found.documents
    assert not others and len(pairs) > 40
    lines = {1 + 2 * k for k in range(20)}
    for pair in pairs:
        sides = {line for line in (pair.source_line, pair.provided_line) if line}
        assert len(sides) == 1 and sides <= lines


def test_no_text_is_lost_or_moved_to_another_line(files):
    ((_, pairs),) = align_input(plan_of(files)).documents
    for side in (0, 1):
        for number, whole in enumerate(files[side][1]):
            line = 2 * number + 1
            own = [
                (pair.provided[0] if side else pair.source)
                for pair in pairs
                if line in (pair.source_line, pair.provided_line)
            ]
            assert "".join("".join(own).split()) == "".join(whole.split())


def test_align_lines_takes_whole_lines(files):
    found = align_input(plan_of(files, align="lines"))
    assert found.warnings == ()
    ((document, pairs),) = found.documents
    assert len(document.rows) == len(pairs) == 20
    assert {pair.alignment for pair in pairs} == {"1-1"}


def test_translations_recorded_a_line_each_keep_the_lines(files, write):
    (source, _), (provided, made) = files
    system = write("mt.en", "\n\n".join(made) + "\n")
    evaluation = evaluate(
        source=source, provided=provided, mt=f"mt=file:{system}", metrics=["bleu"]
    )
    assert len(evaluation.pairs) == 20 and evaluation.systems["bleu"].item() == pytest.approx(100)
    (warning,) = evaluation.warnings
    assert "scored line by line, as the recorded translations are" in warning


def test_sentences_a_line_are_left_alone(read_wmt21, write):
    """One in ten lines of WMT21 has two sentences."""
    source = write("a.ru", "\n".join(read_wmt21("source.ru")) + "\n")
    provided = write("a.en", "\n".join(read_wmt21("reference.A.en")) + "\n")
    found = align_input(Plan(source=str(source), provided=(str(provided),)))
    assert found.warnings == ()
    assert sum(len(document.rows) for document, _ in found.documents) == 1000
