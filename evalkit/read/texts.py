"""Texts that a Python program already holds: lists, and the columns of a DataFrame."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from evalkit.data import Corpus, InputFile, Row
from evalkit.errors import InputError
from evalkit.files.lines import writable
from evalkit.read.blocks import row_documents
from evalkit.read.columns import find_columns
from evalkit.read.options import Options

if TYPE_CHECKING:
    import pandas as pd

IN_MEMORY = "(Python)"


def corpus_of_texts(
    source: Sequence[str],
    provided: Sequence[str] | Sequence[Sequence[str]],
    translations: Mapping[str, Sequence[str]] | None = None,
) -> Corpus:
    """A corpus of parallel lists.

    Args:
        source: one text a segment. provided: one text a segment, or for each segment its references.
        translations: translations made before, by system, one text a segment.

    Raises:
        InputError: a text where a list is wanted, or lists of different lengths.
    """
    translations = {writable(str(name))[0]: t for name, t in (translations or {}).items()}
    for name, texts in (("source", source), ("provided", provided), *translations.items()):
        if isinstance(texts, str):
            raise InputError(f"{name} is a text; give a list of texts, one a segment")
        if len(texts) != len(source):
            raise InputError(f"{name} has {len(texts)} texts, and source {len(source)}")
    rows = []
    for index, text in enumerate(source):
        given = provided[index]
        references = (given,) if isinstance(given, str) else tuple(given)
        recorded = {name: texts[index] for name, texts in translations.items()}
        rows.append(("", _row(text, references, recorded, line=index + 1)))
    return _corpus(rows)


def corpus_of_frame(frame: pd.DataFrame, options: Options) -> Corpus:
    """A corpus of the rows of a DataFrame, its columns found as those of a table.

    Raises:
        InputError: a column is missing.
    """
    header = [writable(str(name))[0] for name in frame.columns]
    columns = find_columns(header, "the DataFrame", options)
    cells = frame.astype(object).where(frame.notna(), "").map(str).to_numpy()

    def cell(row: Any, position: int | None) -> str:
        return "" if position is None else str(row[position])

    rows = []
    for index, row in enumerate(cells):
        recorded = {name: cell(row, k) for name, k in columns.translations.items()}
        references = tuple(cell(row, k) for k in columns.provided)
        made = _row(
            cell(row, columns.source), references, recorded, cell(row, columns.id), index + 1
        )
        rows.append((cell(row, columns.document), made))
    return _corpus(rows, columns.warnings)


def _row(
    source: str,
    provided: Sequence[str],
    recorded: Mapping[str, str],
    id: str = "",
    line: int = 0,
) -> Row:
    for text in (source, *provided, *recorded.values()):
        if not isinstance(text, str):
            raise InputError(f"segment {line}: {text!r} is no text")
    checked = [writable(text) for text in (source, *provided)]
    flags = tuple(dict.fromkeys(flag for _, found in checked for flag in found))
    texts = [text for text, _ in checked]
    kept = {name: writable(text)[0] for name, text in recorded.items()}
    return Row(texts[0], tuple(texts[1:]), id, line, kept, flags)


def _corpus(rows: list[tuple[str, Row]], warnings: tuple[str, ...] = ()) -> Corpus:
    if not rows:
        raise InputError("there are no texts: give at least one segment")
    content = json.dumps([(n, r.source, r.provided, r.id, dict(r.recorded)) for n, r in rows])
    data = content.encode()
    file = InputFile("texts", IN_MEMORY, hashlib.sha256(data).hexdigest(), len(data), "", "python")
    return Corpus(tuple(row_documents(rows, "")), (file,), warnings)
