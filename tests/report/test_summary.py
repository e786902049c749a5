"""Markdown and LaTeX tables, mt-metrics-eval files, plots, the notebook fragment."""

from __future__ import annotations

import math
import subprocess
import sys
from dataclasses import replace

import pandas as pd
import pytest

from evalkit.errors import InputError
from evalkit.flow.result import ALL_SYSTEMS
from evalkit.report.printable import printable
from evalkit.report.summary import latex, markdown

SPECIAL = r"a_b|c*d\e&f$g#h%i{j}k~l^m<n>`o`"


def test_the_markdown_table_has_a_row_a_system_with_intervals_and_signatures(three, tmp_path):
    three.to_markdown(tmp_path / "out.md")
    lines = (tmp_path / "out.md").read_text("utf-8").splitlines()
    row = three.systems.iloc[1]
    assert lines[0] == "| system | pairs | BLEU | chrF2 |"
    assert lines[3] == (
        f"| near | 6 | **{row['bleu']:.2f}** ({row['bleu_low']:.1f}–{row['bleu_high']:.1f})"
        f" | **{row['chrf']:.2f}** ({row['chrf_low']:.1f}–{row['chrf_high']:.1f}) |"
    )
    assert "**" not in lines[4]
    assert any(three.signatures["corpus"]["chrf"] in line for line in lines)


def test_markdown_is_escaped():
    from markdown_it import MarkdownIt

    html = (
        MarkdownIt("commonmark", {"html": True})
        .enable("table")
        .render(f"| {markdown(SPECIAL)} | b |\n|---|---|\n| <b> | {markdown('<img src=x>')} |\n")
    )
    cells = html.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert f"<th>{SPECIAL}</th>" in cells and "<td>&lt;img src=x&gt;</td>" in html


def test_the_latex_table_is_escaped_and_balanced(three, tmp_path):
    named = replace(
        three,
        systems=three.systems.assign(system=[SPECIAL, "near", "far"]),
        clusters=three.clusters.replace({"system": {"exact": SPECIAL}}),
    )
    named.to_latex(tmp_path / "out.tex")
    text = (tmp_path / "out.tex").read_text("utf-8")
    body = text[text.index(r"\begin{table}") :]
    assert latex(SPECIAL) in body and r"\textbf{" in body
    assert latex("50% & #1_x{y}$") == r"50\% \& \#1\_x\{y\}\$"
    unescaped = body.replace(r"\{", "").replace(r"\}", "")
    assert unescaped.count("{") == unescaped.count("}")
    rows = [line for line in body.splitlines() if line.endswith(r"\\")]
    assert len(rows) == 4 and all(r.replace(r"\&", "").count("&") == 3 for r in rows)


def test_mt_metrics_eval_files_hold_tab_separated_scores_grouped_by_system(three, tmp_path):
    three.to_mt_metrics_eval(tmp_path / "new" / "folder")
    folder = tmp_path / "new" / "folder"
    assert sorted(p.name for p in folder.iterdir()) == [
        f"{m}-refA.{level}.score" for m in ("BLEU", "chrF2") for level in ("seg", "sys")
    ]
    rows = [line.split("\t") for line in (folder / "chrF2-refA.seg.score").read_text().splitlines()]
    assert [r[0] for r in rows] == ["exact"] * 6 + ["near"] * 6 + ["far"] * 6
    far = three.segments[three.segments["system"] == "far"]
    assert [float(r[1]) for r in rows[12:]] == far["chrf"].tolist()
    corpus = dict(line.split("\t") for line in (folder / "BLEU-refA.sys.score").open())
    assert {k: float(v) for k, v in corpus.items()} == three.systems.set_index("system")[
        "bleu"
    ].to_dict()


def test_mt_metrics_eval_leaves_out_what_has_no_score_and_names_all_references(build, tmp_path):
    rows = [("Раз.", "One."), ("", "Added."), ("Два.", "Two.")]
    evaluation = build(rows, {"my system": ["One.", "", "Two!"]}, more_provided=["1.", "+", "2."])
    evaluation.to_mt_metrics_eval(tmp_path)
    lines = (tmp_path / "BLEU-refA.refB.seg.score").read_text().splitlines()
    assert [line.split("\t")[0] for line in lines] == ["my_system", "my_system"]


