"""Rows as documents: what follows each other under one name, in blocks that a run can take one at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, islice

from evalkit.data import Document, Row

# Rows of a document taken at once: enough to fill the batches of a model, few enough for a small memory.
BLOCK_ROWS = 1000


def row_documents(
    rows: Iterable[tuple[str, Row]], input: str, source_lines: int = 0
) -> Iterator[Document]:
    """A document for each stretch of rows, given as (name of the document, row), of one name.

    A long stretch gives several documents of that name. ``input`` is what the input is called, ``source_lines`` how many
    lines its source has, where rows are lines of it.
    """
    position = 0
    for name, group in groupby(rows, key=lambda named: named[0]):
        stretch = (row for _, row in group)
        while block := tuple(islice(stretch, BLOCK_ROWS)):
            yield Document(
                name, rows=block, input=input, position=position, source_lines=source_lines
            )
            position += 1
