"""`builtin`: the small Russian-English model that is part of the package."""

from __future__ import annotations

from pathlib import Path

from evalkit.errors import ModelUnavailable
from evalkit.translate.local_model import LocalModel
from evalkit.translate.settings import Settings

FOLDER = Path(__file__).parent / "builtin"
# It learned from sentences of up to 100 tokens.
LONGEST_PIECE = 100
NOTE = (
    "the small model inside evalkit, a baseline far below current systems: its scores say little"
    " about the provided text; use --mt opus-mt or better for figures that count"
)


def open_builtin(name: str, spec: str, argument: str, settings: Settings) -> LocalModel:
    """Open the shipped model; needs no network.

    Raises:
        ModelUnavailable: this installation was made without the model's files.
    """
    if not (FOLDER / "config.json").is_file():
        raise ModelUnavailable(
            "this installation of evalkit lacks its model: install the wheel, or use another system"
        )
    return LocalModel(
        name, spec, FOLDER, settings, model="builtin", longest_piece=LONGEST_PIECE, note=NOTE
    )
