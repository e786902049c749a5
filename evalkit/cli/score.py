"""evalkit score: a per-sentence sacreBLEU."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from evalkit.cli.metric_options import (
    SeveralValues,
    metrics_from_options,
    sacrebleu_metric_options,
    seed_option,
)
from evalkit.cli.text_lines import encoding_option, open_lines

if TYPE_CHECKING:
    from evalkit.score.stream import Chunk


@click.command(cls=SeveralValues, short_help="Score one file against references, by sentence.")
@click.argument("references", nargs=-1, metavar="REFERENCE...")
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
@encoding_option
@sacrebleu_metric_options
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
    default=2,
    show_default=True,
    help="Decimals printed; files have all.",
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
    hypothesis = _one_hypothesis(options["inputs"], references)
    metrics = metrics_from_options(options)

    from evalkit.cli.score_output import SentenceTable, corpus_lines, write_csv, write_json
    from evalkit.progress import progress
    from evalkit.score.stream import StreamScorer

    encoding = options["encoding"]
    lines = open_lines(hypothesis, encoding, "the translation")
    others = [open_lines(path, encoding, "a reference") for path in references]
    scorer = StreamScorer(metrics, keep_statistics=options["confidence"])
    table = SentenceTable(metrics, options["width"])
    with progress("scoring", lines.total, quiet=options["quiet"]) as advance:
        chunks = _counted(scorer.score(lines, others), advance)
        if options["csv"]:
            write_csv(chunks, options["csv"], metrics, len(references))
        else:
            for chunk in chunks:
                if not options["quiet"]:
                    table.add(chunk)
    results = scorer.results(
        options["confidence_n"] if options["confidence"] else None, options["seed"]
    )
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
    if options["json"]:
        write_json(results, options["json"], hypothesis, references, scorer.segments)


def _one_hypothesis(inputs: Sequence[str], references: Sequence[str]) -> str:
    if len(inputs) > 1:
        raise click.UsageError(
            f"-i takes one file, and was given {', '.join(inputs)}: put references before -i or"
            " after -r; `evalkit compare` takes several systems"
        )
    if not references:
        raise click.UsageError("no reference: evalkit score REFERENCE... -i FILE")
    if [*inputs, *references].count("-") + (not inputs) > 1:
        raise click.UsageError("standard input can be read once: give a file for the other")
    return inputs[0] if inputs else "-"


def _counted(chunks: Iterator[Chunk], advance: Callable[[int], None]) -> Iterator[Chunk]:
    for chunk in chunks:
        yield chunk
        advance(len(chunk.hypotheses))
