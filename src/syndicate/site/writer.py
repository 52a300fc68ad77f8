"""The one writer of websites: every file atomically, in the order of the plan, the manifest last.

Killed at any moment it leaves whole files and no link to nothing; doing the same work again repairs the rest.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from syndicate.errors import StorageError
from syndicate.model.channel import FileReader
from syndicate.site.atomic import write_atomic
from syndicate.site.manifest import Manifest, recorded
from syndicate.site.paths import is_safe, on_disk
from syndicate.site.plan import FolderKeep, Plan

_LEFT_BEHIND = re.compile(r"\.[^/]*\.tmp")


@dataclass(frozen=True)
class Verification:
    """What differs between the disk and the manifest, as paths below the root."""

    missing: tuple[str, ...]
    changed: tuple[str, ...]
    foreign: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """True where nothing differs."""
        return not (self.missing or self.changed or self.foreign)


def write(root: Path, plans: Iterable[Plan], files: FileReader) -> None:
    """Carry out plans. What stands already is left alone.

    Raises `StorageError` where the disk cannot take it or a path would leave the root, `NotFound` for a file that
    the office does not have; what was written until then stands and the manifest is not touched.
    """
    manifest = Manifest(root)
    for plan in plans:
        _carry_out(root, plan, files, manifest)
    manifest.save()


def rebuild(root: Path, plans: Iterable[Plan], files: FileReader) -> None:
    """Carry out the plans of a whole site and remove what the manifest names beyond them.

    What neither the plans nor the manifest know is left for a person to look at (`verify` lists it), except for
    temporary files of a writer that was killed. Raises as `write` does.
    """
    before = {path for path, _ in recorded(root)}
    manifest = Manifest(root)
    planned: set[str] = set()
    for plan in plans:
        _carry_out(root, plan, files, manifest)
        planned.update(page.path for page in plan.pages)
        planned.update(file.path for file in plan.files)
    for path in sorted(before - planned):
        if is_safe(path):
            _remove(on_disk(root, path))
        manifest.forget(path)
    for path in _paths(root):
        if _LEFT_BEHIND.fullmatch(path.rpartition("/")[2]):
            _remove(root / path)
    manifest.save()


def verify(root: Path) -> Verification:
    """Compare every file of the site with the manifest: lost, changed (defaced) and foreign ones."""
    expected = dict(recorded(root))
    standing = set(_paths(root))
    changed = [path for path in standing & expected.keys() if _sha256(root / path) != expected[path]]
    return Verification(
        tuple(sorted(expected.keys() - standing)),
        tuple(sorted(changed)),
        tuple(sorted(standing - expected.keys())),
    )


def _carry_out(root: Path, plan: Plan, files: FileReader, manifest: Manifest) -> None:
    for file in plan.files:
        _put(root, file.path, files.read(file.sha256), manifest)
    for page in plan.pages:
        _put(root, page.path, page.data, manifest)
    if plan.keep is not None:
        _clear(root, plan.keep, manifest)


def _put(root: Path, path: str, data: bytes, manifest: Manifest) -> None:
    target = on_disk(root, path)
    if _read(target) != data:
        _make_folder(root, target.parent)
        write_atomic(target, data)
    manifest.record(path, hashlib.sha256(data).hexdigest())


def _clear(root: Path, keep: FolderKeep, manifest: Manifest) -> None:
    """Remove an item's files that no longer belong to it; a withdrawal leaves none."""
    folder = on_disk(root, keep.folder)
    if not folder.is_dir():
        return
    for file in folder.iterdir():
        path = f"{keep.folder}/{file.name}"
        if path not in keep.paths:
            _remove(file)
            manifest.forget(path)


def _read(file: Path) -> bytes | None:
    """What stands there as a plain file; a link is replaced by one."""
    try:
        return None if file.is_symlink() else file.read_bytes()
    except OSError:
        return None


def _make_folder(root: Path, folder: Path) -> None:
    """Folders are made from the root downwards and made durable, as a file in a lost folder is lost."""
    if folder.is_dir():
        return
    try:
        if folder == root:
            folder.mkdir(parents=True, exist_ok=True)
        else:
            _make_folder(root, folder.parent)
            folder.mkdir(exist_ok=True)
        descriptor = os.open(folder.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise StorageError("site.disk", path=str(folder), reason=error.strerror or str(error)) from error


def _remove(file: Path) -> None:
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        raise StorageError("site.disk", path=str(file), reason=error.strerror or str(error)) from error


def _paths(root: Path) -> Iterator[str]:
    """Every file and link below the root; links are not followed."""
    for folder, folders, names in os.walk(root):
        base = Path(folder)
        linked = [name for name in folders if (base / name).is_symlink()]
        for name in [*names, *linked]:
            yield (base / name).relative_to(root).as_posix()


def _sha256(file: Path) -> str:
    """Empty for what cannot be read as a plain file: it is then shown as changed."""
    if file.is_symlink() or not file.is_file():
        return ""
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""
