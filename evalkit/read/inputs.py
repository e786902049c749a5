"""The inputs of a run: which there are, what they are called, and their documents, one input after another."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from evalkit.data import Corpus, Document, Failure, InputFile
from evalkit.errors import EvalkitError, InputError
from evalkit.files.archives import load_member
from evalkit.files.opening import STANDARD_INPUT, Loaded, load, suffix
from evalkit.files.records import RECORDS
from evalkit.languages import language_pair
from evalkit.plan import Plan
from evalkit.plugins import READERS
from evalkit.read.content import format_of_file, format_of_name
from evalkit.read.finding import Input, Part, find_inputs, is_many
from evalkit.read.options import Options
from evalkit.read.parallel import SIDE_FORMATS, read_parallel
from evalkit.read.tables import STREAMED, read_large_table
from evalkit.read.test_sets import read_test_set

# How often a warning is given that many inputs have in common.
SHOWN_WARNINGS = 3
NUMBER = re.compile(r"\d+")
# Formats without tables.
WITHOUT_COLUMNS = frozenset({"text", "pdf", "srt", "vtt", "tmx", "xliff", "po"})
# A specification of recorded translations, as `evalkit.systems.registry` understands it.
RECORDED = re.compile(r"([^\s:/\\=]+=)?file:(?P<path>.+)", re.DOTALL)


@dataclass
class Intake:
    """The documents of a run, which can be gone through once, and what is known of their inputs by then.

    many: whether the run has several inputs, or could have had: an input of it that cannot be read is a failure,
    and does not stop the others. count: how many inputs there are.
    """

    documents: Iterable[Document] = ()
    many: bool = False
    count: int = 1
    files: list[InputFile] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    _kinds: Counter[str] = field(default_factory=Counter)

    @staticmethod
    def of(corpus: Corpus) -> Intake:
        """That of one input, read already."""
        return Intake(corpus.documents, files=list(corpus.files), warnings=list(corpus.warnings))

    def add(self, corpus: Corpus) -> None:
        """Take note of the files and warnings of one of many inputs; of a warning that recurs, the first few."""
        self.files += corpus.files
        for warning in corpus.warnings:
            kind = warning
            for file in corpus.files:
                kind = kind.replace(file.path, "")
            kind = NUMBER.sub("N", kind)
            self._kinds[kind] += 1
            if self._kinds[kind] <= SHOWN_WARNINGS:
                self.warnings.append(warning)

    def summary(self) -> tuple[str, ...]:
        """All warnings, and how often those recurred that were left out."""
        more = {kind: count - SHOWN_WARNINGS for kind, count in self._kinds.items()}
        return (
            *self.warnings,
            *(f"and {n} times more{kind}" for kind, n in more.items() if n > 0),
        )


def open_inputs(plan: Plan) -> Intake:
    """The inputs of a plan. One is read at once; of many, each as its documents are asked for.

    Raises:
        InputError: in one line, what cannot be read, where, and what to do. While the documents of many inputs are
            gone through: the first that cannot be read if the plan is ``strict``, or if none can.
    """
    require_one_way(plan)
    if not is_many(plan):
        return Intake.of(read(plan))
    inputs, warnings = find_inputs(plan)
    if len(plan.inputs) == len(inputs) == 2:
        _require_documents(inputs, plan)
    intake = Intake(many=True, count=len(inputs), warnings=warnings)
    intake.documents = _documents(inputs, plan, intake)
    return intake


def read(plan: Plan) -> Corpus:
    """Read the one input of a plan: a file, two sides, or a test set, as `Plan.reading` says.

    Raises:
        InputError: in one line, what cannot be read, where, and what to do.
        Unavailable: a test set that cannot be fetched.
    """
    require_one_way(plan)
    options = _options(plan)
    if plan.test_set is not None:
        return read_test_set(plan.test_set, options)
    if plan.source is not None:
        _refuse_columns(plan, "with --source and --provided a file is read line by line")
        return read_parallel(plan.source, plan.provided, options)
    if is_many(plan):
        raise InputError(
            f"one input at a time, not {', '.join(plan.inputs) or plan.from_list}: `open_inputs` reads many"
        )
    corpus = _read_file(Part(plan.inputs[0]), options)
    for file in corpus.files:
        if file.format in WITHOUT_COLUMNS:
            _refuse_columns(plan, f"{file.path} is read as {file.format}, which has none")
    return corpus


def _refuse_columns(plan: Plan, why: str) -> None:
    """Raise InputError if columns are named, which would be passed over in silence."""
    reading = plan.reading
    options = {
        "--source-column": reading.source_column,
        "--provided-column": reading.provided_columns,
        "--document-column": reading.document_column,
        "--id-column": reading.id_column,
        "--translation-column": reading.translation_columns,
    }
    for option, given in options.items():
        if given:
            raise InputError(
                f"{option} names a column of a table, and {why}: give a table (a file alone), or leave it out"
            )


def read_input(input: Input, plan: Plan) -> Corpus:
    """Read one of many inputs; its documents carry its name.

    Raises:
        InputError: it cannot be read, or holds no translations by the systems that the plan names columns of.
    """
    if input.problem:
        raise InputError(input.problem)
    options = _options(plan).called(input.name)
    if len(input.parts) == 1:
        corpus = _read_file(input.parts[0], options)
    else:
        source, provided = (_loaded(part, "input") for part in input.parts)
        corpus = read_parallel(source, [provided], options)
    documents = tuple(_named(document, input.name) for document in corpus.documents)
    if plan.reading.translation_columns and not all(
        d.rows and d.rows[0].recorded for d in documents
    ):
        raise InputError("it has no columns, and --translation-column names some")
    return replace(corpus, documents=documents)


def require_one_way(plan: Plan) -> None:
    """Raise InputError if a plan names no input, or names it in two ways."""
    reading = plan.reading
    ways = {
        "files": bool(plan.inputs or plan.from_list),
        "--source and --provided": plan.source is not None or bool(plan.provided),
        "--test-set": plan.test_set is not None,
    }
    given = [way for way, is_given in ways.items() if is_given]
    if len(given) > 1:
        raise InputError(f"give one of {' or '.join(given)}, not both")
    if not given or (plan.provided and plan.source is None):
        raise InputError(
            "nothing to read: give files or folders, --source and --provided, or --test-set"
        )
    if plan.source is not None and reading.format not in (None, "text", *SIDE_FORMATS):
        raise InputError(
            f"format {reading.format} holds both sides in one file: give that file alone, without"
            " source and provided"
        )
    if plan.source is None and (reading.documents or reading.provided_documents):
        raise InputError("--documents is for --source and --provided files")
    named = (plan.source, *plan.provided, reading.documents, reading.provided_documents)
    standard = sum(path == STANDARD_INPUT for path in (*plan.inputs, plan.from_list, *named))
    if standard > 1:
        raise InputError("standard input can be read once: give a file for the other")
    if standard and len(plan.inputs) > 1:
        raise InputError("standard input is read alone: give it as the only input")


def _require_documents(inputs: list[Input], plan: Plan) -> None:
    """Raise InputError if the two files that were named are the two sides of one text, without words that say so."""
    sides: dict[str, Input] = {}
    for input in inputs:
        try:
            documents = tuple(read_input(input, plan).documents)
        except Exception:  # told when the documents are taken
            return
        if any(document.rows for document in documents):
            return
        source = any(document.source for document in documents)
        provided = any(document.provided for document in documents)
        if source != provided:
            sides["source" if source else "provided"] = input
    if len(sides) == 2:
        left, right = (sides[side].parts[0] for side in ("source", "provided"))
        pair = _options(plan).pair
        raise InputError(
            f"{left} is {pair.source.label} alone and {right} {pair.target.label} alone; if they are two sides of"
            f" one text, give -s {left} -p {right}"
        )


def _documents(inputs: list[Input], plan: Plan, intake: Intake) -> Iterator[Document]:
    for input in inputs:
        try:
            corpus = read_input(input, plan)
        # A reader from outside may raise anything, and must not take the other documents with it.
        except Exception as error:
            known = isinstance(error, EvalkitError)
            reason = str(error) if known else f"{type(error).__name__}: {error}"
            if plan.strict:
                raise InputError(f"{input.name} cannot be read: {reason}") from error
            intake.failures.append(Failure(input.name, reason))
            continue
        intake.add(corpus)
        yield from corpus.documents
    if inputs and len(intake.failures) == len(inputs):
        first = intake.failures[0]
        raise InputError(
            f"none of the {len(inputs)} inputs can be read; the first, {first.input}: {first.reason}"
        )


def _options(plan: Plan) -> Options:
    recorded = any(map(is_by_line, plan.systems))
    pair = language_pair(plan.language_pair)
    return Options(plan.reading, plan.pairing, pair, recorded_lines=recorded)


def is_by_line(spec: str) -> bool:
    """Whether a system is a file with a translation a line."""
    named = RECORDED.fullmatch(spec)
    return named is not None and suffix(named["path"]) not in RECORDS


def _named(document: Document, name: str) -> Document:
    """A document of a table that names its documents is called after the table and that name."""
    own = document.name if document.name in ("", name) else f"{name}/{document.name}"
    return replace(document, name=own or name, input=name)


def _read_file(part: Part, options: Options) -> Corpus:
    """Read a file with both sides in it."""
    named = options.reading.format or format_of_name(part.path if not part.member else part.member)
    if named is not None and named not in READERS.own and not part.member:
        # One from outside opens its files itself.
        corpus: Corpus = READERS.load(named)(part.path, options)
        return corpus
    if named is not None and named in STREAMED and not part.member:
        large = read_large_table(part.path, named, options)
        if large is not None:
            return large
    loaded = _loaded(part, "document")
    format, note = (named, "") if named else format_of_file(loaded, options)
    corpus = READERS.load(format)(loaded, options)
    return replace(corpus, warnings=(note, *corpus.warnings)) if note else corpus


def _loaded(part: Part, role: str) -> Loaded:
    return load_member(part.path, part.member, role) if part.member else load(part.path, role)
