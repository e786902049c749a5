"""Where evalkit keeps what it can make again."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder() -> Path:
    """$EVALKIT_CACHE, else the user's cache folder on this system."""
    if folder := os.environ.get("EVALKIT_CACHE"):
        return Path(folder)
    import platformdirs

    return Path(platformdirs.user_cache_dir("evalkit", appauthor=False))
