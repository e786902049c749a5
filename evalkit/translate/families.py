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
    forced_bos / decoder_start: token ids for generation, or None.
    """

    prefix: str = ""
    source_code: str | None = None
    forced_bos: int | None = None
    decoder_start: int | None = None


def direction(model_type: str, tokenizer: Any) -> Direction:
    """Choose by the configuration's model type and what the tokenizer's vocabulary holds.

    A type that is not known is taken to need nothing, as bilingual models do.
    """
    if model_type == "marian":
        # Models into several languages name the target; those into English alone have no such token.
        return Direction(prefix=">>eng<< " if _id(tokenizer, ">>eng<<") is not None else "")
    if model_type in ("m2m_100", "nllb-moe"):
        if (english := _id(tokenizer, "eng_Latn")) is not None:
            return Direction(source_code="rus_Cyrl", forced_bos=english)
        return Direction(source_code="ru", forced_bos=_id(tokenizer, "__en__"))
    if model_type == "mbart":
        english = _id(tokenizer, "en_XX")
        # Persian came with mBART-50, which forces the target as first token; mBART starts with it.
        if _id(tokenizer, "fa_IR") is not None:
            return Direction(source_code="ru_RU", forced_bos=english)
        return Direction(source_code="ru_RU", decoder_start=english)
    if model_type in ("t5", "mt5", "umt5"):
        madlad = _id(tokenizer, "<2en>") is not None
        return Direction(prefix="<2en> " if madlad else "translate Russian to English: ")
    return Direction()


def _id(tokenizer: Any, token: str) -> int | None:
    found = tokenizer.convert_tokens_to_ids(token)
    return None if found is None or found == tokenizer.unk_token_id else found
