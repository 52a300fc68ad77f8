"""A target that is a plain folder of this machine, and that can break off at any file."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.channels.mirrored_site import tree


@dataclass
class FolderTarget:
    """`calls` are what was asked for; `before` is called before every single file is changed."""

    folder: Path
    before: Callable[[str], None] = lambda path: None
    calls: list[tuple[str, ...]] = field(default_factory=list)

    def put(self, staged: Path, paths: Sequence[str], lock: int) -> None:
        self.calls.append(("put", *paths))
        for path in paths:
            self.before(path)
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(staged / path, self.folder / path)

    def remove(self, paths: Sequence[str], lock: int) -> None:
        self.calls.append(("remove", *paths))
        for path in paths:
            self.before(path)
            (self.folder / path).unlink(missing_ok=True)

    def wrong(self, staged: Path, paths: Sequence[str], gone: Sequence[str]) -> Sequence[str]:
        self.calls.append(("prove", *paths, *gone))
        self.before("")
        there = tree(self.folder)
        kept = [path for path in paths if there.get(path) != (staged / path).read_text("utf-8", "replace")]
        return [*kept, *(path for path in gone if path in there)]

    def names(self) -> frozenset[str]:
        return frozenset(tree(self.folder))

    def close(self) -> None:
        pass

    @property
    def changed(self) -> list[str]:
        """Every file that was put or removed, in order."""
        return [path for what, *paths in self.calls if what in ("put", "remove") for path in paths]
