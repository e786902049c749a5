"""The console report."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest

from evalkit.flow.result import Evaluation
from evalkit.metrics import MetricCard, get_metric
from evalkit.report.console import print_report

ESCAPE = "\x1b"


def printed(evaluation: Evaluation, **options) -> str:
    stream = io.StringIO()
    print_report(evaluation, stream=stream, **options)
    return stream.getvalue()


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch):
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def on_a_terminal(evaluation: Evaluation, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("TERM", "xterm-256color")
    stream = Terminal()
    print_report(evaluation, stream=stream, width=80)
    return stream.getvalue()


def test_each_pair_shows_its_texts_scores_and_changed_words(small):
    lines = printed(small, width=80).splitlines()
    at = lines.index("  source    Кошка сидит на окне.")
    assert lines[at + 1] == "  provided  The cat [-sits by-] the window."
    assert lines[at + 2] == "  builtin   The cat {+is sitting on+} the window."
    bleu, chrf = small.segments.loc[0, ["bleu", "chrf"]]
    assert lines[at + 3].split() == ["BLEU", f"{bleu:.1f}", "chrF2", f"{chrf:.1f}"]


def test_pairs_without_a_counterpart_show_their_status_and_no_score(small):
    text = printed(small, width=80)
    for status, sentence in (
        ("provided_only", "This sentence was added."),
        ("source_only", "Это пропустили."),
    ):
        block = next(b for b in text.split("\n\n") if sentence in b)
        assert (
            status in block and "not scored" in block and "BLEU" not in block and "[-" not in block
        )


def test_documents_are_named_once_in_order(small):
    text = printed(small, width=80)
    assert [line for line in text.splitlines() if line.startswith("== ")] == [
        "== a.txt ==",
        "== b.txt ==",
        "== Scores ==",
    ]


def test_the_summary_says_direction_intervals_signatures_counts_notes_and_warnings(small):
    text = " ".join(printed(small, width=80).split())
    row = small.systems.iloc[0]
    assert f"builtin 2 {row['bleu']:.2f} {row['bleu_low']:.1f}–{row['bleu_high']:.1f}" in text
    assert "Hypothesis: each system's translation. Reference: the provided English." in text
    assert "2 paired, 1 provided_only, 1 source_only; 1 flagged (entities 1)" in text
    for level in ("corpus", "sentence"):
        assert all(signature in text for signature in small.signatures[level].values())
    assert "builtin: a small baseline, not a strong system" in text
    assert "b.txt: read as windows-1251" not in text  # a warning: on standard error, see tests/cli
    assert "not that one of them is bad" in text


def test_several_systems_are_ranked_and_the_disputed_pairs_listed(three):
    text = printed(three, width=80)
    assert re.search(r"BLEU +1 +exact 100.00, near", text)
    assert re.search(r"BLEU +2 +far", text)
    first = text.split("Look at these first", 1)[1]
    assert first.index("#6 ") < first.index("#5 ")


def test_long_sentences_do_not_crowd_out_the_numbers_of_the_disputed_pairs(three):
    long = replace(three, pairs=three.pairs.assign(provided=" ".join(["word"] * 90)))
    first = printed(long, width=80, top=0).split("Look at these first", 1)[1]
    assert re.search(r"^ +#6 +5\.2  word word .*…$", first, re.MULTILINE)


def test_the_other_direction_is_said_in_words(three):
    assert "Hypothesis: the provided English." in printed(
        replace(three, hypothesis="provided"), width=80
    )


@pytest.mark.parametrize("width", [80, 160])
def test_lines_fit_the_width(small, three, width):
    long = replace(small, pairs=small.pairs.assign(source=" ".join(["слово"] * 60)))
    for evaluation in (small, three, long):
        text = printed(evaluation, width=width)
        assert max(len(line) for line in text.splitlines()) <= width
        assert not any(line.endswith(" ") for line in text.splitlines())


def test_four_metrics_fit_eighty_columns(three):
    wider = {
        f"{m}{end}": three.systems["bleu"]
        for m in ("chrf++", "ter")
        for end in ("", "_low", "_high")
    }
    four = replace(
        three,
        metrics={n: MetricCard.of(get_metric(n)) for n in ("bleu", "chrf", "chrf++", "ter")},
        systems=three.systems.assign(**wider),
        segments=three.segments.assign(**{"chrf++": 50.0, "ter": 40.0}),
    )
    text = printed(four, width=80)
    assert max(len(line) for line in text.splitlines()) <= 80
    assert re.search(r"^system +pairs +BLEU +chrF2 +chrF2\+\+ +TER$", text, re.MULTILINE)


def test_at_a_wide_terminal_the_scores_stand_beside_the_translation(small):
    line = next(line for line in printed(small, width=160).splitlines() if "is sitting" in line)
    assert "BLEU" in line


def test_what_is_not_a_terminal_gets_plain_text(small):
    text = printed(small, width=80)
    assert ESCAPE not in text
    assert not re.search("[\u2500-\u257f]", text)


def test_a_terminal_gets_colour_instead_of_brackets(small, monkeypatch):
    text = on_a_terminal(small, monkeypatch)
    assert ESCAPE in text and "[-" not in text and "sits by" in text


def test_no_color_is_honoured_and_changed_words_stay_marked(small, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    text = on_a_terminal(small, monkeypatch)
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]", text)
    assert "[-sits by-]" in re.sub(r"\x1b\[[0-9;]*m", "", text)


def test_top_shows_only_the_worst_pairs_worst_first(three):
    scores = three.segments.groupby("pair")["chrf"].mean().sort_values(kind="stable")
    shown = re.findall(r"^#(\d+)", printed(three, width=80, top=2), re.MULTILINE)
    assert shown == [str(p) for p in scores.index[:2]]
    assert not re.findall(r"^#", printed(three, width=80, top=0), re.MULTILINE)


def test_a_large_run_shows_the_worst_and_says_so(build):
    provided = [f"Sentence {'very ' * (i % 7)}long, number {i}." for i in range(60)]
    large = build([("Предложение.", p) for p in provided], {"s": ["Sentence long."] * 60})
    text = printed(large, width=80)
    assert len(re.findall(r"^#\d", text, re.MULTILINE)) == 10
    assert "The 10 of 60 pairs that differ most by chrF2" in " ".join(text.split())


def test_quiet_prints_the_table_of_systems_alone(small):
    assert [line.split()[0] for line in printed(small, width=80, quiet=True).splitlines()] == [
        "system",
        "builtin",
    ]


def test_text_cannot_steer_the_terminal(build):
    hostile = "red \x1b[31mtext\x1b[0m [bold]markup[/bold] \u202egnal :smile:\r\nnext"
    text = printed(build([(hostile, hostile)], {"s": [hostile]}), width=160)
    assert ESCAPE not in text and "\u202e" not in text and "\r" not in text
    assert "red <U+001B>[31mtext<U+001B>[0m [bold]markup[/bold] <U+202E>gnal :smile:⏎⏎next" in text


def test_a_stream_without_cyrillic_gets_question_marks_not_a_crash(small):
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="latin-1")
    print_report(small, stream=stream, width=80)
    assert b"The cat" in raw.getvalue() and b"?" in raw.getvalue()


def test_a_translation_without_provided_text_at_all_is_reported(build):
    empty = build([("Текст.", "")], {"s": ["Text."]})
    systems = small_systems(empty)
    text = printed(replace(empty, systems=systems), width=80)
    assert "0 paired, 0 provided_only, 1 source_only" in text and "nan" not in text


def small_systems(evaluation: Evaluation):
    """A system of which nothing could be scored has no corpus score."""
    import pandas as pd

    columns = [f"{m}{end}" for m in evaluation.metrics for end in ("", "_low", "_high")]
    return pd.DataFrame(
        [{"system": "s", "spec": "x", "segments": 0, **dict.fromkeys(columns, float("nan"))}]
    )
