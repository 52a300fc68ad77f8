"""The one writer of websites: every file atomically, in the order of the plan, the manifest last.

Killed at any moment it leaves whole files and no link to nothing; doing the same work again repairs the rest.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from syndicate.errors import StorageError, disk_refusal
from syndicate.model.channel import FileReader
from syndicate.site import nginx
from syndicate.site.atomic import AtomicWrites, sync_folder
from syndicate.site.manifest import Manifest, recorded
from syndicate.site.paths import is_safe, on_disk
from syndicate.site.plan import FolderKeep, Plan

_LEFT_BEHIND = re.compile(r"\.[^/]*\.tmp")
_FILES_AT_ONCE = 4_000
_BYTES_AT_ONCE = 32_000_000
"""What may stand twice on the disk for a moment, in its old and its new form."""


@dataclass(frozen=True)
class Verification:
    """What differs between the disk and the manifest, as paths below the root."""

    missing: tuple[str, ...]
    changed: tuple[str, ...]
    foreign: tuple[str, ...]
    outdated: tuple[str, ...] = ()
    """Whole, but made with other templates than today's: `site build` renews them."""

    @property
    def whole(self) -> bool:
        """True where nothing differs."""
        return not (self.missing or self.changed or self.foreign)


@dataclass(frozen=True)
class Part:
    """A part of a site that was written on its own, for the manifest of the whole."""

    files: Mapping[str, str]
    """Path → SHA-256 of what stands there; empty for what was removed."""
    maps: frozenset[str]
    """Names of the files for nginx that stand."""


def write(root: Path, plans: Iterable[Plan], files: FileReader, templates: str = "") -> None:
    """Carry out plans. What stands already is left alone; `templates` is the version noted for each file.

    Raises `StorageError` where the disk cannot take it or a path would leave the root, `NotFound` for a file that
    the office does not have; what was written until then stands and the manifest is not touched.
    """
    with AtomicWrites() as writes:
        work = _Work(root, files, writes)
        for plan in plans:
            work.carry_out(plan)
        work.finish(Manifest(root, templates))


def write_part(root: Path, plans: Iterable[Plan], files: FileReader) -> Part:
    """Carry out plans of a site that `rebuild` makes, in a process of its own. Raises as `write` does."""
    with AtomicWrites() as writes:
        work = _Work(root, files, writes)
        for plan in plans:
            work.carry_out(plan)
        work.flush()
        return Part(work.files, frozenset(work.maps))


def rebuild(root: Path, plans: Iterable[Plan | Part], files: FileReader, templates: str = "") -> None:
    """Carry out the plans of a whole site and remove what the manifest names beyond them.

    What neither the plans nor the manifest know is left for a person to look at (`verify` lists it), except for
    temporary files of a writer that was killed. Raises as `write` does.
    """
    before = {path for path, _ in recorded(root)}
    with AtomicWrites() as writes:
        work = _Work(root, files, writes)
        for plan in plans:
            if isinstance(plan, Part):
                work.take(plan)
            else:
                work.carry_out(plan)
        work.flush()
        for path in sorted(path for path in before if not work.files.get(path)):
            if is_safe(path):
                _remove(on_disk(root, path))
            work.files[path] = ""
        for file in nginx.folder_of(root).glob("*"):
            if file.name not in work.maps:
                _remove(file)
        for path in _paths(root):
            if _LEFT_BEHIND.fullmatch(path.rpartition("/")[2]):
                _remove(root / path)
        work.finish(Manifest(root, templates))


def verify(root: Path, templates: str | None = None) -> Verification:
    """Compare every file of the site with the manifest: lost, changed (defaced) and foreign ones.

    With `templates`, the version of today's templates, files that were made with others are named too.
    """
    expected = dict(recorded(root))
    standing = set(_paths(root))
    changed = [path for path in standing & expected.keys() if _sha256(root / path) != expected[path].sha256]
    return Verification(
        tuple(sorted(expected.keys() - standing)),
        tuple(sorted(changed)),
        tuple(sorted(standing - expected.keys())),
        tuple(sorted(path for path, known in expected.items() if templates not in (None, known.templates))),
    )


