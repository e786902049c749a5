"""Languages by code, and the pair of a run."""

from __future__ import annotations

import importlib
import pkgutil
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from evalkit.errors import InputError
from evalkit.languages.base import Language

_CODE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True)
class LanguagePair:
    """The language of the source, and that of the provided text and of all translations."""

    source: Language
    target: Language

    @property
    def code(self) -> str:
        """As sacreBLEU writes it: "ru-en"."""
        return f"{self.source.code}-{self.target.code}"

    @property
    def same_script(self) -> bool:
        """Whether letters cannot tell the two languages apart."""
        return self.source.script == self.target.script


def known_codes() -> list[str]:
    """The codes of all languages of this folder."""
    names = (module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    return sorted(name for name in names if _CODE.fullmatch(name))


@cache
def language(code: str) -> Language:
    """The language of this code.

    Raises:
        InputError: it is not among `known_codes`.
    """
    if code not in known_codes():
        raise InputError(f"unknown language {code!r}; there are {', '.join(known_codes())}")
    found: Language = importlib.import_module(f"evalkit.languages.{code}").LANGUAGE
    return found


@cache
def language_pair(code: str) -> LanguagePair:
    """The pair of a code such as "ru-en".

    Raises:
        InputError: it is no pair of two different known languages.
    """
    source, dash, target = code.partition("-")
    if not dash or source == target:
        raise InputError(f"{code!r} is no language pair: give two languages, such as ru-en")
    return LanguagePair(language(source), language(target))
