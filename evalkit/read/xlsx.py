"""The cells of a workbook, read with openpyxl (extra ``formats``)."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

from evalkit.errors import InputError
from evalkit.files.opening import Loaded
from evalkit.read.xml import refuse_zip_bomb


def sheet_records(loaded: Loaded) -> Iterator[tuple[int, Sequence[str]]]:
    """(row number, cells as text) of the first sheet; rows without text are left out.

    Raises:
        InputError: not a workbook, a workbook made to fill the memory, or openpyxl is not installed.
    """
    try:
        import openpyxl
    except ImportError as error:
        raise InputError(
            f"{loaded.path}: reading .xlsx needs openpyxl: pip install 'evalkit[formats]'"
        ) from error
    try:
        refuse_zip_bomb(loaded)
        book = openpyxl.load_workbook(io.BytesIO(loaded.data), read_only=True, data_only=True)
        for number, cells in enumerate(book.worksheets[0].iter_rows(values_only=True), 1):
            texts = ["" if value is None else str(value) for value in cells]
            if any(text.strip() for text in texts):
                yield number, texts
    except InputError:
        raise
    # openpyxl lets out whatever its XML parser, the zip reader or its own checks raise.
    except Exception as error:
        if b"word/document.xml" in loaded.data:
            raise InputError(
                f"{loaded.path} is a Word document, not a workbook: give --input-format docx"
            ) from error
        raise InputError(
            f"{loaded.path} is not a workbook that can be read ({error}): save it as .xlsx or CSV again"
        ) from error
