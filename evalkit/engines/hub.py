"""Where a model's files are: a local folder, or fetched from the hub into its cache."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from evalkit.engines.model_folder import NEEDED, PICKLED, needed_files
from evalkit.engines.snapshots import OFFLINE, SECONDS_TO_ANSWER, cached, hub_errors, offline
from evalkit.errors import ModelUnavailable

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
    folder = _cached(repository, revision, allow_pickle)
    if folder is None:
        if offline():
            raise ModelUnavailable(
                f"{repository} is not on this machine and HF_HUB_OFFLINE is set: run `evalkit systems "
                f"fetch hf:{argument}` where there is a network, or give a local folder"
            )
        folder = fetch(repository, revision, allow_pickle=allow_pickle)
    return folder, folder.name


@contextmanager
def no_downloads() -> Iterator[None]:
    """Within the block, only what is on this machine is opened."""
    before = os.environ.get(OFFLINE[0])
    os.environ[OFFLINE[0]] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[OFFLINE[0]]
        else:
            os.environ[OFFLINE[0]] = before


def fetch(repository: str, revision: str = "", *, allow_pickle: bool = False) -> Path:
    """Download a model's files into the hub's cache; returns their folder.

    Raises:
        ModelUnavailable: the hub cannot be reached, has no such model, or no safetensors of it.
    """
    from huggingface_hub import HfApi

    with hub_errors(repository, revision, f"evalkit systems fetch hf:{repository}"):
        model = HfApi().model_info(repository, revision=revision or None, timeout=SECONDS_TO_ANSWER)
        names = [file.rfilename for file in model.siblings or ()]
        if not any(name.endswith(".safetensors") for name in names) and not allow_pickle:
            revision = _converted_revision(repository)
        return _download(repository, revision, allow_pickle)
    raise AssertionError("unreachable")


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
    from huggingface_hub import constants

    revisions = [revision or "main"]
    if not revision:
        model = Path(constants.HF_HUB_CACHE) / f"models--{repository.replace('/', '--')}"
        revisions += [f"refs/pr/{path.name}" for path in model.glob("refs/refs/pr/*")]
    for candidate in revisions:
        folder = cached(repository, candidate)
        if folder is not None:
            with suppress(ModelUnavailable):
                needed_files(folder, allow_pickle=allow_pickle)
                return folder
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