class _Work:
    """One piece of work: what is still to be replaced, and the folders that are known to stand below the root."""

    def __init__(self, root: Path, files: FileReader, writes: AtomicWrites) -> None:
        self._root = root
        self._base = str(root)
        self._reader = files
        self._writes = writes
        self._map_folder = str(nginx.folder_of(root))
        self._bytes = 0
        self._folders: dict[str, str] = {}
        self.files: dict[str, str] = {}
        self.maps: set[str] = set()

    def carry_out(self, plan: Plan) -> None:
        """Note everything that a plan changes, and replace it where enough has come together."""
        lacking = [page for page in plan.first if not os.path.exists(self._target(page.path))]  # noqa: PTH110
        if lacking:
            for page in lacking:
                self._put(page.path, page.data)
            self.flush()
        for file in plan.files:
            self._put(file.path, self._reader.read(file.sha256))
        for page in plan.pages:
            self._put(page.path, page.data)
        if plan.keep is not None and self._stands(plan.keep.folder):
            # Pages that still show a file are replaced before the file goes.
            self.flush()
            self._clear(plan.keep)
        for page in plan.maps:
            self._map(page.path, page.data)
        if len(self._writes) >= _FILES_AT_ONCE or self._bytes >= _BYTES_AT_ONCE:
            self.flush()

    def take(self, part: Part) -> None:
        """Note what was written elsewhere."""
        self.files.update(part.files)
        self.maps.update(part.maps)

    def flush(self) -> None:
        """Give what is pending its places, in the order in which it came."""
        self._writes.replace()
        self._bytes = 0

    def finish(self, manifest: Manifest) -> None:
        """Replace the rest, and the manifest as the last of all."""
        for path, sha256 in self.files.items():
            if sha256:
                manifest.record(path, sha256)
            else:
                manifest.forget(path)
        for file, data in manifest.changes():
            self._writes.put(str(file), data)
        self.flush()

    def _map(self, name: str, data: bytes) -> None:
        """A file for nginx; one without content is not there."""
        file = f"{self._map_folder}/{name}"
        if data:
            self.maps.add(name)
            if _read(file) != data:
                _make_folder(Path(self._map_folder), Path(self._map_folder))
                self._writes.put(file, data)
        elif os.path.lexists(file):
            _remove(Path(file))

    def _put(self, path: str, data: bytes) -> None:
        target = self._target(path)
        if target in self._writes or _read(target) != data:
            self._writes.put(target, data)
            self._bytes += len(data)
        self.files[path] = hashlib.sha256(data).hexdigest()

    def _target(self, path: str) -> str:
        """The file of a path; its folder is made and proved to be below the root once in a piece of work."""
        folder, _, name = path.rpartition("/")
        if folder not in self._folders:
            target = on_disk(self._root, path)
            _make_folder(self._root, target.parent)
            self._folders[folder] = str(target.parent)
        elif not is_safe(path):
            raise StorageError("site.path", path=path)
        return f"{self._folders[folder]}/{name}"

    def _stands(self, folder: str) -> bool:
        """Whether a folder is there; one outside of the root is refused before anybody looks."""
        if not is_safe(folder):
            raise StorageError("site.path", path=folder)
        return os.path.isdir(f"{self._base}/{folder}")  # noqa: PTH112  # 50,000 times

    def _clear(self, keep: FolderKeep) -> None:
        """Remove an item's files that no longer belong to it; a withdrawal leaves none."""
        for file in on_disk(self._root, keep.folder).iterdir():
            path = f"{keep.folder}/{file.name}"
            if path not in keep.paths:
                _remove(file)
                self.files[path] = ""


def _read(file: str) -> bytes | None:
    """What stands there as a plain file; a link is replaced by one."""
    try:
        with open(file, "rb", opener=_no_link) as stream:
            return stream.read()
    except OSError:
        return None


def _no_link(file: str, flags: int) -> int:
    """Opens no link, and waits for nobody at a pipe."""
    return os.open(file, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


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
        sync_folder(folder.parent)
    except OSError as error:
        raise disk_refusal(folder, error) from error


def _remove(file: Path) -> None:
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        raise disk_refusal(file, error) from error


def _paths(root: Path) -> Iterator[str]:
    """Every file and link below the root; links are not followed."""
    before = len(f"{root}/")
    for folder, folders, names in os.walk(root):
        linked = [name for name in folders if os.path.islink(f"{folder}/{name}")]  # noqa: PTH114  # 50,000 times
        yield from (f"{folder}/{name}"[before:] for name in (*names, *linked))


def _sha256(file: Path) -> str:
    """Empty for what cannot be read as a plain file: it is then shown as changed."""
    if file.is_symlink() or not file.is_file():
        return ""
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""
