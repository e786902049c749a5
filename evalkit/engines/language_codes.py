"""How each family of models is told which language to translate from, and into which.

Sources: the model cards and papers of OPUS-MT (Tiedemann 2020), NLLB-200 (2022), M2M-100 (Fan et
al. 2020), mBART (Liu et al. 2020), mBART-50 (Tang et al. 2020), T5 (Raffel et al. 2020) and
MADLAD-400 (Kudugunta et al. 2023). The codes themselves are in `evalkit.languages`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from evalkit.languages import LanguagePair


@dataclass(frozen=True, slots=True)
class Direction:
    """The direction of translation as a model is told it.

    prefix: put before every source. source_code: the tokenizer's ``src_lang``, or None.
    forced_bos, decoder_start: tokens of the output, its first after the start, and the start itself.
    """

    prefix: str = ""
    source_code: str | None = None
    forced_bos: str | None = None
    decoder_start: str | None = None


def direction(model_type: str, tokenizer: Any, pair: LanguagePair) -> Direction:
    """Choose by the language tokens of the vocabulary; plain T5, which has none, by its type.

    A model without any is taken to be bilingual and to need nothing.
    """
    source, target = pair.source.codes, pair.target.codes

    def has(token: str) -> bool:
        found = tokenizer.convert_tokens_to_ids(token)
        return found is not None and found != tokenizer.unk_token_id

    if has(target["nllb"]):
        return Direction(source_code=source["nllb"], forced_bos=target["nllb"])
    if has(f"__{target['m2m100']}__"):
        return Direction(source_code=source["m2m100"], forced_bos=f"__{target['m2m100']}__")
    if has(
        target["mbart"]
    ):  # mBART-50 (Persian came with it) forces the target, mBART starts with it
        if has("fa_IR"):
            return Direction(source_code=source["mbart"], forced_bos=target["mbart"])
        return Direction(source_code=source["mbart"], decoder_start=target["mbart"])
    if has(f"<2{target['madlad']}>"):
        return Direction(prefix=f"<2{target['madlad']}> ")
    if has(f">>{target['marian']}<<"):  # OPUS-MT into several languages
        return Direction(prefix=f">>{target['marian']}<< ")
    if model_type in ("t5", "mt5", "umt5"):
        return Direction(prefix=f"translate {source['t5']} to {target['t5']}: ")
    return Direction()
