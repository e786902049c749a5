"""evalkit compare: which of several systems is better, and whether that is more than chance."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import click

from evalkit.cli.metric_options import SeveralValues, sacrebleu_metric_options, seed_option
from evalkit.cli.outputs import carry_out, to_standard_output
from evalkit.cli.plan_options import plan_from_options
from evalkit.cli.system_options import model_options
from evalkit.cli.text_lines import check_needs, encoding_option, open_lines, system_names
from evalkit.files.outputs import check_outputs

_TRIALS = click.IntRange(min=1)


@click.command(cls=SeveralValues, short_help="Rank several systems, with significance tests.")
@click.argument("references", nargs=-1, metavar="[REFERENCE...]")
@click.option(
    "-r", "--reference", multiple=True, metavar="FILE", help="Reference, line-parallel. Repeatable."
)
@click.option(
    "-i",
    "--input",
    "inputs",
    multiple=True,
    metavar="FILE",
    help="The translation of one system, one sentence a line. Repeatable.",
)
@click.option("--source", metavar="FILE", help="Source, line-parallel: for metrics that need it.")
@encoding_option
@sacrebleu_metric_options
@model_options
@click.option(
    "-par",
    "--paired-ar",
    is_flag=True,
    help="Test by approximate randomization only. Default: by this and by bootstrap.",
)
@click.option("-pbs", "--paired-bs", is_flag=True, help="Test by paired bootstrap only.")
@click.option(
    "-parn", "--paired-ar-n", type=_TRIALS, default=10000, show_default=True, help="Trials."
)
@click.option(
    "-pbsn", "--paired-bs-n", type=_TRIALS, default=1000, show_default=True, help="Resamples."
)
@click.option("--paired-n", type=_TRIALS, help="Trials of whichever test is made.")
@click.option("--baseline", metavar="SYSTEM", help="Test only the differences from this system.")
@click.option("--sacrebleu-p", is_flag=True, help="Print sacreBLEU's own p-values too.")
@seed_option
@click.option(
    "--csv", metavar="FILE", help="Write all differences and p-values; - is standard output."
)
@click.option("--json", metavar="FILE", help="Write everything; - likewise.")
@click.option("--markdown", metavar="FILE", help="Write the ranking as Markdown; - likewise.")
@click.option("--latex", metavar="FILE", help="Write the ranking as LaTeX; - likewise.")
@click.option(
    "-w",
    "--width",
    type=click.IntRange(0, 15),
    help="Decimals; by default as suits the metric.",
)
def command(**options: Any) -> None:
    """Rank systems by corpus score against REFERENCE files, test every difference, and group the
    systems that cannot be told apart (p < 0.05).

    A system is called by its file name without folder and suffix.

    \b
    evalkit compare -r reference.en -i a.en b.en c.en
    evalkit compare -r a.en b.en -i ours.en theirs.en -m bleu chrf --paired-ar
    evalkit compare reference.en -i ours.en theirs.en --baseline theirs
    """
    references = [*options["references"], *options["reference"]]
    inputs = options["inputs"]
    _check(references, inputs, options)
    outputs = {f"--{form}": options[form] for form in FORMS}
    memory_path = options["memory_path"] and str(options["memory_path"])
    check_outputs(outputs, [*references, *inputs, options["source"], memory_path])

    from contextlib import nullcontext

    from evalkit.cli.compare_output import print_ranking, write_ranking
    from evalkit.flow.lists import compare
    from evalkit.memory import open_memory
    from evalkit.metrics import JudgingMetric, metrics_from
    from evalkit.plan import DEFAULT_METRICS

    plan = plan_from_options({name: options[name] for name in options if name not in OWN})
    chosen = metrics_from(plan.metrics or DEFAULT_METRICS, plan.metric_options, plan.decoding)
    source = options["source"]
    check_needs(chosen, references, source)

    def lines(path: str, role: str) -> list[str]:
        return list(open_lines(path, options["encoding"], role).open())

    systems = {
        name: lines(path, "a translation")
        for name, path in zip(system_names(inputs), inputs, strict=True)
    }
    texts = {path: lines(path, "a reference") for path in references}
    _require_parallel(texts)
    bootstrap, randomization = _trials(options)
    judging = any(isinstance(metric, JudgingMetric) for metric in chosen)
    with open_memory(plan) if judging else nullcontext() as memory:
        ranking = compare(
            systems,
            list(zip(*texts.values(), strict=True)) if texts else None,
            plan.metrics or DEFAULT_METRICS,
            plan.metric_options,
            source=lines(source, "the source") if source else None,
            decoding=plan.decoding,
            baseline=options["baseline"],
            bootstrap=bootstrap,
            randomization=randomization,
            seed=plan.trials.seed,
            memory=memory,
        )
    _warn_of_slips(systems, texts)
    width = options["width"]
    tasks = [
        partial(write_ranking, ranking, form, options[form], width)
        for form in FORMS
        if options[form]
    ]
    if not to_standard_output(outputs):
        tasks.insert(0, partial(print_ranking, ranking, width, options["sacrebleu_p"]))
    carry_out(tasks)


FORMS = ("csv", "json", "markdown", "latex")

# Options of this command that are no part of a plan.
OWN = frozenset(
    "references reference inputs source encoding csv json markdown latex width baseline sacrebleu_p paired_ar paired_bs paired_n paired_ar_n paired_bs_n".split()
)


def _check(references: Sequence[str], inputs: Sequence[str], options: dict[str, Any]) -> None:
    if len(inputs) < 2:
        raise click.UsageError("give at least two systems after -i; `evalkit score` takes one")
    for path in (*references, *inputs):
        if (*references, *inputs).count(path) > 1:
            raise click.UsageError(f"{path} is given twice")
    if options["paired_ar"] and options["paired_bs"]:
        raise click.UsageError(
            "--paired-ar and --paired-bs are each the only test; both is the default"
        )


def _trials(options: dict[str, Any]) -> tuple[int, int]:
    """Bootstrap resamples and randomization trials, 0 for a test that is not wanted."""
    bootstrap = options["paired_n"] or options["paired_bs_n"]
    randomization = options["paired_n"] or options["paired_ar_n"]
    return (
        0 if options["paired_ar"] else bootstrap,
        0 if options["paired_bs"] else randomization,
    )


def _warn_of_slips(systems: dict[str, list[str]], texts: dict[str, list[str]]) -> None:
    from evalkit.flow.counts import slip_note

    for path, reference in list(texts.items())[:1]:
        for name, system in systems.items():
            note = slip_note(system, reference, name, path)
            if note:
                click.echo(f"evalkit: warning: {note}", err=True)


def _require_parallel(texts: dict[str, list[str]]) -> None:
    from evalkit.flow.counts import require_equal_counts

    if not texts:
        return
    (first, lines), *others = texts.items()
    for path, other in others:
        require_equal_counts(other, lines, path, first)
