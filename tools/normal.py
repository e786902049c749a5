"""Character rules for SentencePiece: NFKC, Russian stress marks dropped, plain quotes."""

from __future__ import annotations

import sys
import unicodedata
from pathlib import Path

OWN = {
    "“": '"',
    "”": '"',
    "„": '"',
    "‟": '"',
    "’": "'",
    "‘": "'",
    "‚": "'",
    "´": "'",
    "‐": "-",
    "‑": "-",
    "‒": "–",
    "−": "-",
    "…": "...",
    "\u00ad": "",
    "\u0301": "",
    "\u0300": "",
    "\u200b": "",
    "\u200c": "",
    "\u200d": "",
    "\ufeff": "",
    "\u2028": " ",
    "\u2029": " ",
    "\u0085": " ",
    "\t": " ",
    "\r": " ",
    "\n": " ",
}


def rules() -> dict[str, str]:
    """What each character, or letter with its mark, becomes."""
    found = {}
    for code in range(0x20, sys.maxunicode + 1):
        character = chr(code)
        if unicodedata.category(character) in ("Cs", "Co", "Cn") or 0xAC00 <= code < 0xD7A4:
            continue
        plain = unicodedata.normalize("NFKC", character)
        if plain != character:
            found[character] = plain
        apart = unicodedata.normalize("NFD", character)
        if len(apart) == 2 and unicodedata.normalize("NFC", apart) == character:
            found[apart] = character
    return found | OWN


def write_rules(path: Path) -> Path:
    """Write the rules as SentencePiece's normalization_rule_tsv reads them."""

    def codes(text: str) -> str:
        return " ".join(f"{ord(c):X}" for c in text)

    path.write_text(
        "".join(f"{codes(a)}\t{codes(b)}\n" for a, b in sorted(rules().items())), encoding="ascii"
    )
    return path
