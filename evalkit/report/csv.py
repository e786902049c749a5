"""The frames as files: CSV in long or wide form, and Parquet."""

from __future__ import annotations

import csv
import gzip
import io
import lzma
import math
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from evalkit.files.parquet import require_pyarrow
from evalkit.files.writing import write_atomically

if TYPE_CHECKING:
    import pandas as pd

    from evalkit.flow.result import Evaluation

    Add = Callable[[pd.DataFrame, pd.DataFrame], object]

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
    with open_csv(path, wide=wide, excel_safe=excel_safe) as add:
        add(evaluation.pairs, evaluation.segments)


@contextmanager
def open_csv(path: str | Path, *, wide: bool = False, excel_safe: bool = False) -> Iterator[Add]:
    """Write as `write_csv` does, part by part: give a function to call with the frames of consecutive pairs.

    The file appears under its name when the block ends without error.
    """
    opened = _parquet_rows(path) if is_parquet(path) else _csv_rows(path, excel_safe)
    with opened as write:
        yield lambda pairs, segments: write(wide_frame(pairs, segments) if wide else segments)


@contextmanager
def _csv_rows(path: str | Path, excel_safe: bool) -> Iterator[Callable[[pd.DataFrame], object]]:
    with _open(path) as stream:
        # Lone surrogates (a file name that is not UTF-8) are no text: shown, not a crash.
        text = io.TextIOWrapper(
            stream, "utf-8-sig" if excel_safe else "utf-8", "backslashreplace", ""
        )
        begun = False

        def write(frame: pd.DataFrame) -> None:
            nonlocal begun
            (_guarded(frame) if excel_safe else frame).to_csv(
                text,
                header=not begun,
                index=False,
                lineterminator="\r\n",
                quoting=csv.QUOTE_NONNUMERIC if excel_safe else csv.QUOTE_MINIMAL,
            )
            begun = True

        yield write
        text.flush()
        text.detach()


@contextmanager
def _parquet_rows(path: str | Path) -> Iterator[Callable[[pd.DataFrame], object]]:
    require_pyarrow(f"writing {path}")
    import pyarrow as pa
    import pyarrow.parquet as pq

    with write_atomically(path, binary=True) as stream, ExitStack() as stack:
        writer: Any = None

        def write(frame: pd.DataFrame) -> None:
            nonlocal writer
            if writer is None:
                table = pa.Table.from_pandas(frame, preserve_index=False)
                writer = stack.enter_context(pq.ParquetWriter(stream, table.schema))
            writer.write_table(
                pa.Table.from_pandas(frame, schema=writer.schema, preserve_index=False)
            )

        yield write


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


def wide_frame(pairs: pd.DataFrame, segments: pd.DataFrame) -> pd.DataFrame:
    """One row a pair: the columns of ``pairs``, then for each system ``translation:SYSTEM``, a column
    ``METRIC:SYSTEM`` for each metric, and ``flags:SYSTEM`` (those of the pair included)."""
    from pandas.api.types import is_numeric_dtype

    frame = pairs.copy()
    for system in segments["system"].drop_duplicates():
        rows = segments[segments["system"] == system].set_index("pair")
        own = [column for column in segments if column not in pairs]
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
