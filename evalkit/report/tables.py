"""Tables that users give: the CSV of a run, or any of scores."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from evalkit.errors import InputError
from evalkit.report.csv import read_csv

if TYPE_CHECKING:
    import pandas as pd


def read_table(path: str | Path) -> pd.DataFrame:
    """`evalkit.report.csv.read_csv`, whose errors are one line.

    Raises:
        InputError: the file cannot be read, or is no such table.
    """
    try:
        return read_csv(path)
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}") from error
    except (ValueError, ImportError) as error:  # pandas' own errors are ValueErrors
        said = " ".join(str(error).split())
        raise InputError(f"{path} is no CSV with a header: {said}") from error
