"""Test sets by name, through sacreBLEU's registry, which fetches them into its cache."""

from __future__ import annotations

import difflib
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from evalkit.data import Corpus
from evalkit.errors import InputError, Unavailable
from evalkit.read.options import Options
from evalkit.read.parallel import read_parallel

if TYPE_CHECKING:
    from sacrebleu.dataset.base import Dataset

# Seconds without a byte after which a server is given up; sacreBLEU itself waits for ever.
TIMEOUT = 30.0
# What sacreBLEU calls the field with the document of each line.
DOCUMENTS = "docid"


def read_test_set(name: str, options: Options) -> Corpus:
    """The source and the references of a test set ("wmt21", "wmt22/systems"...), a row a line.

    Raises:
        InputError: there is no such set, or it is not in these languages.
        Unavailable: it is not in the cache, and cannot be fetched.
    """
    dataset = _dataset(name, options.pair.code)
    code = options.pair.code
    with _errors(name):
        source = dataset.get_source_file(code)
        references = dataset.get_reference_files(code)
        fields = dict(zip(dataset.fieldnames(code), dataset.get_files(code), strict=False))
    return read_parallel(source, references, options.called(name, fields.get(DOCUMENTS)))


def _dataset(name: str, code: str) -> Dataset:
    from sacrebleu.dataset import DATASETS

    if name not in DATASETS:
        near = difflib.get_close_matches(name, DATASETS, n=3) or ["wmt21", "wmt22", "wmt23"]
        raise InputError(
            f"sacreBLEU knows no test set {name!r}; did you mean {' or '.join(near)}?"
            " `sacrebleu --list` has them all"
        )
    dataset: Dataset = DATASETS[name]
    if code not in dataset.langpairs:
        raise InputError(
            f"the test set {name} is not in {code}; it is in {', '.join(sorted(dataset.langpairs))}"
        )
    return dataset


@contextmanager
def _errors(name: str) -> Iterator[None]:
    """What sacreBLEU raises, prints or exits with, as one line."""
    before = socket.getdefaulttimeout()
    logger = logging.getLogger("sacrebleu")
    said: list[str] = []

    def keep(record: logging.LogRecord) -> bool:
        said.append(record.getMessage())
        return False

    logger.addFilter(keep)
    socket.setdefaulttimeout(TIMEOUT)
    try:
        yield
    except (Exception, SystemExit) as error:
        reason = getattr(error, "reason", None) or error
        shown = " ".join([*said[-2:], "" if isinstance(error, SystemExit) else str(reason)]).strip()
        raise Unavailable(
            f"the test set {name} is not in sacreBLEU's cache and cannot be fetched ({shown}): fetch it"
            f" where there is a network with `sacrebleu -t {name} --echo src`, and copy ~/.sacrebleu"
        ) from error
    finally:
        logger.removeFilter(keep)
        socket.setdefaulttimeout(before)
