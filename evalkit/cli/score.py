"""evalkit score: a per-sentence sacreBLEU."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import click

from evalkit.cli.metric_options import SeveralValues, sacrebleu_metric_options, seed_option
from evalkit.cli.plan_options import plan_from_options
from evalkit.cli.system_options import model_options
from evalkit.cli.text_lines import check_needs, encoding_option, open_lines

if TYPE_CHECKING:
    from evalkit.flow.stream import Chunk


@click.command(cls=SeveralValues, short_help="Score one file against references, by sentence.")
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
    help="The translation to score, one sentence a line. Default: standard input.",
)
@click.option("--source", metavar="FILE", help="Source, line-parallel: for metrics that need it.")
@encoding_option
@sacrebleu_metric_options
@model_options
@click.option("-ci", "--confidence", is_flag=True, help="95% bootstrap intervals.")
@click.option(
    "-cin",
    "--confidence-n",
    type=click.IntRange(min=1),
    default=1000,
    show_default=True,
    help="Resamples of the intervals.",
)
@seed_option
@click.option("--csv", metavar="FILE", help="Write the sentence scores; - is standard output.")
@click.option("--json", metavar="FILE", help="Write corpus scores and signatures; - likewise.")
@click.option(
    "-w",
    "--width",
    type=click.IntRange(0, 15),
    help="Decimals printed; by default as suits the metric. Files have all.",
)
@click.option("--force", is_flag=True, help="No warning that the text looks tokenized.")
@click.option("-q", "--quiet", is_flag=True, help="Only the corpus scores, no progress bar.")
def command(**options: Any) -> None:
    """Score the lines of a translation against REFERENCE files: one row a sentence, then the
    corpus scores with sacreBLEU's signatures.

    \b
    evalkit score reference.en -i system.en
    evalkit score -r a.en b.en -i system.en -m bleu chrf ter --confidence
    evalkit score reference.en -i system.en --csv scores.csv
    """
    references = [*options["references"], *options["reference"]]
    hypothesis = _one_hypothesis(options["inputs"], references, options["source"])

    from evalkit.cli.score_output import SentenceTable, corpus_lines, write_csv, write_json
    from evalkit.files.outputs import check_outputs
    from evalkit.flow.stream import StreamScorer
    from evalkit.memory import open_memory
    from evalkit.metrics import JudgingMetric, metrics_from
    from evalkit.plan import DEFAULT_METRICS, Trials
    from evalkit.progress import progress

    check_outputs((options["csv"], options["json"]), (hypothesis, *references, options["source"]))
    plan = plan_from_options({name: options[name] for name in options if name not in OWN})
    metrics = metrics_from(plan.metrics or DEFAULT_METRICS, plan.metric_options, plan.decoding)
    check_needs(metrics, references, options["source"])
    encoding = options["encoding"]
    lines = open_lines(hypothesis, encoding, "the translation")
    others = [open_lines(path, encoding, "a reference") for path in references]
    source = open_lines(options["source"], encoding, "the source") if options["source"] else None
    resamples = plan.trials.resamples if options["confidence"] else 0
    judging = any(isinstance(metric, JudgingMetric) for metric in metrics)
    table = SentenceTable(metrics, options["width"])
    with (
        open_memory(plan) if judging else nullcontext() as memory,
        progress("scoring", lines.total, quiet=options["quiet"]) as advance,
    ):
        scorer = StreamScorer(metrics, Trials(resamples, 0, plan.trials.seed), memory)
        chunks = _counted(scorer.score(lines, others, source), advance)
        if options["csv"]:
            write_csv(chunks, options["csv"], metrics, len(references))
        else:
            for chunk in chunks:
                if not options["quiet"]:
                    table.add(chunk)
    results = scorer.results()
    if "-" not in (options["csv"], options["json"]):
        sentences = [] if options["csv"] or options["quiet"] else [*table.lines, ""]
        corpus = corpus_lines(results, scorer.segments, options["width"])
        click.echo("\n".join([*sentences, *corpus]))
    if scorer.tokenized >= 100 and not options["force"] and any(m.name == "bleu" for m in metrics):
        click.echo(
            f"evalkit: warning: {scorer.tokenized} lines end in a tokenized period: BLEU expects"
            " detokenized text and tokenizes it itself (--force: no warning)",
            err=True,
        )
    if scorer.slip:
        click.echo(f"evalkit: warning: {scorer.slip}", err=True)
    if options["json"]:
        write_json(results, options["json"], hypothesis, references, scorer.segments)


# Options of this command that are no part of a plan.
OWN = frozenset(
    "references reference inputs source encoding confidence csv json width force quiet".split()
)


def _one_hypothesis(inputs: Sequence[str], references: Sequence[str], source: str | None) -> str:
    if len(inputs) > 1:
        raise click.UsageError(
            f"-i takes one file, and was given {', '.join(inputs)}: put references before -i or"
            " after -r; `evalkit compare` takes several systems"
        )
    if [*inputs, *references, source].count("-") + (not inputs) > 1:
        raise click.UsageError("standard input can be read once: give a file for the other")
    return inputs[0] if inputs else "-"


def _counted(chunks: Iterator[Chunk], advance: Callable[[int], object]) -> Iterator[Chunk]:
    for chunk in chunks:
        yield chunk
        advance(len(chunk.hypotheses))
