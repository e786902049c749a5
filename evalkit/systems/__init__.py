"""Systems: what translates, and what was translated before. A new kind is one file here and a line in `evalkit.plugins`."""

from evalkit.systems.base import Request, System
from evalkit.systems.recorded import Recorded
from evalkit.systems.registry import open_system, open_systems, parse_spec, require_names
from evalkit.systems.running import Translations, run_system

__all__ = [
    "Recorded",
    "Request",
    "System",
    "Translations",
    "open_system",
    "open_systems",
    "parse_spec",
    "require_names",
    "run_system",
]
