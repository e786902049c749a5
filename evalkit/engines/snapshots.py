"""Where a metric's files are: a local folder, the hub's cache, or fetched from the hub into it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from evalkit.errors import ModelUnavailable

SECONDS_TO_ANSWER = 10
HUB = "https://huggingface.co"
_OFFLINE = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")

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
    """The copy of a model in the hub's cache (or in ``cache``, a folder of the same shape), if any."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(
            snapshot_download(
                repository, revision=revision or "main", local_files_only=True, cache_dir=cache
            )
        )
    except (LocalEntryNotFoundError, HFValidationError, OSError):
        return None


def fetch(repository: str, revision: str, patterns: Sequence[str]) -> Path:
    """Download files of a model into the hub's cache; returns their folder.

    Raises:
        ModelUnavailable: there is no network, no such model, or its licence is not accepted.
    """
    at = f"@{revision}" if revision else ""
    if offline():
        raise ModelUnavailable(
            f"{repository} is not on this machine and HF_HUB_OFFLINE is set: run `hf download "
            f"{repository}` where there is a network and copy the hub's cache, or give a local folder"
        )
    from huggingface_hub import HfApi, snapshot_download

    with _hub_errors(repository, revision):
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
    raise ModelUnavailable(f"cannot fetch {repository}{at}")


def offline() -> bool:
    """Whether the environment forbids the network."""
    values = [os.environ.get(name, "").upper() for name in _OFFLINE]
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
def _hub_errors(repository: str, revision: str) -> Iterator[None]:
    from huggingface_hub.errors import (
        GatedRepoError,
        RepositoryNotFoundError,
        RevisionNotFoundError,
    )

    try:
        yield
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
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise ModelUnavailable(
            f"cannot fetch {repository} ({reason}): check the network, or run `hf download "
            f"{repository}` where there is one and copy the hub's cache, or give a local folder"
        ) from error
