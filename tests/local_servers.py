"""Servers on this machine that stand for the model hub and for a language model's endpoint."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TypeVar

import pytest

Server = TypeVar("Server", bound=ThreadingHTTPServer)


class AnsweringHandler(BaseHTTPRequestHandler):
    """A handler that says nothing on standard error and sends whole answers."""

    def log_message(self, *arguments: object) -> None: ...

    def send(self, code: int, data: bytes, **headers: str) -> bool:
        """Send an answer; ``_`` in the names of headers stands for ``-``. Returns True."""
        self.send_response(code)
        for name, value in {"Content-Length": str(len(data)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)
        return True

    def send_json(self, value: object) -> bool:
        return self.send(200, json.dumps(value).encode())


class HubHandler(AnsweringHandler):
    """A handler of a hub, whose client asks for headers as well."""

    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> object:
        raise NotImplementedError


@contextmanager
def served(server: Server) -> Iterator[Server]:
    """The server at work within the block."""
    with server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def address(server: ThreadingHTTPServer) -> str:
    return f"http://127.0.0.1:{server.server_port}"


@contextmanager
def served_as_hub(server: Server, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """The server in the place of the hub, with a cache of its own."""
    from huggingface_hub import constants, hf_api

    with served(server):
        endpoint = address(server)
        values = {
            "ENDPOINT": endpoint,
            "HUGGINGFACE_CO_URL_TEMPLATE": endpoint + "/{repo_id}/resolve/{revision}/{filename}",
            "HF_HUB_CACHE": str(cache),
            "HF_HUB_OFFLINE": False,
        }
        for name, value in values.items():
            monkeypatch.setattr(constants, name, value)
        monkeypatch.setenv("HF_HUB_OFFLINE", "0")
        init = hf_api.HfApi.__init__

        def with_endpoint(self, *arguments, **options):
            init(self, *arguments, **({"endpoint": endpoint} | options))

        monkeypatch.setattr(hf_api.HfApi, "__init__", with_endpoint)
        yield server


@contextmanager
def served_as_endpoint(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """The server in the place of a language model's endpoint, at which nobody waits long."""
    from evalkit.engines import chat

    with served(server):
        monkeypatch.setenv("OPENAI_BASE_URL", f"{address(server)}/v1/")
        monkeypatch.setenv("OPENAI_API_KEY", "secret-key")
        monkeypatch.setattr(chat, "FIRST_WAIT", 0.01)
        yield server
