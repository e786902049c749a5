"""Where shards run: in this process, in several on this machine, or on a Dask cluster. What comes out is the same."""

from __future__ import annotations

import logging
import multiprocessing
import os
import pickle
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from typing import Any

from evalkit.errors import EvalkitError, InputError, Unavailable
from evalkit.flow.processes import cores
from evalkit.flow.work import Done, Shard
from evalkit.interruption import at_end
from evalkit.plan import Running

Do = Callable[[Shard], Done]

LOCAL = "local:"
# Shards that wait for each worker: it never stands idle, and few documents are held at once.
WAITING = 2
CONNECT_SECONDS = 30
# What Dask finds out about its workers to draw it costs them some hundredths of their time; and a worker that has its next shard
# before it is done with the last never stands idle.
DASK = {
    "distributed.worker.profile.enabled": False,
    "distributed.scheduler.worker-saturation": "inf",
}
# When Ctrl-C ends the program, Python's own helper for semaphores complains that they are left to it, which is what it is for.
QUIET = {"PYTHONWARNINGS": "ignore:resource_tracker"}
# What linear algebra under NumPy and torch reads when it is loaded.
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def run_shards(do: Do, shards: Iterable[Shard], running: Running) -> Iterator[Done]:
    """Each shard as it is finished, in whatever order.

    Raises:
        EvalkitError: a shard failed, or a worker was lost again and again.
        Unavailable: the cluster cannot be reached.
    """
    if running.cluster is not None:
        return _on_cluster(do, shards, running.cluster)
    if running.jobs > 1:
        return _in_processes(do, shards, running.jobs)
    return map(do, shards)


def processes(running: Running) -> int:
    """How many processes of this machine share its cores."""
    if running.cluster is not None and running.cluster.startswith(LOCAL):
        return int(running.cluster.removeprefix(LOCAL))
    return running.jobs


def threads_each(running: Running) -> int | None:
    """The threads of each of several processes on this machine; None where one has them all, or it is not known."""
    count = processes(running)
    return max(1, cores() // count) if count > 1 else None


def _in_processes(do: Do, shards: Iterable[Shard], jobs: int) -> Iterator[Done]:
    from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
    from concurrent.futures.process import BrokenProcessPool

    # Not forked: a process that has loaded torch or Arrow has threads, which a fork loses in the middle of things.
    context = multiprocessing.get_context("spawn")
    forget = at_end(_kill_children)
    waiting: set[Future[Done]] = set()
    with _threads(max(1, cores() // jobs)):
        pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin)
        try:
            for shard in shards:
                waiting.add(pool.submit(do, shard))
                while len(waiting) >= WAITING * jobs:
                    finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                    yield from (future.result() for future in finished)
            while waiting:
                finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in finished)
        except BrokenProcessPool as error:
            raise EvalkitError(
                "a worker process was killed, perhaps by the system for want of memory; give fewer --jobs. Parts that"
                " are finished are kept (--out): the same command goes on from them"
            ) from error
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            forget()


def _begin() -> None:
    """What a worker process does first: leave Ctrl-C to the parent, and end when that is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _kill_children() -> None:
    for child in multiprocessing.active_children():
        child.kill()


@contextmanager
def _threads(count: int) -> Iterator[None]:
    """Processes that are begun within have so many threads for linear algebra, unless the user has said."""
    wanted = {**dict.fromkeys(THREADS, str(count)), **QUIET}
    added = {name: value for name, value in wanted.items() if name not in os.environ}
    os.environ.update(added)
    try:
        yield
    finally:
        for name in added:
            os.environ.pop(name, None)


def _on_cluster(do: Do, shards: Iterable[Shard], address: str) -> Iterator[Done]:
    try:
        from distributed import KilledWorker, as_completed
    except ImportError:
        raise InputError("--cluster needs Dask: pip install 'evalkit[cluster]'") from None

    with _client(address) as client:
        workers = max(1, len(client.scheduler_info(n_workers=-1)["workers"]))
        source = iter(shards)

        def submit(shard: Shard) -> Any:
            # Pickled here, once: Dask looks into objects, and not into bytes. Not pure: the same texts in two runs are two
            # pieces of work.
            return client.submit(_do_pickled, pickle.dumps((do, shard)), pure=False)

        futures = as_completed([submit(shard) for shard in islice(source, WAITING * workers)])
        for future in futures:
            try:
                done: Done = future.result()
            except KilledWorker as error:
                raise EvalkitError(
                    f"a shard was given up: the workers that had it were lost, one after the other ({error})"
                ) from error
            for shard in islice(source, 1):
                futures.add(submit(shard))
            yield done


def _do_pickled(work: bytes) -> Done:
    do, shard = pickle.loads(work)
    done: Done = do(shard)
    return done


@contextmanager
def _client(address: str) -> Iterator[Any]:
    """A client of a Dask cluster, which is begun here for `LOCAL`; what it still has to do is given up at the end."""
    import dask
    from distributed import Client, LocalCluster

    # What it logs of lost workers is no news: their shards are done again.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    forget = at_end(_kill_children)
    with ExitStack() as stack:
        stack.callback(forget)
        stack.enter_context(dask.config.set(DASK))
        try:
            if address.startswith(LOCAL):
                count = int(address.removeprefix(LOCAL))
                stack.enter_context(_threads(max(1, cores() // count)))
                place: Any = stack.enter_context(
                    LocalCluster(
                        n_workers=count,
                        threads_per_worker=1,
                        dashboard_address=None,
                        silence_logs=logging.CRITICAL,
                    )
                )
            else:
                place = address
            client = Client(place, timeout=CONNECT_SECONDS, set_as_default=False)
            stack.enter_context(client)
            stack.enter_context(client.as_current())
            yield client
        except (OSError, TimeoutError) as error:
            raise Unavailable(f"the Dask cluster {address} cannot be reached: {error}") from error
