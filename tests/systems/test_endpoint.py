"""`openai:`: an endpoint with all the faults that endpoints have."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import ThreadingHTTPServer

import pytest

from evalkit.engines import chat
from evalkit.errors import EvalkitError, ModelUnavailable
from evalkit.memory import Memory
from evalkit.plan import Decoding
from evalkit.systems import open_system, run_system

from ..local_servers import AnsweringHandler, served_as_endpoint


def reply(text: object, finish: str = "stop") -> bytes:
    return json.dumps(
        {"choices": [{"message": {"content": text}, "finish_reason": finish}]}
    ).encode()


class Server(ThreadingHTTPServer):
    """Answers in capitals; ``fault`` may send something else and return True."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests: list[dict] = []
        self.headers: list[dict] = []
        self.at_once = self.most_at_once = 0
        self.lock = threading.Lock()
        self.fault: Callable[[Handler, str, int], bool] = lambda handler, text, nth: False


class Handler(AnsweringHandler):
    server: Server

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        server = self.server
        with server.lock:
            server.requests.append(body | {"path": self.path})
            server.headers.append(dict(self.headers))
            server.at_once += 1
            server.most_at_once = max(server.most_at_once, server.at_once)
            text = body["messages"][-1]["content"]
            nth = sum(r["messages"][-1]["content"] == text for r in server.requests)
        # A request ends before its reply goes out: with that the client may send the next one.
        try:
            answered = server.fault(self, text, nth)
        finally:
            with server.lock:
                server.at_once -= 1
        if not answered:
            self.send(200, reply(text.upper()))


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with served_as_endpoint(Server(), monkeypatch) as server:
        yield server


SOURCES = ["дом", "река", "холм"]


def test_a_request_a_sentence_at_temperature_zero(server):
    result = run_system(open_system("openai:gpt"), SOURCES)
    assert result.texts == ["ДОМ", "РЕКА", "ХОЛМ"]
    assert {r["path"] for r in server.requests} == {"/v1/chat/completions"}
    assert {r["temperature"] for r in server.requests} == {0}
    assert {r["model"] for r in server.requests} == {"gpt"}
    assert server.headers[0]["Authorization"] == "Bearer secret-key"


def test_the_key_is_in_no_fingerprint(server):
    assert "secret-key" not in json.dumps(dict(open_system("openai:gpt").fingerprint))


def test_requests_at_once_are_bounded(server):
    server.fault = lambda handler, text, nth: time.sleep(0.02)
    run_system(open_system("openai:gpt", Decoding(requests=3)), [f"дом {k}" for k in range(20)])
    assert 1 < server.most_at_once <= 3


def too_many(handler, text, nth):
    return nth < 3 and handler.send(429, b"{}", Retry_After="0")


def broken(handler, text, nth):
    return nth < 3 and handler.send(500 + nth, b"oops")


def cut_off(handler, text, nth):
    if nth < 3:
        handler.send_response(200)
        handler.send_header("Content-Length", "5000")
        handler.end_headers()
        handler.wfile.write(reply(text)[:20])
        handler.close_connection = True
    return nth < 3


def dropped(handler, text, nth):
    if nth < 3:
        handler.close_connection = True
        handler.connection.close()
    return nth < 3


def slow(handler, text, nth):
    if nth == 1:
        time.sleep(1.2)
    return False


@pytest.mark.parametrize("fault", [too_many, broken, cut_off, dropped, slow])
def test_what_passes_is_tried_again(server, fault):
    server.fault = fault
    system = open_system("openai:gpt", Decoding(timeout=0.4))
    assert run_system(system, SOURCES).texts == ["ДОМ", "РЕКА", "ХОЛМ"]
    assert len(server.requests) > 3


def test_what_does_not_pass_ends_after_some_tries_and_keeps_what_was_done(server):
    server.fault = lambda handler, text, nth: (
        text == "холм" and handler.send(429, b'{"error": {"message": "slow down"}}')
    )
    memory, system = Memory(), open_system("openai:gpt", Decoding(requests=1))
    with pytest.raises(EvalkitError, match=r"openai:gpt at http.*HTTP 429 slow down \(6 tries\)"):
        run_system(system, SOURCES, memory=memory)
    assert len(memory.get_many(system.fingerprint, SOURCES)) == 2


@pytest.mark.parametrize(
    "data",
    [b"<html>", b"{}", b"[]", b'{"choices": []}', reply(None), reply(["x"]), b'{"choices": [1]}'],
)
def test_a_malformed_reply_is_an_error_and_not_a_translation(server, data):
    server.fault = lambda handler, text, nth: handler.send(200, data)
    with pytest.raises(EvalkitError, match="malformed reply"):
        run_system(open_system("openai:gpt"), ["дом"])
    assert len(server.requests) == 1


@pytest.mark.parametrize("code", [401, 403, 404])
def test_a_refused_key_or_an_unknown_model_is_a_system_that_cannot_be_had(server, code):
    server.fault = lambda handler, text, nth: handler.send(code, b"{}")
    with pytest.raises(ModelUnavailable, match=rf"HTTP {code}.*check OPENAI_API_KEY"):
        run_system(open_system("openai:gpt"), ["дом"])


def test_an_endpoint_that_is_not_there(monkeypatch):
    monkeypatch.setattr(chat, "FIRST_WAIT", 0.01)
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    with pytest.raises(ModelUnavailable, match="cannot be reached"):
        run_system(open_system("openai:gpt"), ["дом"])


def test_no_key_for_the_default_endpoint(monkeypatch):
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(ModelUnavailable, match="needs OPENAI_API_KEY"):
        open_system("openai:gpt")


def test_a_reply_on_several_lines_becomes_one_and_one_at_the_limit_is_cut(server):
    server.fault = lambda handler, text, nth: handler.send(200, reply("The\nhouse ", "length"))
    (translation,) = run_system(open_system("openai:gpt"), ["дом"])
    assert (translation.text, translation.flags) == ("The house", ("cut",))


def test_an_interrupt_does_not_wait_for_replies_under_way(server):
    server.fault = lambda handler, text, nth: text == "холм" and time.sleep(5)
    system = open_system("openai:gpt")
    began = time.monotonic()
    batches = system.translate(SOURCES)
    assert len(next(batches)) == 1
    batches.close()
    assert time.monotonic() - began < 4
