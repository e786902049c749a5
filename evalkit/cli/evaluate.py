"""evalkit evaluate: the main job."""

from __future__ import annotations

from typing import Any

import click

from evalkit.cli.metric_options import metric_options, metrics_from_options
from evalkit.cli.reading_options import read_corpus, reading_options
from evalkit.cli.system_options import memory_from_options, system_options, systems_from_options


@click.command(short_help="Translate the source and score the provided translation.")
@reading_options
@system_options("Repeatable. Default: builtin.")
@metric_options
@click.option(
    "--hypothesis",
    type=click.Choice(["mt", "provided"]),
    default="mt",
    show_default=True,
    help="Which side is the hypothesis: each system's translation (the provided English is the "
    "reference), or the provided English (the translations are the references).",
)
@click.option("--csv", metavar="FILE", help="One row a pair and system; Parquet by suffix.")
@click.option("--wide", is_flag=True, help="In the CSV, one row a pair.")
@click.option("--excel-safe", is_flag=True, help="Guard cells a spreadsheet would run as formulas.")
@click.option("--json", metavar="FILE", help="The manifest: enough to repeat the run.")
@click.option("--html", metavar="FILE", help="A self-contained report for the browser.")
@click.option("--markdown", metavar="FILE", help="The table of systems as Markdown.")
@click.option("--latex", metavar="FILE", help="The table of systems as LaTeX.")
@click.option("--mt-metrics-eval", metavar="FOLDER", help="Write .seg.score and .sys.score files.")
@click.option("--top", type=click.IntRange(min=0), metavar="N", help="Show only the N worst pairs.")
@click.option("-q", "--quiet", is_flag=True, help="Only the summary, and no progress bars.")
def command(
    hypothesis: str,
    csv: str | None,
    wide: bool,
    excel_safe: bool,
    json: str | None,
    html: str | None,
    markdown: str | None,
    latex: str | None,
    mt_metrics_eval: str | None,
    top: int | None,
    quiet: bool,
    **options: Any,
) -> None:
    """Translate the Russian in DOCUMENT (or -s FILE -p FILE), compare the provided English with
    the translations, and report BLEU and chrF for every sentence.

    \b
    evalkit evaluate article.txt
    evalkit evaluate -s source.ru -p provided.en --mt opus-mt --csv scores.csv
    evalkit evaluate testset.tsv --mt a=file:a.en --mt b=file:b.en --html report.html
    """
    from evalkit.flow import choose_systems, evaluate_corpus
    from evalkit.report.console import print_report

    if (wide or excel_safe) and not csv:
        raise click.UsageError("--wide and --excel-safe are about the CSV: give --csv FILE too")
    settings = {name: value for name, value in options.items() if value not in (None, (), False)}
    corpus = read_corpus(options)
    systems = choose_systems(corpus, options["mt"], lambda s: systems_from_options(s, options))
    with memory_from_options(options) as memory:
        evaluation = evaluate_corpus(
            corpus,
            systems,
            metrics_from_options(options),
            hypothesis=hypothesis,
            memory=memory,
            presplit=options["presplit"],
            quiet=quiet,
            settings=settings | {"hypothesis": hypothesis},
        )
    # The report goes first: when a file cannot be written, the result has been seen all the same.
    print_report(evaluation, top=top, quiet=quiet)
    if csv:
        evaluation.to_csv(csv, wide=wide, excel_safe=excel_safe)
    if json:
        evaluation.to_json(json)
    if html:
        evaluation.to_html(html)
    if markdown:
        evaluation.to_markdown(markdown)
    if latex:
        evaluation.to_latex(latex)
    if mt_metrics_eval:
        evaluation.to_mt_metrics_eval(mt_metrics_eval)
