"""Languages as data. A new one is one file here, ``CODE.py``, with a `Language` called LANGUAGE."""

from evalkit.languages.base import Language
from evalkit.languages.pairs import LanguagePair, known_codes, language, language_pair

__all__ = ["Language", "LanguagePair", "known_codes", "language", "language_pair"]
