"""The short names: well-known translation models.

Licences, sizes and languages are those of the model cards; sizes are of the 32-bit weights.
"""

from __future__ import annotations

from dataclasses import dataclass

from evalkit.errors import InputError
from evalkit.languages import LanguagePair


@dataclass(frozen=True, slots=True)
class Model:
    """A model of the hub. ``megabytes`` is about what is downloaded.

    ``{source}`` and ``{target}`` in ``repository`` stand for languages. ``sources`` are the languages it translates
    from, () for most there are.
    """

    repository: str
    licence: str
    parameters: str
    megabytes: int
    languages: str
    note: str
    sources: tuple[str, ...] = ()

    def described(self) -> dict[str, str]:
        """Labels and values for a reader."""
        return {
            "what": self.note,
            "languages": self.languages,
            "parameters": self.parameters,
            "download": f"about {self.megabytes:,} MB",
            "licence": self.licence,
        }


SHORT_NAMES = {
    "opus-mt": Model(
        "Helsinki-NLP/opus-mt-{source}-{target}",
        "CC-BY-4.0",
        "77 M",
        310,
        "a pair each",
        "Marian, small and quick; the usual baseline",
    ),
    "opus-mt-big": Model(
        "Helsinki-NLP/opus-mt-tc-big-zle-en",
        "CC-BY-4.0",
        "240 M",
        950,
        "East Slavic to English",
        "Marian, transformer-big; the best of the quick ones",
        ("ru", "uk"),
    ),
    "nllb-600m": Model(
        "facebook/nllb-200-distilled-600M",
        "CC-BY-NC-4.0",
        "600 M",
        2460,
        "200 languages",
        "NLLB-200, distilled; not for commercial use",
    ),
    "nllb-1.3b": Model(
        "facebook/nllb-200-distilled-1.3B",
        "CC-BY-NC-4.0",
        "1.3 B",
        5480,
        "200 languages",
        "NLLB-200, distilled; not for commercial use",
    ),
    "m2m100": Model(
        "facebook/m2m100_418M",
        "MIT",
        "418 M",
        1940,
        "100 languages",
        "M2M-100, many to many",
    ),
    "madlad-3b": Model(
        "google/madlad400-3b-mt",
        "Apache-2.0",
        "3 B",
        11800,
        "over 400 languages",
        "MADLAD-400 (T5); the strongest here, wants a GPU",
    ),
}


def repository_of(name: str, pair: LanguagePair) -> str:
    """The repository of a short name for a pair of languages.

    Raises:
        InputError: the model does not translate this pair.
    """
    model = SHORT_NAMES[name]
    if model.sources and (pair.source.code not in model.sources or pair.target.code != "en"):
        raise InputError(f"{name} does not translate {pair.code}: {model.languages} alone")
    return model.repository.format(source=pair.source.code, target=pair.target.code)


# The other forms a system can be named in, as `evalkit systems list` shows them.
KINDS = {
    "hf:ORG/NAME[@REVISION]": "any transformers sequence-to-sequence model of the hub",
    "FOLDER": "the same, from a local folder",
    "ct2:FOLDER": "a model converted to CTranslate2, with its tokenizer",
    "file:PATH": "recorded translations: line-parallel, or a table with a source column",
    "cmd:COMMAND": "a program that reads a line and writes a line",
    "openai:MODEL": "an OpenAI-compatible endpoint (OPENAI_BASE_URL, OPENAI_API_KEY)",
}
