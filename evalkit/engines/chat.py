"""Questions to an OpenAI-compatible chat endpoint, several at once, with time-outs and retries.

The standard library's client is enough for a POST of JSON, and adds no dependency.
"""

from __future__ import annotations

import http.client
import json
import os
import queue
import random
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from evalkit.errors import EvalkitError, ModelUnavailable
from evalkit.plan import Decoding

DEFAULT_URL = "https://api.openai.com/v1"
TRIES = 6
TRIES_TO_REACH = 3
FIRST_WAIT = 1.0
LONGEST_WAIT = 60.0
LONGEST_REPLY = 1 << 20


class _Passing(Exception):
    """A fault that may pass: too many requests, a server at its limit, a cut connection."""

    def __init__(self, reason: str, wait: float | None = None, unreachable: bool = False) -> None:
        super().__init__(reason)
        self.wait, self.unreachable = wait, unreachable


@dataclass(frozen=True, slots=True)
class Question:
    """What an endpoint is asked: the instruction, as the system's message, and the user's message."""

    instruction: str
    message: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What an endpoint answered. ``cut``: it reached the limit of its length."""

    text: str
    cut: bool


class ChatClient:
    """Base URL and key come from OPENAI_BASE_URL and OPENAI_API_KEY; the key appears nowhere else."""

    def __init__(self, model: str, decoding: Decoding) -> None:
        self.model, self.decoding = model, decoding
        self.base_url = (os.environ.get("OPENAI_BASE_URL") or DEFAULT_URL).rstrip("/")
        self._key = os.environ.get("OPENAI_API_KEY", "")
        if not self._key and self.base_url == DEFAULT_URL:
            raise ModelUnavailable(
                f"openai:{model} needs OPENAI_API_KEY, or OPENAI_BASE_URL for another endpoint"
            )
        if not self.base_url.startswith(("http://", "https://")):
            raise ModelUnavailable(f"OPENAI_BASE_URL is not an http address: {self.base_url}")

    def ask(self, question: Question, stop: threading.Event, *, malformed: bool = False) -> Reply:
        """Ask until there is an answer, at most `TRIES` times, waiting ever longer between.

        Args:
            malformed: give what is not a reply as it came, instead of raising an error.

        Raises:
            ModelUnavailable: the endpoint cannot be reached, refuses the key or has no such model.
            EvalkitError: it went on failing, or gave what is not a reply.
        """
        for attempt in range(TRIES):
            try:
                return self._ask(question, malformed)
            except _Passing as fault:
                tries = TRIES_TO_REACH if fault.unreachable else TRIES
                if attempt + 1 >= tries or stop.is_set():
                    kind = ModelUnavailable if fault.unreachable else EvalkitError
                    raise kind(f"{self._where()}: {fault} ({attempt + 1} tries)") from fault
                backoff = min(FIRST_WAIT * 2**attempt, LONGEST_WAIT) * random.uniform(0.75, 1.25)
                stop.wait(backoff if fault.wait is None else min(fault.wait, LONGEST_WAIT))
        raise AssertionError("unreachable")

    def _ask(self, question: Question, malformed: bool) -> Reply:
        reply = self._post(
            {
                "model": self.model,
                "temperature": 0,
                "messages": [
                    {"role": "system", "content": question.instruction},
                    {"role": "user", "content": question.message},
                ],
                **({"max_tokens": n} if (n := self.decoding.max_new_tokens) else {}),
            }
        )
        try:
            choice = json.loads(reply)["choices"][0]
            text = choice["message"]["content"]
            if not isinstance(text, str):
                raise TypeError("content is not text")
        except (
            *(ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError),
        ) as error:
            if malformed:
                return Reply(reply.decode("utf-8", "replace"), cut=False)
            raise EvalkitError(
                f"{self._where()}: malformed reply ({type(error).__name__}): {reply[:80]!r}"
            ) from error
        # What UTF-8 cannot hold could not be written into a report.
        text = text.encode("utf-8", "replace").decode("utf-8")
        return Reply(text, cut=choice.get("finish_reason") == "length")

    def ask_all(
        self, questions: Sequence[Question], *, malformed: bool = False
    ) -> Iterator[tuple[int, Reply]]:
        """Yield (position, reply) as replies come; `Decoding.requests` questions are asked at once.

        Args, Raises: as `ask`.
        """
        waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
        done: queue.SimpleQueue[tuple[int, Reply | Exception]] = queue.SimpleQueue()
        for index in range(len(questions)):
            waiting.put(index)
        stop = threading.Event()

        def work() -> None:
            while not stop.is_set():
                try:
                    index = waiting.get_nowait()
                except queue.Empty:
                    return
                try:
                    done.put((index, self.ask(questions[index], stop, malformed=malformed)))
                except Exception as error:  # handed to the thread that waits
                    done.put((index, error))
                    return

        for _ in range(min(self.decoding.requests, len(questions))):
            # Daemons: an interrupted run need not wait for replies that are under way.
            threading.Thread(target=work, daemon=True).start()
        try:
            for _ in range(len(questions)):
                index, result = done.get()
                if isinstance(result, Exception):
                    raise result
                yield index, result
        finally:
            stop.set()

    def _post(self, body: dict[str, Any]) -> bytes:
        headers = {"Content-Type": "application/json"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        request = urllib.request.Request(
            f"{self.base_url}/chat/completions", json.dumps(body).encode(), headers
        )
        deadline = time.monotonic() + self.decoding.timeout
        try:
            with urllib.request.urlopen(request, timeout=self.decoding.timeout) as response:
                return _read_until(response, deadline)
        except urllib.error.HTTPError as error:
            with error:
                raise self._refused(error) from error
        except TimeoutError as error:
            raise _Passing(f"no answer within {self.decoding.timeout:g} seconds") from error
        except urllib.error.URLError as error:
            timed_out = isinstance(error.reason, TimeoutError)
            raise _Passing(
                f"cannot be reached: {error.reason}", unreachable=not timed_out
            ) from error
        except (http.client.HTTPException, ConnectionError) as error:
            raise _Passing(f"the connection was cut off ({type(error).__name__})") from error

    def _refused(self, error: urllib.error.HTTPError) -> Exception:
        message = f"HTTP {error.code} {_message(error)}".strip()
        if error.code in (408, 409, 429) or error.code >= 500:
            after = error.headers.get("Retry-After", "")
            return _Passing(message, float(after) if after.isdigit() else None)
        if error.code in (401, 403, 404):
            return ModelUnavailable(
                f"{self._where()}: {message}: check OPENAI_API_KEY, OPENAI_BASE_URL and the model"
            )
        return EvalkitError(f"{self._where()}: {message}")

    def _where(self) -> str:
        return f"openai:{self.model} at {self.base_url}"


def _read_until(response: http.client.HTTPResponse, deadline: float) -> bytes:
    """The whole reply; each read has its time-out, all of them together have the deadline."""
    parts, size = [], 0
    while part := response.read1(65536):
        parts.append(part)
        size += len(part)
        if size > LONGEST_REPLY:
            raise EvalkitError("the endpoint's reply is longer than any translation")
        if time.monotonic() > deadline:
            raise TimeoutError
    if response.length:
        raise http.client.IncompleteRead(b"".join(parts), response.length)
    return b"".join(parts)


def _message(error: urllib.error.HTTPError) -> str:
    """What the endpoint says of the error, on one short line."""
    try:
        text = json.loads(error.read(LONGEST_REPLY))["error"]["message"]
    except Exception:  # whatever it is, it is only an explanation
        text = error.reason
    return " ".join(str(text).split())[:200]
