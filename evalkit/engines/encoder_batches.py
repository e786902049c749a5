"""Running a model over inputs of many lengths: like with like, within a budget of tokens."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from evalkit.engines.base import OutOfMemory
from evalkit.engines.devices import out_of_memory
from evalkit.errors import EvalkitError, InputError

# Padded tokens in a batch. On CPU more brings nothing (measured with XLM-R's large shape); on a GPU a
# batch this large fits 16 GB, and what does not fit is halved.
CPU_BATCH_TOKENS = 2048
GPU_BATCH_TOKENS = 32_768

DTYPES = ("auto", "float32", "bfloat16", "float16")


def chosen_dtype(dtype: str, kind: str) -> str:
    """The dtype a metric's model runs in; "auto" is float32, in which published scores are made.

    Raises:
        InputError: scores are not offered in it.
    """
    if dtype not in DTYPES:
        raise InputError(f"{kind} has no --dtype {dtype}: use {', '.join(DTYPES[1:])}")
    return "float32" if dtype == "auto" else dtype


def batch_budget(device: str, asked: int | None) -> int:
    """Padded tokens in a batch on this device, unless the user says how many."""
    return asked or (CPU_BATCH_TOKENS if device == "cpu" else GPU_BATCH_TOKENS)


def run_in_batches(
    lengths: Sequence[int], budget: int, run: Callable[[list[int]], None], name: str
) -> int:
    """Give ``run`` the positions of every input, longest first; a batch that does not fit is halved.

    Returns:
        The budget that fitted, to begin with next time.

    Raises:
        EvalkitError: one input alone does not fit into the device's memory.
    """
    waiting = sorted(range(len(lengths)), key=lambda position: -lengths[position])
    start = 0
    while start < len(waiting):
        longest = max(1, lengths[waiting[start]])
        batch = waiting[start : start + max(1, budget // longest)]
        try:
            with out_of_memory():
                run(batch)
        except OutOfMemory as error:
            if len(batch) == 1:
                raise EvalkitError(
                    f"{name}: out of memory on one input of {longest} tokens: use --device cpu, "
                    "--dtype bfloat16 or a smaller model"
                ) from error
            budget = longest * (len(batch) // 2)
        else:
            start += len(batch)
    return budget
