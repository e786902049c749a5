"""`builtin`: the small Russian-English model that is part of the package."""

from __future__ import annotations

from evalkit.engines.model_folder import BUILTIN_MODEL
from evalkit.errors import InputError, ModelUnavailable
from evalkit.systems.base import Request
from evalkit.systems.model import ModelSystem

# The pair it was trained for.
LANGUAGE_PAIR = "ru-en"
# It learned from sentences of up to 100 tokens.
LONGEST_PIECE = 100
NOTE = (
    "the small model inside evalkit, a baseline far below current systems: its scores say little"
    " about the provided text; use --mt opus-mt or better for figures that count"
)


def open_builtin(request: Request) -> ModelSystem:
    """Open the shipped model; needs no network.

    Raises:
        InputError: another pair of languages is wanted.
        ModelUnavailable: this installation was made without the model's files.
    """
    if request.pair.code != LANGUAGE_PAIR:
        raise InputError(
            f"builtin translates {LANGUAGE_PAIR} alone: for {request.pair.code} name a system with --mt"
        )
    if not (BUILTIN_MODEL / "config.json").is_file():
        raise ModelUnavailable(
            "this installation of evalkit lacks its model: install the wheel, or use another system"
        )
    return ModelSystem(
        request, BUILTIN_MODEL, model="builtin", longest_piece=LONGEST_PIECE, note=NOTE
    )
