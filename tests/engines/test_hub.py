"""Getting models: local folders, the hub's cache, no network, safetensors only."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from evalkit.errors import ModelUnavailable
from evalkit.plan import Decoding
from evalkit.systems import open_system, run_system

from ..local_servers import HubHandler, served_as_hub

COMMIT = "0123456789abcdef0123456789abcdef01234567"
CONVERTED = "fedcba9876543210fedcba9876543210fedcba98"


def test_offline_a_model_that_is_not_here_says_what_to_do():
    with pytest.raises(
        ModelUnavailable, match=r"HF_HUB_OFFLINE is set: run `evalkit systems fetch"
    ):
        open_system("opus-mt")


def test_a_folder_that_is_not_there_or_holds_no_model(tmp_path):
    with pytest.raises(ModelUnavailable, match="no model folder"):
        open_system(f"hf:{tmp_path / 'none'}")
    with pytest.raises(ModelUnavailable, match=r"no config\.json"):
        open_system(f"hf:{tmp_path}")
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ModelUnavailable, match=r"no weights"):
        open_system(f"hf:{tmp_path}")


@pytest.fixture
def pickled(tiny_model, tmp_path) -> Path:
    """A Marian model whose weights are pickled."""
    import torch
    from safetensors.torch import load_file

    folder = tmp_path / "pickled"
    shutil.copytree(tiny_model("marian"), folder)
    torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()
    return folder


def test_pickled_weights_are_refused_unless_allowed(pickled, tiny_model):
    with pytest.raises(ModelUnavailable, match=r"only pickled weights.*--allow-pickle"):
        open_system(f"hf:{pickled}")
    decoding = Decoding(allow_pickle=True, max_new_tokens=8)
    result = run_system(open_system(f"hf:{pickled}", decoding), ["дом стоит"])
    assert (
        result.texts
        == run_system(
            open_system(f"hf:{tiny_model('marian')}", Decoding(max_new_tokens=8)), ["дом стоит"]
        ).texts
    )


def test_code_that_comes_with_a_model_is_not_run(tiny_model, tmp_path):
    folder = tmp_path / "hostile"
    shutil.copytree(tiny_model("marian"), folder)
    config = json.loads((folder / "config.json").read_text())
    config |= {
        "model_type": "never-heard-of",
        "auto_map": {"AutoConfig": "evil.Config", "AutoModelForSeq2SeqLM": "evil.Model"},
    }
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "evil.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    with pytest.raises(ModelUnavailable, match="cannot be loaded"):
        run_system(open_system(f"hf:{folder}"), ["дом"])
    assert not (tmp_path / "ran").exists()


def test_damaged_weights_are_one_clear_line(tiny_model, tmp_path):
    folder = tmp_path / "damaged"
    shutil.copytree(tiny_model("marian"), folder)
    (folder / "model.safetensors").write_bytes(b"\x10\0\0\0\0\0\0\0 not json")
    with pytest.raises(ModelUnavailable, match=r"damaged cannot be loaded: \S"):
        run_system(open_system(f"hf:{folder}"), ["дом"])


def test_the_fingerprint_covers_the_files_and_every_setting_that_matters(tiny_model, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(tiny_model("marian"), folder)

    def fingerprint(**decoding):
        return open_system(f"hf:{folder}", Decoding(**decoding)).fingerprint

    before = fingerprint()
    assert fingerprint(device="cpu", threads=1, batch_tokens=99) == before
    assert fingerprint(beam=2) == before, "the model's own beam, named"
    for change in (
        {"beam": 3},
        {"length_penalty": 0.6},
        {"dtype": "bfloat16"},
        {"max_new_tokens": 9},
        {"max_source_tokens": 50},
    ):
        assert fingerprint(**change) != before
    for name in ("model.safetensors", "generation_config.json", "vocab.json", "source.spm"):
        data = (folder / name).read_bytes()
        (folder / name).write_bytes(data + b" ")
        assert fingerprint() != before, name
        (folder / name).write_bytes(data)
    assert fingerprint() == before


class Hub(ThreadingHTTPServer):
    """A hub with one model, whose main revision is pickled and which has a safetensors variant."""

    daemon_threads = True

    def __init__(self, main: Path, variant: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.revisions = {"main": (COMMIT, main), "refs/pr/7": (CONVERTED, variant)}
        self.revisions |= {commit: (commit, folder) for commit, folder in self.revisions.values()}


class Handler(HubHandler):
    server: Hub

    def do_GET(self) -> object:
        path = unquote(urlsplit(self.path).path)
        if path.startswith("/api/models/org/mt/revision/"):
            return self._described(path.removeprefix("/api/models/org/mt/revision/"))
        if path == "/api/models/org/mt":
            return self._described("main")
        if path == "/api/models/org/mt/discussions":
            return self.send_json({"discussions": [DISCUSSION], "count": 1, "start": 0})
        if path.startswith("/api/models/org/mt/tree/"):
            folder = self.server.revisions[path.removeprefix("/api/models/org/mt/tree/")][1]
            return self.send_json([self._entry(file) for file in sorted(folder.iterdir())])
        if path.startswith("/org/mt/resolve/"):
            revision, _, name = path.removeprefix("/org/mt/resolve/").rpartition("/")
            if revision in self.server.revisions:
                commit, folder = self.server.revisions[revision]
                if (folder / name).is_file():
                    return self.send(
                        200,
                        (folder / name).read_bytes(),
                        X_Repo_Commit=commit,
                        ETag=f'"{commit}{name}"',
                    )
        error = "RepoNotFound" if "/none" in path else "EntryNotFound"
        return self.send(404, b"", X_Error_Code=error)

    def _described(self, revision: str) -> object:
        if revision not in self.server.revisions:
            return self.send(404, b"", X_Error_Code="RevisionNotFound")
        commit, folder = self.server.revisions[revision]
        files = [{"rfilename": file.name} for file in sorted(folder.iterdir())]
        return self.send_json(
            {"id": "org/mt", "modelId": "org/mt", "sha": commit, "siblings": files}
        )

    def _entry(self, file: Path) -> dict:
        return {"type": "file", "path": file.name, "size": file.stat().st_size, "oid": file.name}


DISCUSSION = {
    "num": 7,
    "title": "Adding `safetensors` variant of this model",
    "author": {"name": "SFconvertbot"},
    "status": "open",
    "isPullRequest": True,
    "createdAt": "2024-01-01T00:00:00.000Z",
    "repo": {"name": "org/mt", "type": "model"},
}


@pytest.fixture
def hub(pickled, tiny_model, tmp_path, monkeypatch) -> Iterator[Hub]:
    with served_as_hub(
        Hub(pickled, tiny_model("marian")), tmp_path / "hub-cache", monkeypatch
    ) as hub:
        yield hub


def test_a_model_is_fetched_as_safetensors_and_then_found_without_a_network(hub, monkeypatch):
    system = open_system("hf:org/mt")
    assert system.revision == CONVERTED
    assert system.model == "org/mt"
    assert not list(system.folder.glob("*.bin"))
    assert len(run_system(system, ["дом стоит"])) == 1
    hub.shutdown()
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert open_system("hf:org/mt").revision == CONVERTED


def test_pickled_weights_are_fetched_only_when_allowed(hub):
    assert open_system("hf:org/mt", Decoding(allow_pickle=True)).revision == COMMIT


def test_what_the_hub_does_not_have_is_told(hub):
    with pytest.raises(ModelUnavailable, match="no model org/none"):
        open_system("hf:org/none")
    with pytest.raises(ModelUnavailable, match="no revision 'v9'"):
        open_system("hf:org/mt@v9")


def test_a_hub_that_cannot_be_reached_is_no_long_wait(hub, monkeypatch):
    hub.shutdown()
    hub.server_close()
    began = time.monotonic()
    with pytest.raises(ModelUnavailable, match=r"cannot fetch org/other .*evalkit systems fetch"):
        open_system("hf:org/other")
    assert time.monotonic() - began < 15
