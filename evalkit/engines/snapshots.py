"""Where a metric's files are: a local folder, the hub's cache, or fetched from the hub into it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from evalkit.errors import ModelUnavailable, first_line

SECONDS_TO_ANSWER = 10
HUB = "https://huggingface.co"
OFFLINE = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")

# Says whether a folder holds all that is needed.
Complete = Callable[[Path], bool]


def model_folder(
    argument: str, patterns: Sequence[str], complete: Complete
) -> tuple[Path, str, str]:
    """The folder of ``ORG/NAME[@REVISION]`` or of a local path, the model's name, and its revision.

    Args:
        patterns: the files to fetch.
        complete: a copy in the cache that is not complete is fetched again.

    Raises:
        ModelUnavailable: it is neither here nor can it be fetched.
    """
    local = Path(argument).expanduser()
    if local.is_dir():
        return _local(local)
    repository, _, revision = argument.partition("@")
    if argument.startswith((".", "/", "~")) or repository.count("/") != 1:
        raise ModelUnavailable(f"no model folder {argument}: name a folder, or ORG/NAME of the hub")
    folder = cached(repository, revision)
    if folder is None or not complete(folder):
        folder = fetch(repository, revision, patterns)
    return folder, repository, folder.name


def cached(repository: str, revision: str = "", cache: Path | None = None) -> Path | None:
    """The copy of a model in the hub's cache (or in ``cache``, a folder of the same shape), if any.

    The hub's own client is not asked: from its version 2 on it refuses a copy of which some files, even ones
    that nobody needs, were not fetched. What is needed is checked by the caller.
    """
    from huggingface_hub import constants

    model = Path(cache or constants.HF_HUB_CACHE) / f"models--{repository.replace('/', '--')}"
    reference = model / "refs" / (revision or "main")
    try:
        commit = reference.read_text("utf-8").strip() if reference.is_file() else revision
        folder = model / "snapshots" / commit
        return folder if commit and folder.is_dir() else None
    except (OSError, ValueError):
        return None


def fetch(repository: str, revision: str, patterns: Sequence[str]) -> Path:
    """Download files of a model into the hub's cache; returns their folder.

    Raises:
        ModelUnavailable: there is no network, no such model, or its licence is not accepted.
    """
    if offline():
        raise ModelUnavailable(
            f"{repository} is not on this machine and HF_HUB_OFFLINE is set: run `hf download "
            f"{repository}` where there is a network and copy the hub's cache, or give a local folder"
        )
    from huggingface_hub import HfApi, snapshot_download

    with hub_errors(repository, revision, f"hf download {repository}"):
        found = HfApi().model_info(repository, revision=revision or None, timeout=SECONDS_TO_ANSWER)
        names = [file.rfilename for file in found.siblings or ()]
        # Weights are fetched once, in the format that cannot run code where there is one.
        safe = any(name.endswith(".safetensors") for name in names)
        return Path(
            snapshot_download(
                repository,
                revision=revision or None,
                allow_patterns=list(patterns),
                ignore_patterns=["*.ckpt", "*.bin"] if safe else None,
                etag_timeout=SECONDS_TO_ANSWER,
            )
        )
    raise AssertionError("unreachable")


def offline() -> bool:
    """Whether the environment forbids the network."""
    values = [os.environ.get(name, "").upper() for name in OFFLINE]
    return any(value in ("1", "ON", "YES", "TRUE") for value in values)


def _local(folder: Path) -> tuple[Path, str, str]:
    """A local folder; one that is shaped as a model in the hub's cache is opened as that is."""
    snapshots = folder / "snapshots"
    if not snapshots.is_dir():
        if folder.resolve().parent.name == "snapshots":
            return folder, _repository(folder.resolve().parents[1]), folder.resolve().name
        return folder, folder.resolve().name, ""
    main = folder / "refs" / "main"
    revision = main.read_text("utf-8").strip() if main.is_file() else ""
    if not revision:
        found = sorted(path.name for path in snapshots.iterdir())
        if len(found) != 1:
            raise ModelUnavailable(f"{folder} has {len(found)} snapshots: name one of them")
        revision = found[0]
    if not (snapshots / revision).is_dir():
        raise ModelUnavailable(f"{folder} has no snapshot of its main revision {revision}")
    return snapshots / revision, _repository(folder.resolve()), revision


def _repository(folder: Path) -> str:
    """models--ORG--NAME -> ORG/NAME."""
    return folder.name.removeprefix("models--").replace("--", "/")


@contextmanager
def hub_errors(repository: str, revision: str, fetcher: str) -> Iterator[None]:
    """Within the block, what the hub's client raises is one line; ``fetcher`` is the command that fetches the model.

    Raises:
        ModelUnavailable: whatever it was.
    """
    from huggingface_hub.errors import (
        GatedRepoError,
        RepositoryNotFoundError,
        RevisionNotFoundError,
    )

    try:
        yield
    except ModelUnavailable:
        raise
    except GatedRepoError as error:
        raise ModelUnavailable(
            f"{repository} wants its licence accepted: do that on {HUB}/{repository}, then set HF_TOKEN"
        ) from error
    except RevisionNotFoundError as error:
        raise ModelUnavailable(f"{repository} has no revision {revision!r}") from error
    except RepositoryNotFoundError as error:
        raise ModelUnavailable(f"the hub has no model {repository}: check the name") from error
    except Exception as error:
        # A broken network has other classes with every version of the hub's client.
        raise ModelUnavailable(
            f"cannot fetch {repository} ({first_line(error)}): check the network, or run "
            f"`{fetcher}` where there is one and copy the hub's cache, or give a local folder"
        ) from error
