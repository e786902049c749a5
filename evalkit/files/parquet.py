"""Parquet, which an extra brings."""

from __future__ import annotations

from evalkit.errors import InputError


def require_pyarrow(what: str) -> None:
    """Raise InputError, which says for ``what`` it is needed, if Parquet can be neither read nor written."""
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        raise InputError(f"{what} needs pyarrow: pip install 'evalkit[parquet]'") from None
