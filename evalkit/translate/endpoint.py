"""`openai:`: a model behind an OpenAI-compatible endpoint (a service, vLLM, llama.cpp, Ollama...)."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator, Mapping, Sequence

from evalkit.data import Translation
from evalkit.translate.chat import ChatClient
from evalkit.translate.settings import Settings

INSTRUCTION = (
    "You are a translator. Translate the user's Russian text into English. "
    "Reply with the translation alone, on one line."
)


class Endpoint:
    """A chat model as a system: one request a sentence, a bounded number at once."""

    recorded = False

    def __init__(self, name: str, spec: str, model: str, settings: Settings) -> None:
        self.name, self.spec, self.settings = name, spec, settings
        self.client = ChatClient(model, INSTRUCTION, settings)

    @property
    def fingerprint(self) -> Mapping[str, str]:
        return {
            "kind": "openai",
            "model": self.client.model,
            "base_url": self.client.base_url,
            "instruction": INSTRUCTION,
            "temperature": "0",
            "max_new_tokens": str(self.settings.max_new_tokens or "the endpoint's"),
        }

    def translate(self, sources: Sequence[str]) -> Iterator[list[tuple[int, Translation]]]:
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
        for _ in range(min(self.settings.requests, len(sources))):
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

    def _work(self, sources, waiting, done, stop) -> None:
        while not stop.is_set():
            try:
                index = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                done.put((index, self.client.translate(sources[index], stop)))
            except Exception as error:  # handed to the thread that waits
                done.put((index, error))
                return
