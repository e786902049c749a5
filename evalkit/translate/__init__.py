"""The translate step: systems, batching, and the translation memory.

    system = open_system("builtin")
    translations = translate(system, ["Добрый день."], memory=Memory())

A new kind of system is one module here and one line in `registry.REGISTRY`.
"""

from evalkit.translate.memory import Memory
from evalkit.translate.recorded import Recorded
from evalkit.translate.registry import open_system, open_systems
from evalkit.translate.run import Translations, translate
from evalkit.translate.settings import Settings, System

__all__ = [
    "Memory",
    "Recorded",
    "Settings",
    "System",
    "Translations",
    "open_system",
    "open_systems",
    "translate",
]
