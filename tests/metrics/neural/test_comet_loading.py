"""Opening checkpoints: formats, the hub, no network, licences, damaged and hostile files."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import torch
import yaml

from evalkit.engines import encoder_batches as batches
from evalkit.errors import EvalkitError, InputError, ModelUnavailable
from evalkit.metrics.base import Example
from evalkit.metrics.comet import Comet
from evalkit.plan import Decoding

from ...local_servers import HubHandler, served_as_hub

COMMIT = "0123456789abcdef0123456789abcdef01234567"
EXAMPLES = [Example("The house.", ("The hill.",), "Дом."), Example("Дом.", ("A house.",), "Дом.")]


def scores(folder: Path) -> list[float]:
    return [judgement.score for judgement in Comet(str(folder)).judge(EXAMPLES)]


def checkpoint_file(folder: Path) -> Path:
    return folder / "checkpoints" / "model.ckpt"


def test_a_checkpoint_is_kept_as_safetensors_and_read_from_there(
    checkpoint: Callable[..., Path], private_cache: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = checkpoint("regression_metric")
    before = scores(folder)
    (kept,) = (private_cache / "checkpoints").glob("*.safetensors")
    monkeypatch.setattr(torch, "load", lambda *a, **b: pytest.fail("the pickle is read again"))
    assert scores(folder) == before
    kept.write_bytes(b"\x10\0\0\0\0\0\0\0 not json")
    monkeypatch.undo()
    assert scores(folder) == before, "a damaged copy is made again"


def test_safetensors_are_preferred_where_there_are_any(checkpoint: Callable[..., Path]):
    from safetensors.torch import save_file

    folder = checkpoint("regression_metric")
    before = scores(folder)
    content = torch.load(checkpoint_file(folder), weights_only=True)
    save_file(content["state_dict"], folder / "checkpoints" / "model.safetensors")
    checkpoint_file(folder).write_bytes(b"no longer read")
    assert scores(folder) == before


class Hostile:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.path),)


@pytest.mark.parametrize("place", ["hyper_parameters", "state_dict"])
def test_a_pickle_that_would_run_code_is_refused_in_one_line(
    checkpoint: Callable[..., Path], tmp_path: Path, place: str, private_cache: Path
):
    folder = checkpoint("regression_metric")
    content = torch.load(checkpoint_file(folder), weights_only=True)
    content[place] = Hostile(tmp_path / "ran")
    torch.save(content, checkpoint_file(folder))
    with pytest.raises(ModelUnavailable, match=r"model\.ckpt is refused.*mkdir") as error:
        scores(folder)
    assert "\n" not in str(error.value)
    assert not (tmp_path / "ran").exists()
    assert not (private_cache / "checkpoints").exists()


@pytest.mark.parametrize("data", [b"", b"not a checkpoint", b"PK\x03\x04 a damaged archive"])
def test_a_damaged_checkpoint_is_one_clear_line(checkpoint: Callable[..., Path], data: bytes):
    folder = checkpoint("regression_metric")
    checkpoint_file(folder).write_bytes(data)
    with pytest.raises(ModelUnavailable, match=r"model\.ckpt ") as error:
        scores(folder)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"class_identifier": "ranking_metric"}, "class_identifier is 'ranking_metric'"),
        ({"layer": "all"}, "layer cannot be 'all'"),
        ({"layer": True}, "layer cannot be True"),
        ({"layer": 9}, "layer 9 of 4"),
        ({"pool": "mean"}, "pool cannot be 'mean'"),
        ({"encoder_model": "GPT"}, "unknown encoder_model 'GPT'"),
        ({"activations": "__import__"}, "unknown activation '__import__'"),
        ({"pretrained_model": ["a"]}, "pretrained_model cannot be"),
        ({"pretrained_model": "no/where"}, "the encoder no/where .*not on this machine"),
    ],
)
def test_options_that_cannot_be_are_told(
    checkpoint: Callable[..., Path], change: dict[str, object], message: str
):
    folder = checkpoint("regression_metric")
    path = folder / "hparams.yaml"
    path.write_text(yaml.safe_dump(yaml.safe_load(path.read_text()) | change))
    with pytest.raises(ModelUnavailable, match=message):
        scores(folder)


@pytest.mark.parametrize(
    "text", ["a: !!python/object/apply:os.mkdir [x]", "[", "- a", "a: [" * 5000]
)
def test_hostile_hparams_are_one_clear_line(
    checkpoint: Callable[..., Path], text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    folder = checkpoint("regression_metric")
    (folder / "hparams.yaml").write_text(text)
    with pytest.raises(ModelUnavailable, match=r"hparams\.yaml") as error:
        Comet(str(folder))
    assert "\n" not in str(error.value)
    assert not (tmp_path / "x").exists()


def test_weights_that_are_missing_or_of_another_shape_are_told(checkpoint: Callable[..., Path]):
    folder = checkpoint("unified_metric")
    content = torch.load(checkpoint_file(folder), weights_only=True)
    tensors = content["state_dict"]
    for name, changed, message in (
        ("estimator.ff.0.weight", torch.ones(3, 7), "estimator takes 7 features"),
        ("layerwise_attention.gamma", None, "has no layerwise_attention.gamma"),
        ("encoder.model.embeddings.LayerNorm.bias", None, "1 are missing"),
        ("encoder.model.embeddings.LayerNorm.bias", torch.ones(2), "does not fit the encoder"),
    ):
        others = {key: value for key, value in tensors.items() if key != name}
        others |= {} if changed is None else {name: changed}
        torch.save(content | {"state_dict": others}, checkpoint_file(folder))
        with pytest.raises(ModelUnavailable, match=message):
            scores(folder)


def test_a_folder_that_holds_no_checkpoint(tmp_path: Path):
    with pytest.raises(ModelUnavailable, match="no model folder"):
        Comet(str(tmp_path / "none"))
    with pytest.raises(ModelUnavailable, match=r"no checkpoints/model\.ckpt"):
        Comet(str(tmp_path))
    (tmp_path / "checkpoints").mkdir()
    (tmp_path / "checkpoints" / "model.ckpt").write_bytes(b"")
    with pytest.raises(ModelUnavailable, match=r"no hparams\.yaml"):
        Comet(str(tmp_path))


def test_offline_a_checkpoint_that_is_not_here_says_what_to_do():
    with pytest.raises(
        ModelUnavailable, match=r"HF_HUB_OFFLINE is set: run `hf download org/none`"
    ):
        Comet("org/none")


def test_dtypes_that_are_not_offered(checkpoint: Callable[..., Path]):
    with pytest.raises(InputError, match=r"no --dtype int8: use float32, bfloat16, float16"):
        Comet(str(checkpoint("unified_metric")), decoding=Decoding(dtype="int8"))


def test_a_metric_that_needs_a_reference_says_so(checkpoint: Callable[..., Path]):
    with pytest.raises(InputError, match="needs a reference"):
        Comet(str(checkpoint("regression_metric"))).judge([Example("a", (), "б")])


def test_an_old_snapshot_is_told(checkpoint: Callable[..., Path]):
    old = checkpoint("unified_metric", name="old", layer_transformation="sparsemax")
    new = checkpoint("unified_metric", name="new", layer_transformation="sparsemax_patch")
    assert "sparsemax_patch" in Comet(str(old)).note
    assert Comet(str(new)).note == ""


def test_the_signature_names_what_a_score_depends_on(checkpoint: Callable[..., Path]):
    import hashlib

    from evalkit import __version__

    folder = checkpoint("regression_metric")
    metric = Comet(str(folder))
    digest = hashlib.sha256(checkpoint_file(folder).read_bytes()).hexdigest()[:12]
    assert metric.signature("sentence") == (
        f"nrefs:1|model:model|rev:none|sha256:{digest}|class:regression_metric|dtype:float32|tokens:36|"
        f"level:segment|evalkit:{__version__}"
    )
    assert "|level:mean|" in metric.signature("corpus")
    before = metric.fingerprint
    assert Comet(str(folder), decoding=Decoding(device="cpu", batch_tokens=7)).fingerprint == before
    assert Comet(str(folder), decoding=Decoding(dtype="bfloat16")).fingerprint != before
    for path in (checkpoint_file(folder), folder.parent / "encoder" / "tokenizer.json"):
        path.write_bytes(path.read_bytes() + b" ")
        assert Comet(str(folder)).fingerprint != before, path.name


def test_copies_and_empty_hypotheses_are_flagged_beside_their_scores(
    checkpoint: Callable[..., Path],
):
    copied, empty, long, plain = Comet(str(checkpoint("unified_metric"))).judge(
        [
            Example("Дом. ", ("A house.",), " Дом."),
            Example(" ", ("A house.",), "Дом."),
            Example("A house.", ("A house. " * 30,), "Дом."),
            Example("A house.", ("A house.",), "Дом."),
        ]
    )
    assert copied.flags == ("copy_of_source",)
    assert empty.flags == ("empty_hypothesis",)
    assert long.flags == ("input_too_long",)
    assert plain.flags == ()
    assert all(judged.score == judged.score for judged in (copied, empty, long, plain))


def test_sources_and_references_are_encoded_once_for_all_systems(
    checkpoint: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
):
    from evalkit.metrics.comet.encoder import Encoder

    encoded: list[int] = []
    run = Encoder.run

    def counted(self, batch, visit):
        encoded.append(len(batch))
        return run(self, batch, visit)

    monkeypatch.setattr(Encoder, "run", counted)
    metric = Comet(str(checkpoint("regression_metric")))
    words = ["house", "hill", "river", "Дом", "холме"]
    for system in range(6):
        metric.judge(
            [Example(f"The {word} {system}", (f"A {word}",), f"{word} на") for word in words]
        )
    assert sum(encoded) == (6 + 2) * len(words)


def test_a_batch_that_does_not_fit_is_halved(
    checkpoint: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
):
    from evalkit.metrics.comet.encoder import Encoder

    folder = checkpoint("xcomet_metric")
    batch = [Example(f"The house {n}", ("A hill",), f"Дом {n}") for n in range(12)]
    before = Comet(str(folder)).judge(batch)
    run, most = Encoder.run, 3

    def small(self, batch, visit):
        if len(batch) > most:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return run(self, batch, visit)

    monkeypatch.setattr(Encoder, "run", small)
    after = Comet(str(folder)).judge(batch)
    assert [j.score for j in after] == pytest.approx([j.score for j in before], abs=1e-5)
    most = 0
    with pytest.raises(EvalkitError, match=r"out of memory on one input of \d+ tokens"):
        Comet(str(folder)).judge(batch)


def test_batches_hold_like_lengths_within_the_budget():
    seen: list[list[int]] = []
    lengths = [5, 50, 7, 49, 6, 200]
    batches.run_in_batches(lengths, 100, seen.append, "comet")
    assert seen == [[5], [1, 3], [2, 4, 0]]


class Hub(ThreadingHTTPServer):
    """A hub with `org/comet`, `org/encoder`, and `org/gated`, whose licence is not accepted."""

    daemon_threads = True

    def __init__(self, folders: dict[str, Path]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.folders = folders
        self.sent: list[str] = []


class Handler(HubHandler):
    server: Hub

    def do_GET(self) -> object:
        path = unquote(urlsplit(self.path).path)
        for name, folder in self.server.folders.items():
            files = sorted(f for f in folder.rglob("*") if f.is_file())
            entries = [str(file.relative_to(folder)) for file in files]
            if path in (f"/api/models/{name}", f"/api/models/{name}/revision/main") or path == (
                f"/api/models/{name}/revision/{COMMIT}"
            ):
                siblings = [{"rfilename": entry} for entry in entries]
                return self.send_json({"id": name, "sha": COMMIT, "siblings": siblings})
            if path.startswith(f"/api/models/{name}/tree/"):
                return self.send_json(
                    [
                        {"type": "file", "path": entry, "size": file.stat().st_size, "oid": entry}
                        for entry, file in zip(entries, files, strict=True)
                    ]
                )
            if path.startswith(f"/{name}/resolve/"):
                entry = path.removeprefix(f"/{name}/resolve/").partition("/")[2]
                if name == "org/gated":
                    return self.send(403, b"", X_Error_Code="GatedRepo")
                if entry in entries:
                    self.server.sent.append(f"{name}/{entry}")
                    headers = {"X_Repo_Commit": COMMIT, "ETag": f'"{abs(hash(entry))}"'}
                    return self.send(200, (folder / entry).read_bytes(), **headers)
                return self.send(404, b"", X_Error_Code="EntryNotFound")
        error = "RevisionNotFound" if "/revision/" in path else "RepoNotFound"
        return self.send(404, b"", X_Error_Code=error)


@pytest.fixture
def hub(
    checkpoint: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Hub]:
    folder = checkpoint("regression_metric", pretrained_model="org/encoder")
    (folder / "README.md").write_text("not needed")
    encoder = tmp_path / "away" / "encoder"
    shutil.move(folder.parent / "encoder", encoder)
    (encoder / "model.safetensors").write_bytes(b"not needed")
    folders = {"org/comet": folder, "org/encoder": encoder, "org/gated": folder}
    with served_as_hub(Hub(folders), tmp_path / "hub-cache", monkeypatch) as hub:
        yield hub


def test_a_checkpoint_is_fetched_with_its_encoders_tokenizer_alone(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
):
    metric = Comet("org/comet")
    assert (metric.model, metric.revision) == ("org/comet", COMMIT)
    before = metric.judge(EXAMPLES)
    assert "org/comet/README.md" not in hub.sent
    assert "org/encoder/model.safetensors" not in hub.sent
    hub.shutdown()
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert Comet("org/comet").judge(EXAMPLES) == before


def test_a_gated_model_says_where_to_accept_its_licence(hub: Hub):
    with pytest.raises(
        ModelUnavailable,
        match=r"org/gated wants its licence accepted: do that on https://huggingface.co/org/gated",
    ):
        Comet("org/gated")


def test_what_the_hub_does_not_have_is_told(hub: Hub):
    with pytest.raises(ModelUnavailable, match="no model org/none"):
        Comet("org/none")
    with pytest.raises(ModelUnavailable, match="no revision 'v9'"):
        Comet("org/comet@v9")
