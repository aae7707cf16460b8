"""Parts of a bank made by several processes, each taking the next part when it is free.

Processes are started as commands and not forked, so that they work from any caller: a notebook, a thread, a server.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread

import zhiyin
from zhiyin.bank.plan import Plan
from zhiyin.bank.worker import Task, do_task, order_to_json
from zhiyin.errors import ZhiyinError


class WorkerDied(ZhiyinError):
    """A process that made parts of the bank ended early."""

    code = "bank.worker_died"
    message = "A worker ended with code {status} while making the bank; its own message stands above."
    status = 500


def do_all(plan: Plan, tasks: list[Task], folder: Path, workers: int) -> Iterator[dict[str, int]]:
    """Do the tasks; yields rows by table as each is done, in no particular order.

    Raises
    ------
    WorkerDied
    """
    if workers <= 1:
        for task in tasks:
            yield do_task(plan, task, folder)
        return
    waiting: SimpleQueue[Task] = SimpleQueue()
    for task in tasks:
        waiting.put(task)
    done: SimpleQueue[dict[str, int] | Exception] = SimpleQueue()
    crew = [_Worker(plan, folder, waiting, done) for _ in range(workers)]
    try:
        for _ in tasks:
            result = done.get()
            if isinstance(result, Exception):
                raise result
            yield result
    finally:
        for worker in crew:
            worker.stop()


class _Worker:
    """One process and the thread that feeds it."""

    def __init__(
        self, plan: Plan, folder: Path, waiting: SimpleQueue[Task], done: SimpleQueue[dict[str, int] | Exception]
    ) -> None:
        path = os.pathsep.join([str(Path(zhiyin.__file__).parent.parent), os.environ.get("PYTHONPATH", "")]).strip(
            os.pathsep
        )
        # One thread a process: the parts are the parallelism.
        environment = {**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from zhiyin.bank.worker import main; main()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=environment,
        )
        self.thread = Thread(target=self._feed, args=(order_to_json(plan.order, folder), waiting, done), daemon=True)
        self.thread.start()

    def _feed(self, order: str, waiting: SimpleQueue[Task], done: SimpleQueue[dict[str, int] | Exception]) -> None:
        try:
            self._tell(order)
            while True:
                self._tell(json.dumps(waiting.get_nowait()))
                answer = self._hear()
                if not answer:
                    raise WorkerDied(status=self.process.wait())
                done.put(json.loads(answer))
        except Empty:
            return
        except (OSError, ValueError, ZhiyinError) as error:
            done.put(error if isinstance(error, ZhiyinError) else WorkerDied(status=self.process.wait()))

    def _tell(self, line: str) -> None:
        if self.process.stdin is not None:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()

    def _hear(self) -> str:
        return self.process.stdout.readline() if self.process.stdout is not None else ""

    def stop(self) -> None:
        """End the process; it holds nothing that could be lost."""
        self.process.terminate()
        self.process.wait()
        self.thread.join()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
