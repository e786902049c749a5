"""Tables that users give: the CSV of a run, or any of scores."""

from __future__ import annotations

import json
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


def read_run(path: str | Path) -> pd.DataFrame:
    """The rows of a run that have a source: what is only provided has nothing to be found again by.

    Raises:
        InputError: the file cannot be read, has no sources, or findings that are no JSON.
    """
    rows = read_table(path)
    if "source" not in rows.columns:
        raise InputError(f"{path} has no column source: give the CSV of `evaluate` or `check`")
    for number, cell in enumerate(rows.get("findings", ()), 1):
        try:
            json.loads(cell or "[]")
        except (ValueError, TypeError):
            raise InputError(
                f"{path}, row {number}: findings are a JSON list, not {cell!r}"
            ) from None
    return rows[rows["source"] != ""].reset_index(drop=True)
