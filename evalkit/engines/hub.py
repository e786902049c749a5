"""Where a model's files are: a local folder, or fetched from the hub into its cache."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evalkit.engines.model_folder import NEEDED, PICKLED, needed_files
from evalkit.errors import ModelUnavailable

SECONDS_TO_ANSWER = 10
_OFFLINE = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
# The pull request in which the hub's own service offers the same weights as safetensors.
_CONVERTED = "Adding `safetensors` variant of this model"


def model_folder(argument: str, *, allow_pickle: bool = False) -> tuple[Path, str]:
    """The folder of ``ORG/NAME[@REVISION]`` or of a local path, and the revision (commit) if any.

    Raises:
        ModelUnavailable: it is neither here nor can it be fetched.
    """
    if Path(argument).expanduser().is_dir():
        return Path(argument).expanduser(), ""
    repository, _, revision = argument.partition("@")
    if argument.startswith((".", "/", "~")) or repository.count("/") != 1:
        raise ModelUnavailable(f"no model folder {argument}: name a folder, or hf:ORG/NAME")
    cached = _cached(repository, revision, allow_pickle)
    if cached is None:
        if not _online():
            raise ModelUnavailable(
                f"{repository} is not on this machine and HF_HUB_OFFLINE is set: run `evalkit systems "
                f"fetch hf:{argument}` where there is a network, or give a local folder"
            )
        cached = fetch(repository, revision, allow_pickle=allow_pickle)
    return cached, cached.name


@contextmanager
def no_downloads() -> Iterator[None]:
    """Within the block, only what is on this machine is opened."""
    before = os.environ.get(_OFFLINE[0])
    os.environ[_OFFLINE[0]] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_OFFLINE[0]]
        else:
            os.environ[_OFFLINE[0]] = before


def _online() -> bool:
    values = [os.environ.get(name, "").upper() for name in _OFFLINE]
    return not any(value in ("1", "ON", "YES", "TRUE") for value in values)


def fetch(repository: str, revision: str = "", *, allow_pickle: bool = False) -> Path:
    """Download a model's files into the hub's cache; returns their folder.

    Raises:
        ModelUnavailable: the hub cannot be reached, has no such model, or no safetensors of it.
    """
    from huggingface_hub import HfApi
    from huggingface_hub.errors import (
        GatedRepoError,
        RepositoryNotFoundError,
        RevisionNotFoundError,
    )

    next_step = (
        f"check the network, or run `evalkit systems fetch hf:{repository}` where there is one and "
        "copy the hub's cache, or give a local folder"
    )
    try:
        model = HfApi().model_info(repository, revision=revision or None, timeout=SECONDS_TO_ANSWER)
        names = [file.rfilename for file in model.siblings or ()]
        if not any(name.endswith(".safetensors") for name in names) and not allow_pickle:
            revision = _converted_revision(repository)
        return _download(repository, revision, allow_pickle)
    except GatedRepoError as error:
        raise ModelUnavailable(
            f"{repository} wants its licence accepted: do that on its page, then set HF_TOKEN"
        ) from error
    except RevisionNotFoundError as error:
        raise ModelUnavailable(f"{repository} has no revision {revision!r}") from error
    except RepositoryNotFoundError as error:
        raise ModelUnavailable(f"the hub has no model {repository}: check the name") from error
    except ModelUnavailable:
        raise
    except Exception as error:
        # A broken network has other classes with every version of the hub's client.
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise ModelUnavailable(f"cannot fetch {repository} ({reason}): {next_step}") from error


def _download(repository: str, revision: str, allow_pickle: bool) -> Path:
    from huggingface_hub import snapshot_download

    patterns = [*NEEDED, PICKLED] if allow_pickle else list(NEEDED)
    folder = snapshot_download(
        repository,
        revision=revision or None,
        allow_patterns=patterns,
        etag_timeout=SECONDS_TO_ANSWER,
    )
    return Path(folder)


def _cached(repository: str, revision: str, allow_pickle: bool) -> Path | None:
    """A complete copy in the hub's cache: of the revision, else of its safetensors variant."""
    from huggingface_hub import constants, snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    revisions = [revision or "main"]
    if not revision:
        model = Path(constants.HF_HUB_CACHE) / f"models--{repository.replace('/', '--')}"
        revisions += [f"refs/pr/{path.name}" for path in model.glob("refs/refs/pr/*")]
    for candidate in revisions:
        try:
            folder = snapshot_download(repository, revision=candidate, local_files_only=True)
            needed_files(Path(folder), allow_pickle=allow_pickle)
        except (LocalEntryNotFoundError, ModelUnavailable):
            continue
        return Path(folder)
    return None


def _converted_revision(repository: str) -> str:
    from huggingface_hub import HfApi

    for discussion in HfApi().get_repo_discussions(repository, discussion_type="pull_request"):
        if discussion.title == _CONVERTED and discussion.author == "SFconvertbot":
            return f"refs/pr/{discussion.num}"
    raise ModelUnavailable(
        f"{repository} has no safetensors weights: name a revision that has them "
        f"(hf:{repository}@REVISION), or give --allow-pickle if you trust it"
    )
