"""`openai:`: a model behind an OpenAI-compatible endpoint (a service, vLLM, llama.cpp, Ollama...)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from evalkit.checks.translations import checked
from evalkit.data import Translation
from evalkit.engines.chat import ChatClient, Question
from evalkit.systems.base import Batch, Request

INSTRUCTION = (
    "You are a translator. Translate the user's {source} text into {target}. "
    "Reply with the translation alone, on one line."
)


class Endpoint:
    """A chat model as a system: one request a sentence, a bounded number at once."""

    recorded = False
    note = ""

    def __init__(self, request: Request) -> None:
        self.name, self.spec, self.decoding = request.name, request.spec, request.decoding
        self.instruction = INSTRUCTION.format(
            source=request.pair.source.label, target=request.pair.target.label
        )
        self.client = ChatClient(request.argument, request.decoding)
        self.location = self.client.base_url

    @property
    def fingerprint(self) -> Mapping[str, str]:
        return {
            "kind": "openai",
            "model": self.client.model,
            "base_url": self.client.base_url,
            "instruction": self.instruction,
            "temperature": "0",
            "max_new_tokens": str(self.decoding.max_new_tokens or "the endpoint's"),
        }

    def translate(self, sources: Sequence[str]) -> Iterator[Batch]:
        """Yield translations as replies come.

        Raises:
            ModelUnavailable: the endpoint cannot be reached, refuses the key or has no such model.
            EvalkitError: it went on failing, or gave what is not a reply.
        """
        worded = [index for index, source in enumerate(sources) if source.strip()]
        blank = [(i, Translation("")) for i, source in enumerate(sources) if not source.strip()]
        if blank:
            yield blank
        questions = [Question(self.instruction, sources[index]) for index in worded]
        for position, reply in self.client.ask_all(questions):
            source = sources[worded[position]]
            text = " ".join(reply.text.split())
            yield [(worded[position], checked(source, text, cut=reply.cut))]
