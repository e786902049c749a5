"""What a run leaves in a folder beside its parts: of which plan and which inputs they are, and how many there have to be."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from evalkit.data import Failure, InputFile
from evalkit.errors import InputError
from evalkit.files.writing import write_atomically
from evalkit.flow.lineup import SystemCard
from evalkit.flow.parts import part_path, part_paths, read_note
from evalkit.flow.work import Work, work_options
from evalkit.plan import Plan
from evalkit.plan_files import plan_from_dict, plan_to_dict

PATTERN = "share-*.json"


@dataclass(frozen=True)
class Share:
    """One share of a run: all of it (1 of 1), or what `Running.shard` named.

    Attributes:
        work: digest of what is done with each shard (`evalkit.flow.work.Work.digest`).
        metrics: their specifications, also where the plan names none.
        finished: all its parts are there. parts: how many the whole run has. files, warnings, failures: of the inputs.
    """

    share: int
    shares: int
    work: str
    plan: Plan
    metrics: tuple[str, ...]
    cards: tuple[SystemCard, ...]
    finished: bool = False
    parts: int = 0
    files: tuple[InputFile, ...] = ()
    warnings: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()

    @property
    def name(self) -> str:
        return f"share-{self.share}-of-{self.shares}.json"

    def has(self, number: int) -> bool:
        """Whether the part of this number belongs to the share."""
        return number % self.shares == self.share - 1


def write_share(folder: Path, share: Share) -> None:
    """Write what is known of a share.

    Raises:
        EvalkitError: it cannot be written.
    """
    values = {**asdict(share), "plan": plan_to_dict(share.plan)}
    text = json.dumps(values, indent=1, ensure_ascii=False)
    with write_atomically(folder / share.name) as stream:
        stream.write(text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n")


def read_share(path: Path) -> Share:
    """A share as it was written.

    Raises:
        InputError: it cannot be read.
    """
    try:
        values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return Share(
            **{
                **values,
                "plan": plan_from_dict(values["plan"]),
                "metrics": tuple(values["metrics"]),
                "cards": tuple(SystemCard(**card) for card in values["cards"]),
                "files": tuple(InputFile(**file) for file in values["files"]),
                "warnings": tuple(values["warnings"]),
                "failures": tuple(Failure(**failure) for failure in values["failures"]),
            }
        )
    except (OSError, KeyError, TypeError, ValueError, InputError) as error:
        raise InputError(f"{path} says nothing of a share of a run: {error}") from error


def share_paths(folder: Path) -> list[Path]:
    return sorted(folder.glob(PATTERN))


def require_same_work(folder: Path, work: Work) -> None:
    """Raise InputError if a folder has parts of other work: they are nobody's to overwrite."""
    for path in share_paths(folder):
        there = read_share(path)
        if there.work != work.digest:
            what = _differing(there, work.plan, work.metrics, work.cards)
            raise InputError(
                f"{folder} holds parts of another plan ({what}): give another folder, or remove it"
            )
    if not share_paths(folder):
        for path in part_paths(folder)[:1]:
            if read_note(path).work != work.digest:
                raise InputError(f"{folder} holds parts of another plan: give another folder")


def require_whole_run(shares: Sequence[tuple[Path, Share]]) -> list[Path]:
    """The parts of a run in their order, from the folders that its shares lie in.

    Args:
        shares: each with the path it was read from.

    Raises:
        InputError: a share or part is missing, there twice, unfinished, of another plan, or of other inputs.
    """
    first_path, first = shares[0]
    seen: dict[int, Path] = {}
    for path, share in shares:
        if share.shares != first.shares:
            raise InputError(
                f"{path} is one of {share.shares} shares, {first_path} one of {first.shares}: of two different runs"
            )
        if share.work != first.work:
            what = _differing(share, first.plan, first.metrics, first.cards)
            raise InputError(f"{path} is of another plan than {first_path} ({what})")
        if not share.finished:
            raise InputError(
                f"{path} is not finished: run its share again, it goes on where it stopped"
            )
        if share.share in seen:
            raise InputError(
                f"share {share.share}/{share.shares} is there twice: {seen[share.share]}, {path}"
            )
        seen[share.share] = path
        _require_same_inputs(path, share, first_path, first)
    missing = [str(n) for n in range(1, first.shares + 1) if n not in seen]
    if missing:
        raise InputError(
            f"share {', '.join(missing)} of {first.shares} is missing: give its folder too, or run it (--shard"
            f" {missing[0]}/{first.shares})"
        )
    found = _numbered({path.parent for path, _ in shares}, first)
    lacking = [number for number in range(first.parts) if number not in found]
    if lacking:
        number = lacking[0]
        owner = number % first.shares + 1
        raise InputError(
            f"{part_path(seen[owner].parent, number)} is missing: run share {owner}/{first.shares} again, it makes"
            " what is not there"
        )
    return [found[number] for number in range(first.parts)]


def _numbered(folders: set[Path], run: Share) -> dict[int, Path]:
    """The parts in some folders by their numbers, as the parts themselves say."""
    found: dict[int, Path] = {}
    for path in (path for folder in sorted(folders) for path in part_paths(folder)):
        note = read_note(path)
        if note.work != run.work:
            raise InputError(f"{path} is a part of another plan")
        if note.number in found:
            raise InputError(f"part {note.number} is there twice: {found[note.number]}, {path}")
        if note.number >= run.parts:
            raise InputError(
                f"{path} is a part of another run: this one has {run.parts}, from 0 on"
            )
        found[note.number] = path
    return found


def _require_same_inputs(path: Path, share: Share, first_path: Path, first: Share) -> None:
    mine, theirs = (
        {(file.role, Path(file.path).name, file.sha256) for file in each.files}
        for each in (share, first)
    )
    for role, name, _ in sorted(mine ^ theirs):
        raise InputError(
            f"{path} was made of other inputs than {first_path}: {name} differs ({role})"
        )
    if share.parts != first.parts:
        raise InputError(
            f"{path} has {share.parts} parts and {first_path} {first.parts}: made of other inputs"
        )


def _differing(
    there: Share, plan: Plan, metrics: Sequence[str], cards: Sequence[SystemCard]
) -> str:
    """In words, what differs between two plans."""
    mine = dict(_flat(work_options(plan)), metrics=list(metrics))
    theirs = dict(_flat(work_options(there.plan)), metrics=list(there.metrics))
    names = [name for name in mine if mine[name] != theirs.get(name)]
    prints = [{card.name: dict(card.fingerprint) for card in each} for each in (cards, there.cards)]
    if not names and prints[0] != prints[1]:
        names = ["the systems' fingerprints"]
    return ", ".join(names) + " differ" if names else "another version of evalkit"


def _flat(values: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
