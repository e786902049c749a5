"""How each family of models is told to translate from Russian to English.

Sources: the model cards and papers of OPUS-MT (Tiedemann 2020), NLLB-200 (2022), M2M-100 (Fan et
al. 2020), mBART (Liu et al. 2020), mBART-50 (Tang et al. 2020), T5 (Raffel et al. 2020) and
MADLAD-400 (Kudugunta et al. 2023).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Direction:
    """Russian to English as a model is told it.

    prefix: put before every source. source_code: the tokenizer's ``src_lang``, or None.
    forced_bos, decoder_start: tokens of the output, its first after the start, and the start itself.
    """

    prefix: str = ""
    source_code: str | None = None
    forced_bos: str | None = None
    decoder_start: str | None = None


def direction(model_type: str, tokenizer: Any) -> Direction:
    """Choose by the language tokens of the vocabulary; plain T5, which has none, by its type.

    A model without any is taken to be bilingual and to need nothing.
    """

    def has(token: str) -> bool:
        found = tokenizer.convert_tokens_to_ids(token)
        return found is not None and found != tokenizer.unk_token_id

    if has("eng_Latn"):  # NLLB-200
        return Direction(source_code="rus_Cyrl", forced_bos="eng_Latn")
    if has("__en__"):  # M2M-100
        return Direction(source_code="ru", forced_bos="__en__")
    if has("en_XX"):  # mBART-50 (Persian came with it) forces the target, mBART starts with it
        if has("fa_IR"):
            return Direction(source_code="ru_RU", forced_bos="en_XX")
        return Direction(source_code="ru_RU", decoder_start="en_XX")
    if has("<2en>"):  # MADLAD-400
        return Direction(prefix="<2en> ")
    if has(">>eng<<"):  # OPUS-MT into several languages
        return Direction(prefix=">>eng<< ")
    if model_type in ("t5", "mt5", "umt5"):
        return Direction(prefix="translate Russian to English: ")
    return Direction()
