"""Asking many questions of a chat endpoint at once, over the client that systems use."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Sequence

from evalkit.data import Translation
from evalkit.metrics.gemba_prompts import Prompt
from evalkit.translate.chat import ChatClient
from evalkit.translate.settings import Settings


class JudgeClient:
    """Questions to an endpoint, a bounded number at once, with the time-outs and retries of `ChatClient`."""

    def __init__(self, model: str, settings: Settings) -> None:
        self._settings = settings
        client = _Question(model, "", settings)
        self.model, self.base_url = client.model, client.base_url

    def ask(self, prompts: Sequence[Prompt]) -> list[str]:
        """A reply to each prompt, in order; "" where the endpoint's answer holds no text.

        Raises:
            ModelUnavailable: the endpoint cannot be reached, refuses the key or has no such model.
            EvalkitError: it went on failing.
        """
        distinct = list(dict.fromkeys(prompts))
        waiting: queue.SimpleQueue[Prompt] = queue.SimpleQueue()
        done: queue.SimpleQueue[tuple[Prompt, str | Exception]] = queue.SimpleQueue()
        for prompt in distinct:
            waiting.put(prompt)
        stop = threading.Event()
        for _ in range(min(self._settings.requests, len(distinct))):
            # Daemons: an interrupted run need not wait for replies that are under way.
            arguments = (waiting, done, stop)
            threading.Thread(target=self._work, args=arguments, daemon=True).start()
        replies: dict[Prompt, str] = {}
        try:
            for _ in distinct:
                prompt, reply = done.get()
                if isinstance(reply, Exception):
                    raise reply
                replies[prompt] = reply
        finally:
            stop.set()
        return [replies[prompt] for prompt in prompts]

    def _work(
        self,
        waiting: queue.SimpleQueue[Prompt],
        done: queue.SimpleQueue[tuple[Prompt, str | Exception]],
        stop: threading.Event,
    ) -> None:
        while not stop.is_set():
            try:
                prompt = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                client = _Question(self.model, prompt.instruction, self._settings)
                done.put((prompt, client.translate(prompt.message, stop).text))
            except Exception as error:  # handed to the thread that waits
                done.put((prompt, error))
                return


class _Question(ChatClient):
    """A request whose reply is kept as it came: spaces and line ends too, and what is no reply at all."""

    def _ask(self, source: str) -> Translation:
        most = self.settings.max_new_tokens
        reply = self._post(
            {
                "model": self.model,
                "temperature": 0,
                "messages": [
                    {"role": "system", "content": self.instruction},
                    {"role": "user", "content": source},
                ],
                **({"max_tokens": most} if most else {}),
            }
        )
        try:
            text = json.loads(reply)["choices"][0]["message"]["content"]
        except (ValueError, KeyError, IndexError, TypeError, RecursionError):
            text = None
        if not isinstance(text, str):
            text = reply.decode("utf-8", "replace")
        # What UTF-8 cannot hold could not be written into a report.
        return Translation(text.encode("utf-8", "replace").decode("utf-8"))
