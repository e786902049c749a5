"""Reading: files to a `Corpus` of paired rows or of documents still to be aligned."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from evalkit.data import Corpus
from evalkit.errors import InputError
from evalkit.read.bilingual import read_bilingual
from evalkit.read.localization import read_po, read_tmx, read_xliff
from evalkit.read.options import ALIGNMENTS, Options
from evalkit.read.parallel import read_parallel
from evalkit.read.tables import read_csv, read_jsonl, read_tsv, read_xlsx
from evalkit.text.opening import STANDARD_INPUT, suffix

__all__ = ["ALIGNMENTS", "REGISTRY", "SUFFIXES", "read"]

# Format -> the reader of one file that holds both sides.
REGISTRY: dict[str, Callable[[str | Path, Options], Corpus]] = {
    "text": read_bilingual,
    "tsv": read_tsv,
    "csv": read_csv,
    "jsonl": read_jsonl,
    "xlsx": read_xlsx,
    "tmx": read_tmx,
    "xliff": read_xliff,
    "po": read_po,
}
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


def read(
    document: str | Path | None = None,
    *,
    source: str | Path | None = None,
    provided: Sequence[str | Path] | str | Path = (),
    format: str | None = None,
    encoding: str | None = None,
    errors: str = "strict",
    align: str = "auto",
    source_column: str | None = None,
    provided_columns: Sequence[str] = (),
    document_column: str | None = None,
    id_column: str | None = None,
    translation_columns: Sequence[str] = (),
    documents: str | Path | None = None,
    provided_documents: str | Path | None = None,
) -> Corpus:
    """Read the input of a run.

    Args:
        document: one file with both languages: mixed text, a table, TMX, XLIFF, PO. "-" is standard
            input, as for every path.
        source, provided: instead of ``document``, a text file in each language. Several provided
            files are several references and must be line-parallel to the source.
        format: a name of ``REGISTRY``; by default told by the suffix.
        encoding: by default told by byte order mark, UTF-8, or detection.
        errors: "strict", or "replace" to read undecodable bytes as U+FFFD (flag ``replaced_bytes``).
        align: "lines" gives rows, "sentences" and "paragraphs" documents; "auto" gives rows if the
            files have as many lines.
        source_column, provided_columns, document_column, id_column: names (or numbers from 1) of
            table columns; by default found by their usual names.
        translation_columns: "NAME=COLUMN" or "COLUMN": recorded translations, for ``Row.recorded``.
        documents, provided_documents: files with the document's name for each line of the source,
            of the provided text.

    Raises:
        InputError: in one line, what cannot be read, where, and what to do.
    """
    provided = (provided,) if isinstance(provided, str | Path) else tuple(provided)
    options = Options(
        encoding=encoding,
        errors=errors,
        align=align,
        source_column=source_column,
        provided_columns=tuple(provided_columns),
        document_column=document_column,
        id_column=id_column,
        translation_columns=tuple(translation_columns),
        documents=documents,
        provided_documents=provided_documents,
    )
    _check_inputs(document, source, provided, options)
    if format is not None and format not in REGISTRY:
        raise InputError(f"unknown format {format!r}: give one of {', '.join(REGISTRY)}")
    if document is not None:
        return REGISTRY[format or SUFFIXES.get(suffix(document), "text")](document, options)
    if format not in (None, "text"):
        raise InputError(
            f"format {format} holds both sides in one file: give that file alone, without source and provided"
        )
    assert source is not None
    return read_parallel(source, provided, options)


def _check_inputs(
    document: str | Path | None,
    source: str | Path | None,
    provided: Sequence[str | Path],
    options: Options,
) -> None:
    if document is None and source is None:
        raise InputError("nothing to read: give a bilingual file, or --source and --provided")
    if document is not None and (source is not None or provided):
        raise InputError("give one bilingual file, or --source and --provided, not both")
    if document is not None and (options.documents or options.provided_documents):
        raise InputError("--documents is for --source and --provided files")
    paths = (document, source, *provided, options.documents, options.provided_documents)
    if sum(str(path) == STANDARD_INPUT for path in paths) > 1:
        raise InputError("standard input can be read once: give a file for the other")
