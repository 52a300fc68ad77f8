"""Progress of long work on stderr: a bar on a terminal, plain lines elsewhere, nothing with --json."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress


class Steps:
    """Counts finished steps of `total`."""

    def __init__(self, label: str, total: int, *, quiet: bool = False) -> None:
        self._label, self._total, self._quiet, self._done = label, total, quiet, 0
        self._bar: Progress | None = None

    def __enter__(self) -> Steps:
        if sys.stderr.isatty() and not self._quiet:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
            self._bar = Progress(*columns, console=Console(stderr=True))
            self._bar.start()
            self._bar.add_task(self._label, total=self._total)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def step(self, text: str) -> None:
        """One step is done; `text` says which."""
        self._done += 1
        if self._bar:
            task = self._bar.task_ids[0]
            self._bar.update(task, advance=1, description=f"{self._label} {text}")
        elif not self._quiet:
            sys.stderr.write(f"[{self._done}/{self._total}] {text}\n")
