"""The frames as files: CSV in long or wide form, and Parquet."""

from __future__ import annotations

import csv
import gzip
import io
import lzma
import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from evalkit.errors import InputError
from evalkit.files.writing import write_atomically

if TYPE_CHECKING:
    import pandas as pd

    from evalkit.flow.result import Evaluation

# Cells that a spreadsheet may run as a formula, after OWASP ("CSV injection"); the last are full-width forms.
FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")

INTEGERS = frozenset({"pair", "source_line", "provided_line"})
TEXTS = frozenset(
    "document status alignment source provided system translation hypothesis findings flags id".split()
)
# Columns of numbers besides the scores of metrics.
NUMBERS = frozenset({"confidence", "agreement", "triage", "error_probability"})


def write_csv(
    evaluation: Evaluation, path: str | Path, *, wide: bool = False, excel_safe: bool = False
) -> None:
    """Write ``segments``, or with ``wide`` one row a pair (see `wide_frame`).

    CSV is RFC 4180: UTF-8, CRLF between records, text exactly as scored (a line end inside a cell
    is quoted), numbers in the shortest form that gives the same double back, nothing for NaN.
    A name ending in ``.gz``, ``.xz`` or ``.zst`` is compressed. ``.parquet`` writes Parquet.
    ``excel_safe`` puts ``'`` before text that a spreadsheet would run as a formula, quotes all
    text and begins the file with a byte order mark, without which Excel garbles Cyrillic.

    Raises:
        EvalkitError: the file cannot be written, or pyarrow is missing for Parquet.
    """
    frame = wide_frame(evaluation) if wide else evaluation.segments
    if is_parquet(path):
        _write_parquet(frame, path)
        return
    if excel_safe:
        frame = _guarded(frame)
    with _open(path) as stream:
        # Lone surrogates (a file name that is not UTF-8) are no text: shown, not a crash.
        text = io.TextIOWrapper(
            stream, "utf-8-sig" if excel_safe else "utf-8", "backslashreplace", ""
        )
        frame.to_csv(
            text,
            index=False,
            lineterminator="\r\n",
            quoting=csv.QUOTE_NONNUMERIC if excel_safe else csv.QUOTE_MINIMAL,
        )
        text.flush()
        text.detach()


def read_csv(path: str | Path) -> pd.DataFrame:
    """The frame that `write_csv` wrote, values and types the same (not where ``excel_safe`` was set).

    Plain ``pandas.read_csv`` takes a sentence "NA" or "null", and an empty one, for missing values;
    before pandas 3 it also rounds some scores in the last digit.
    """
    import pandas as pd

    if is_parquet(path):
        return pd.read_parquet(path)
    frame = pd.read_csv(path, dtype=str, keep_default_na=False, na_filter=False)
    for column in frame.columns:
        name = column.split(":", 1)[0]
        if name in INTEGERS:
            frame[column] = frame[column].astype("int64")
        elif name not in TEXTS and not name.removeprefix("provided_").isdigit():
            frame[column] = _numbers(frame[column], always=name in NUMBERS)
    return frame


def _numbers(cells: pd.Series, always: bool) -> pd.Series:
    """The cells as numbers, NaN where empty; as they are if some is none, in a column of details."""
    import pandas as pd

    try:
        # Python's float() is exact for every version of pandas.
        found = [float(cell) if cell else math.nan for cell in cells]
    except ValueError:
        if always:
            raise
        return cells
    return pd.Series(found, dtype="float64")


def wide_frame(evaluation: Evaluation) -> pd.DataFrame:
    """One row a pair: the columns of ``pairs``, then for each system ``translation:SYSTEM``, a column
    ``METRIC:SYSTEM`` for each metric, and ``flags:SYSTEM`` (those of the pair included)."""
    from pandas.api.types import is_numeric_dtype

    frame = evaluation.pairs.copy()
    segments = evaluation.segments
    for system in segments["system"].drop_duplicates():
        rows = segments[segments["system"] == system].set_index("pair")
        own = [column for column in segments if column not in evaluation.pairs]
        for column in [c for c in own if c not in ("system", "hypothesis")] + ["flags"]:
            values = frame["pair"].map(rows[column])
            if not is_numeric_dtype(rows[column]):
                # A pair that a system has no row for has no text of it, rather than a missing one.
                values = values.fillna("").astype(rows[column].dtype)
            frame[f"{column}:{system}"] = values
    return frame


def _guarded(frame: pd.DataFrame) -> pd.DataFrame:
    from pandas.api.types import is_numeric_dtype

    guarded = frame.rename(columns=_guard)
    for column in guarded.columns:
        if not is_numeric_dtype(guarded[column]):
            guarded[column] = guarded[column].map(_guard, na_action="ignore")
    return guarded


def _guard(cell: str) -> str:
    return f"'{cell}" if str(cell).startswith(FORMULA_STARTS) else cell


@contextmanager
def _open(path: str | Path) -> Iterator[Any]:
    """The file as a stream of bytes, compressed by its suffix; equal content gives equal bytes."""
    with write_atomically(path, binary=True) as stream:
        packed = _compressor(str(path), stream)
        if packed is None:
            yield stream
        else:
            with packed:
                yield packed


def _compressor(name: str, stream: IO[bytes]) -> Any:
    if name.endswith(".gz"):
        return gzip.GzipFile("", "wb", fileobj=stream, mtime=0)
    if name.endswith(".xz"):
        return lzma.open(stream, "wb")
    if name.endswith(".zst"):
        import zstandard

        return zstandard.ZstdCompressor().stream_writer(stream, closefd=False)
    return None


def is_parquet(path: str | Path) -> bool:
    """Whether `write_csv` writes Parquet to this path."""
    return str(path).endswith(".parquet")


def require_pyarrow(path: str | Path) -> None:
    """Raise InputError if Parquet cannot be written."""
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        raise InputError(
            f"cannot write {path}: Parquet needs pyarrow; pip install 'evalkit[parquet]'"
        ) from None


def _write_parquet(frame: pd.DataFrame, path: str | Path) -> None:
    require_pyarrow(path)
    with write_atomically(path, binary=True) as stream:
        frame.to_parquet(stream, index=False)
