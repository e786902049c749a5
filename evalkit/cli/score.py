"""evalkit score: a per-sentence sacreBLEU."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from evalkit.cli.metric_options import SeveralValues, sacrebleu_metric_options, seed_option
from evalkit.cli.outputs import carry_out, to_standard_output
from evalkit.cli.plan_options import plan_from_options
from evalkit.cli.system_options import model_options
from evalkit.cli.text_lines import check_needs, encoding_option, open_lines
from evalkit.errors import EvalkitError
from evalkit.files.outputs import check_outputs

if TYPE_CHECKING:
    from evalkit.flow.stream import Chunk
    from evalkit.memory import Memory
    from evalkit.metrics import Metric
    from evalkit.plan import Plan


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
    outputs = {"--csv": options["csv"], "--json": options["json"]}
    memory_path = options["memory_path"] and str(options["memory_path"])
    check_outputs(outputs, [hypothesis, *references, options["source"], memory_path])

    from evalkit.cli.score_output import SentenceTable, corpus_lines, write_json
    from evalkit.flow.stream import StreamScorer
    from evalkit.metrics import metrics_from
    from evalkit.plan import DEFAULT_METRICS, Trials
    from evalkit.progress import progress

    plan = plan_from_options({name: options[name] for name in options if name not in OWN})
    metrics = metrics_from(plan.metrics or DEFAULT_METRICS, plan.metric_options, plan.decoding)
    check_needs(metrics, references, options["source"])
    encoding = options["encoding"]
    lines = open_lines(hypothesis, encoding, "the translation")
    others = [open_lines(path, encoding, "a reference") for path in references]
    source = open_lines(options["source"], encoding, "the source") if options["source"] else None
    resamples = plan.trials.resamples if options["confidence"] else 0
    table = SentenceTable(metrics, options["width"])
    with (
        _memory(metrics, plan) as memory,
        progress("scoring", lines.total, quiet=options["quiet"]) as advance,
    ):
        scorer = StreamScorer(metrics, Trials(resamples, 0, plan.trials.seed), memory)
        chunks = _Chunks(scorer.score(lines, others, source), advance)
        fault = None
        if options["csv"]:
            fault = _write_sentences(chunks, options["csv"], metrics, len(references))
        else:
            for chunk in chunks:
                if not options["quiet"]:
                    table.add(chunk)
    results = scorer.results()
    if scorer.tokenized >= 100 and not options["force"] and any(m.name == "bleu" for m in metrics):
        click.echo(
            f"evalkit: warning: {scorer.tokenized} lines end in a tokenized period: BLEU expects"
            " detokenized text and tokenizes it itself (--force: no warning)",
            err=True,
        )
    if scorer.slip:
        click.echo(f"evalkit: warning: {scorer.slip}", err=True)
    tasks: list[Callable[[], object]] = [partial(_raise, fault)] if fault else []
    if not to_standard_output(outputs):
        sentences = [] if options["csv"] or options["quiet"] else [*table.lines, ""]
        corpus = corpus_lines(results, scorer.segments, options["width"])
        tasks.append(partial(click.echo, "\n".join([*sentences, *corpus])))
    if options["json"]:
        about = (hypothesis, references, scorer.segments)
        tasks.append(partial(write_json, results, options["json"], *about))
    carry_out(tasks)


# Options of this command that are no part of a plan.
OWN = frozenset(
    "references reference inputs source encoding confidence csv json width force quiet".split()
)


def _memory(metrics: Sequence[Metric], plan: Plan) -> AbstractContextManager[Memory | None]:
    """The memory, where a metric keeps its judgements in it."""
    from evalkit.metrics import JudgingMetric

    if not any(isinstance(metric, JudgingMetric) for metric in metrics):
        return nullcontext()
    # SQLite takes a while to load.
    from evalkit.memory import open_memory

    return open_memory(plan)


def _write_sentences(
    chunks: _Chunks, path: str, metrics: Sequence[Metric], references: int
) -> EvalkitError | None:
    """Write the CSV; gives the error if it cannot be written, when all chunks have been scored nevertheless."""
    from evalkit.cli.score_output import write_csv

    try:
        write_csv(chunks, path, metrics, references)
    except EvalkitError as error:
        if chunks.broken:
            raise
        deque(chunks, maxlen=0)
        return error
    return None


def _raise(error: Exception) -> None:
    raise error


def _one_hypothesis(inputs: Sequence[str], references: Sequence[str], source: str | None) -> str:
    if len(inputs) > 1:
        raise click.UsageError(
            f"-i takes one file, and was given {', '.join(inputs)}: put references before -i or"
            " after -r; `evalkit compare` takes several systems"
        )
    if [*inputs, *references, source].count("-") + (not inputs) > 1:
        raise click.UsageError("standard input can be read once: give a file for the other")
    return inputs[0] if inputs else "-"


class _Chunks:
    """Scored chunks, gone through with progress. ``broken``: making one failed."""

    def __init__(self, chunks: Iterator[Chunk], advance: Callable[[int], object]) -> None:
        self.chunks, self.advance, self.broken = chunks, advance, False

    def __iter__(self) -> Iterator[Chunk]:
        while True:
            try:
                chunk = next(self.chunks)
            except StopIteration:
                return
            except Exception:
                self.broken = True
                raise
            yield chunk
            self.advance(len(chunk.hypotheses))
