"""Reading: an input to a `Corpus` of documents. A new format is one file here and a line in `evalkit.plugins`."""

from __future__ import annotations

from evalkit.data import Corpus
from evalkit.errors import InputError
from evalkit.files.opening import STANDARD_INPUT, suffix
from evalkit.languages import language_pair
from evalkit.plan import Plan
from evalkit.plugins import READERS
from evalkit.read.options import Options
from evalkit.read.parallel import read_parallel

__all__ = ["SUFFIXES", "Options", "read"]

# Whatever has another suffix is text.
SUFFIXES = {
    ".tsv": "tsv",
    ".tab": "tsv",
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".xlsx": "xlsx",
    ".tmx": "tmx",
    ".xlf": "xliff",
    ".xliff": "xliff",
    ".sdlxliff": "xliff",
    ".mxliff": "xliff",
    ".mqxliff": "xliff",
    ".po": "po",
    ".pot": "po",
}


def read(plan: Plan) -> Corpus:
    """Read the input of a run: `Plan.inputs`, or `Plan.source` and `Plan.provided`, as `Plan.reading` says.

    Raises:
        InputError: in one line, what cannot be read, where, and what to do.
    """
    _check_inputs(plan)
    options = Options(plan.reading, plan.pairing, language_pair(plan.language_pair))
    if plan.inputs:
        corpus: Corpus = READERS.load(plan.reading.format or format_of(plan.inputs[0]))(
            plan.inputs[0], options
        )
        return corpus
    if plan.reading.format not in (None, "text"):
        raise InputError(
            f"format {plan.reading.format} holds both sides in one file: give that file alone, without"
            " source and provided"
        )
    assert plan.source is not None
    return read_parallel(plan.source, plan.provided, options)


def format_of(path: str) -> str:
    """The format of a file, by its suffix."""
    ending = suffix(path)
    if ending in SUFFIXES:
        return SUFFIXES[ending]
    for name, reader in READERS.added():
        if ending in getattr(reader, "suffixes", ()):
            return name
    return "text"


def _check_inputs(plan: Plan) -> None:
    reading = plan.reading
    if not plan.inputs and plan.source is None:
        raise InputError("nothing to read: give a bilingual file, or --source and --provided")
    if len(plan.inputs) > 1:
        raise InputError(f"one input at a time, not {len(plan.inputs)}: {', '.join(plan.inputs)}")
    if plan.inputs and (plan.source is not None or plan.provided):
        raise InputError("give one bilingual file, or --source and --provided, not both")
    if plan.inputs and (reading.documents or reading.provided_documents):
        raise InputError("--documents is for --source and --provided files")
    named = (plan.source, *plan.provided, reading.documents, reading.provided_documents)
    if sum(path == STANDARD_INPUT for path in (*plan.inputs, *named)) > 1:
        raise InputError("standard input can be read once: give a file for the other")
