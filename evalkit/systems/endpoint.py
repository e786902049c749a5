"""`openai:`: a model behind an OpenAI-compatible endpoint (a service, vLLM, llama.cpp, Ollama...)."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator, Mapping, Sequence

from evalkit.checks.translations import checked
from evalkit.data import Translation
from evalkit.engines.chat import ChatClient
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
        self.client = ChatClient(request.argument, self.instruction, request.decoding)
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
        waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
        done: queue.SimpleQueue[tuple[int, Translation | Exception]] = queue.SimpleQueue()
        for index in range(len(sources)):
            waiting.put(index)
        stop = threading.Event()
        for _ in range(min(self.decoding.requests, len(sources))):
            # Daemons: an interrupted run need not wait for replies that are under way.
            arguments = (sources, waiting, done, stop)
            threading.Thread(target=self._work, args=arguments, daemon=True).start()
        try:
            for _ in range(len(sources)):
                index, result = done.get()
                if isinstance(result, Exception):
                    raise result
                yield [(index, result)]
        finally:
            stop.set()

    def _work(
        self,
        sources: Sequence[str],
        waiting: queue.SimpleQueue[int],
        done: queue.SimpleQueue[tuple[int, Translation | Exception]],
        stop: threading.Event,
    ) -> None:
        while not stop.is_set():
            try:
                index = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                done.put((index, self._translated(sources[index], stop)))
            except Exception as error:  # handed to the thread that waits
                done.put((index, error))
                return

    def _translated(self, source: str, stop: threading.Event) -> Translation:
        if not source.strip():
            return Translation("")
        reply = self.client.ask(source, stop)
        return checked(source, " ".join(reply.text.split()), cut=reply.cut)
