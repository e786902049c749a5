"""Texts to tokens, and sequences of several texts, as COMET's encoders join them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evalkit.errors import ModelUnavailable, first_line

TOKENIZER_FILES = ("tokenizer.json", "sentencepiece.bpe.model", "sentencepiece.model", "vocab.txt")


@dataclass(frozen=True, slots=True)
class Tokens:
    """One text: ids with the first and last special token, and the characters each came from.

    ``cut``: the text was longer than the encoder takes.
    """

    ids: tuple[int, ...]
    offsets: tuple[tuple[int, int], ...]
    cut: bool


@dataclass(frozen=True, slots=True)
class Sequences:
    """Several texts in one input, the hypothesis first.

    tagged: tokens at its beginning that are the hypothesis's, special ones included.
    first_type: tokens at its beginning that have type 0 where the encoder knows types.
    """

    ids: tuple[int, ...]
    tagged: int
    first_type: int
    cut: bool


class Tokenizer:
    """The tokenizer of an encoder.

    Args:
        separators: how many separators stand between two texts: 2 in XLM-R, 1 in BERT.
        longest: the tokens of one text, special ones included.
        longest_joined: the tokens of several together.
    """

    def __init__(self, folder: Path, separators: int, longest: int, longest_joined: int) -> None:
        self._backend = _load(folder)
        self._separators, self.longest, self.longest_joined = separators, longest, longest_joined
        decoding = _read_json(folder / "tokenizer_config.json")
        self._tidy = decoding.get("clean_up_tokenization_spaces") is True
        ends = self._backend.encode("").ids
        if len(ends) != 2:
            raise ModelUnavailable(f"the tokenizer in {folder} puts no tokens around a text")
        self._first, self._last = ends
        self.pad = self._pad_id(folder, decoding)

    def encode(self, texts: Sequence[str]) -> list[Tokens]:
        """Tokens of each text, cut at `longest`."""
        if not texts:
            return []
        return [self._cut(encoding) for encoding in self._backend.encode_batch(list(texts))]

    def join(self, parts: Sequence[Tokens]) -> Sequences:
        """One sequence of several texts, cut at `longest_joined`."""
        # A padding token that a text spells out is lost here, as it is in COMET.
        inner = [tuple(i for i in part.ids if i != self.pad)[1:-1] for part in parts]
        ids = (self._first, *inner[0])
        for part in inner[1:]:
            ids += (self._last,) * self._separators + part
        ids += (self._last,)
        cut = len(ids) > self.longest_joined or any(part.cut for part in parts)
        first_type = len(inner[0]) + 2
        return Sequences(ids[: self.longest_joined], len(parts[0].ids), first_type, cut)

    def decode(self, ids: Sequence[int]) -> str:
        """The text of some tokens, special ones shown."""
        text: str = self._backend.decode(list(ids), skip_special_tokens=False)
        return _tidied(text) if self._tidy else text

    def _cut(self, encoding: Any) -> Tokens:
        ids, offsets = encoding.ids, encoding.offsets
        if len(ids) <= self.longest:
            return Tokens(tuple(ids), tuple(offsets), False)
        kept = self.longest - 1
        return Tokens((*ids[:kept], ids[-1]), (*offsets[:kept], offsets[-1]), True)

    def _pad_id(self, folder: Path, decoding: dict[str, Any]) -> int:
        special = _read_json(folder / "special_tokens_map.json") | decoding
        token = special.get("pad_token")
        name = token.get("content") if isinstance(token, dict) else token
        found = self._backend.token_to_id(name) if isinstance(name, str) else None
        if found is None:
            found = _read_json(folder / "config.json").get("pad_token_id", 0)
        return int(found)


def _load(folder: Path) -> Any:
    """The tokenizer that the folder's tokenizer.json describes, else what transformers makes of its files."""
    from tokenizers import Tokenizer as Backend

    try:
        if (folder / "tokenizer.json").is_file():
            backend = Backend.from_file(str(folder / "tokenizer.json"))
        else:
            from transformers import AutoTokenizer

            made = AutoTokenizer.from_pretrained(
                str(folder), local_files_only=True, trust_remote_code=False
            )
            backend = made.backend_tokenizer
    except Exception as error:  # the tokenizers library raises nothing more precise
        raise ModelUnavailable(
            f"the tokenizer in {folder} cannot be loaded: {first_line(error)}"
        ) from error
    backend.no_padding()
    backend.no_truncation()
    return backend


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


# transformers' `clean_up_tokenization`, in its order.
_TIDY = {
    " .": ".",
    " ?": "?",
    " !": "!",
    " ,": ",",
    " ' ": "'",
    " n't": "n't",
    " 'm": "'m",
    " 's": "'s",
    " 've": "'ve",
    " 're": "'re",
}


def _tidied(text: str) -> str:
    for apart, together in _TIDY.items():
        text = text.replace(apart, together)
    return text