def test_mt_metrics_eval_of_the_provided_text_has_a_file_a_reference_system(three, tmp_path):
    systems = three.systems.assign(system=["a-b", "a.b", ALL_SYSTEMS])
    names = dict(zip(three.systems["system"], systems["system"], strict=True))
    segments = three.segments.assign(system=three.segments["system"].map(names))
    replace(three, hypothesis="provided", systems=systems, segments=segments).to_mt_metrics_eval(
        tmp_path
    )
    assert {p.name for p in tmp_path.glob("chrF2*sys*")} == {
        "chrF2-a_b.sys.score",
        "chrF2-a_b_.sys.score",
        "chrF2-all.sys.score",
    }
    assert (tmp_path / "chrF2-all.sys.score").read_text().startswith("provided\t")


@pytest.mark.parametrize("kind", ["distribution", "metrics", "systems"])
def test_plots_show_every_system_or_pair_of_systems(three, kind):
    matplotlib = pytest.importorskip("matplotlib", reason="needs evalkit[plot]")
    matplotlib.use("Agg")
    axes = three.plot(kind)
    labels = axes.get_legend_handles_labels()[1]
    assert labels == (["near", "far"] if kind == "systems" else ["exact", "near", "far"])
    if kind == "metrics":
        x, y = axes.collections[2].get_offsets().T
        far = three.segments[three.segments["system"] == "far"]
        assert x.tolist() == far["bleu"].tolist() and y.tolist() == far["chrf"].tolist()
    matplotlib.pyplot.close("all")


def test_a_plot_that_cannot_be_drawn_says_why(three, small):
    for evaluation, arguments, expected in (
        (three, ("pie",), "distribution, metrics, systems"),
        (three, ("distribution", "comet"), "bleu, chrf"),
        (small, ("systems",), "needs two"),
    ):
        with pytest.raises(InputError, match=expected):
            evaluation.plot(*arguments)


@pytest.mark.parametrize(
    ("module", "call", "extra"),
    [
        ("matplotlib", "evaluation.plot()", "plot"),
        ("pyarrow", "evaluation.to_csv('x.parquet')", "parquet"),
    ],
)
def test_a_missing_library_names_the_extra_that_has_it(
    three, tmp_path, module, call, extra, monkeypatch
):
    monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=rf"evalkit\[{extra}\]"):
        eval(call, {"evaluation": three})
    assert not list(tmp_path.iterdir())


def test_the_notebook_fragment_shows_scores_and_worst_pairs_and_escapes_text(build):
    evaluation = build(
        [("<b>Текст</b>", "<script>alert(1)</script> one")], {"<i>s</i>": ["<img src=x> two"]}
    )
    html = evaluation._repr_html_()
    for markup in ("<script", "<img", "<i>", "<b>Текст"):
        assert markup not in html
    assert "&lt;i&gt;s&lt;/i&gt;" in html
    assert f"{evaluation.systems.loc[0, 'bleu']:.2f}" in html
    assert "<ins>" in html and "<del>" in html


def test_reports_import_neither_torch_nor_transformers_nor_matplotlib():
    program = (
        "import sys, evalkit.report.html, evalkit.report.console, evalkit.report.csv, evalkit.report.plot\n"
        "print([m for m in ('torch', 'transformers', 'matplotlib', 'pyarrow.parquet') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_scores_that_do_not_exist_are_dashes_everywhere(three, tmp_path):
    nothing = three.systems.assign(
        **{c: math.nan for c in three.systems.columns if c not in ("system", "spec", "segments")}
    )
    empty = replace(three, systems=nothing, clusters=None, comparison=None)
    empty.to_markdown(tmp_path / "m.md")
    empty.to_latex(tmp_path / "l.tex")
    empty.to_html(tmp_path / "h.html")
    assert "nan" not in (tmp_path / "m.md").read_text("utf-8").lower()
    assert "nan" not in (tmp_path / "l.tex").read_text("utf-8").lower()
    assert "nan" not in empty._repr_html_()
    assert isinstance(empty.systems, pd.DataFrame)


def test_what_begins_a_row_is_no_option_of_the_line_break_before_it():
    assert latex("[x]*") == "{[}x{]}{*}"
    assert latex("a\n% b") == latex(printable("a\n% b")) and "\n" not in latex("a\n% b")
