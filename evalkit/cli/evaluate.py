"""evalkit evaluate: the main job."""

from __future__ import annotations

import shlex
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from evalkit.cli.metric_options import metric_options, seed_option
from evalkit.cli.outputs import carry_out, option_of, to_standard_output
from evalkit.cli.plan_options import glossary_option, plan_from_options, plan_option
from evalkit.cli.reading_options import (
    exit_if_failed,
    reading_options,
    report_failures,
    report_warnings,
)
from evalkit.cli.report_options import report_options, require_csv
from evalkit.cli.running_options import running_options
from evalkit.cli.system_options import system_options
from evalkit.errors import EvalkitError
from evalkit.files.outputs import check_outputs
from evalkit.plan_paths import files_of
from evalkit.plugins import REPORTS

if TYPE_CHECKING:
    from evalkit.flow.result import Evaluation
    from evalkit.plan import Plan

FOLDERS = frozenset({"--mt-metrics-eval"})


@click.command(short_help="Translate the source and score the provided translation.")
@reading_options
@system_options("Repeatable. Default: builtin.")
@metric_options
@click.option(
    "--hypothesis",
    type=click.Choice(["mt", "provided"]),
    default="mt",
    show_default=True,
    help="Which side is the hypothesis: each system's translation (the provided text is the "
    "reference), or the provided text (the translations are the references).",
)
@click.option(
    "--findings",
    is_flag=True,
    help="Say what looks wrong in each pair: a number, a name, a clause left out...",
)
@glossary_option
@click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    metavar="SHARE",
    help="Leave aligned pairs of less confidence out of the corpus scores (0 to 1; 0.5 is half-sure).",
)
@seed_option
@running_options
@plan_option
@report_options
@click.option("--mt-metrics-eval", metavar="FOLDER", help="Write .seg.score and .sys.score files.")
@click.option(
    "--report",
    metavar="KIND=FILE",
    multiple=True,
    help="A report of another kind, from a plug-in. Repeatable.",
)
@click.option("--top", type=click.IntRange(min=0), metavar="N", help="Show only the N worst pairs.")
@click.option("-q", "--quiet", is_flag=True, help="Only the summary, and no progress bars.")
def command(quiet: bool, report: tuple[str, ...], **options: Any) -> None:
    """Translate the source text in PATH (or -s FILE -p FILE), compare the provided translation with
    the machine translations, and report BLEU and chrF for every sentence.

    PATH is a file with both languages, a folder, a quoted glob or an archive; of many files, each is a document.

    \b
    evalkit evaluate article.txt
    evalkit evaluate folder/ 'more/*.docx' --csv scores.csv
    evalkit evaluate -s source.ru -p provided.en --mt opus-mt --csv scores.csv
    evalkit evaluate testset.tsv --mt a=file:a.en --mt b=file:b.en --html report.html
    evalkit evaluate --plan run.json --csv again.csv
    """
    reports = {kind: options.pop(kind.replace("-", "_")) for kind in REPORTS.own}
    plan = _with_reports(plan_from_options(options), reports, report)
    outputs = {option_of(kind): path for kind, path in plan.reporting.reports.items()}
    check_outputs(outputs, files_of(plan, options["plan_file"]), FOLDERS)
    _require_possible(plan)
    if plan.running.shard is not None:
        _run_share(plan, quiet)
        return
    from evalkit.flow.run import run

    show(run(plan, quiet=quiet), plan, quiet)


def show(evaluation: Evaluation, plan: Plan, quiet: bool) -> None:
    """Print the report, write those that the plan asks for, and exit with code 1 if inputs could not be read."""
    from evalkit.report.console import print_report

    report_warnings(evaluation.warnings)
    report_failures(evaluation.failures)
    reports = plan.reporting.reports
    # Of a run in parts the CSV was written part by part.
    written = {"csv"} if evaluation.in_parts else set()
    tasks = [partial(_write, evaluation, plan, kind) for kind in reports if kind not in written]
    if not to_standard_output(reports):
        tasks.insert(0, partial(print_report, evaluation, top=plan.reporting.top, quiet=quiet))
    carry_out(tasks)
    exit_if_failed(evaluation.failures)


def _run_share(plan: Plan, quiet: bool) -> None:
    from evalkit.flow.in_folder import run_share

    done = run_share(plan, quiet=quiet)
    report_warnings(done.share.warnings)
    report_failures(done.share.failures)
    before = f", {done.reused} of which were there before" if done.reused else ""
    click.echo(
        f"Share {done.share.share}/{done.share.shares}: {done.own} of {done.share.parts} parts in {plan.running.out}{before}."
    )
    click.echo(f"When all shares are done: evalkit merge {shlex.quote(str(plan.running.out))} ...")
    exit_if_failed(done.share.failures)


def _require_possible(plan: Plan) -> None:
    """Raise an error for reports that cannot be made of this run, before the work begins."""
    from evalkit.files.parquet import require_pyarrow
    from evalkit.flow.result import SUMMARIES
    from evalkit.report.csv import is_parquet

    reports, running = plan.reporting.reports, plan.running
    if is_parquet(reports.get("csv", "")):
        require_pyarrow(f"writing {reports['csv']}")
    if running.shard is not None and reports:
        raise click.UsageError(
            f"--{next(iter(reports))} is of a whole run: give it to `evalkit merge`, not with --shard"
        )
    if running.out is not None:
        for kind in reports:
            if kind != "csv" and kind not in SUMMARIES:
                raise click.UsageError(
                    f"{option_of(kind)} needs all pairs in memory: not with --out"
                )


def _with_reports(plan: Plan, reports: dict[str, str | None], others: tuple[str, ...]) -> Plan:
    """The plan with the reports asked for beside its own."""
    asked = {kind: path for kind, path in reports.items() if path is not None}
    for other in others:
        kind, equals, path = other.partition("=")
        if not equals or kind not in REPORTS:
            raise click.UsageError(
                f"--report {other}: give KIND=FILE, KIND of {', '.join(REPORTS.names())}"
            )
        asked[kind] = path
    plan = plan.with_options({"reports": {**plan.reporting.reports, **asked}})
    require_csv(plan.reporting.wide, plan.reporting.excel_safe, plan.reporting.reports)
    return plan


def _write(evaluation: Evaluation, plan: Plan, kind: str) -> None:
    reporting = plan.reporting
    options = {"wide": reporting.wide, "excel_safe": reporting.excel_safe} if kind == "csv" else {}
    path = reporting.reports[kind]
    try:
        evaluation.write(kind, path, **options)
    except Exception as error:
        # A writer from outside may raise anything, and must not take the other reports with it.
        if kind in REPORTS.own or isinstance(error, EvalkitError):
            raise
        raise EvalkitError(f"cannot write {path}: {type(error).__name__}: {error}") from error
