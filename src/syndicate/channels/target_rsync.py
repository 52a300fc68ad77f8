"""A target by rsync over SSH: the system's own programs, arguments as a list, no shell, host key always checked.

Private key, host keys and ssh's configuration live in memory files that only this process and the programs it starts
can read: they appear in no argument and no folder, and vanish with the process.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess  # rsync is a program
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from syndicate.channels.target_calls import target_error
from syndicate.errors import NotFound
from syndicate.model.target import RsyncTarget

_IDLE_SECONDS = 60
"""rsync itself ends when nothing moves for so long, even when nobody is left to stop it."""
_PUT = (
    "--checksum",
    "--times",
    "--perms",
    "--chmod=D755,F644",
    "--omit-dir-times",
    "--delay-updates",
)
_LISTED = re.compile(r"-\S+\s+\S+\s+\S+\s+\S+\s(.+)")
_PARTIAL = ".~tmp~"
"""Where rsync keeps what has not arrived whole."""


class RsyncHand:
    """One target, open. `known_hosts` is the file's path; the key is the secret's value."""

    def __init__(self, target: RsyncTarget, key: str, known_hosts: Path) -> None:
        self._target = target
        self._files = [_memory_file(key.encode() + b"\n"), _memory_file(_host_keys(target, known_hosts))]
        self._files.append(_memory_file(_configuration(target, *map(_path, self._files)).encode()))

    def put(self, staged: Path, paths: Sequence[str], lock: int) -> None:
        """All of them appear together, when the last one has arrived."""
        self._run(_PUT, [f"{staged}/", self._there], paths, lock)

    def remove(self, paths: Sequence[str], lock: int) -> None:
        """Take files away."""
        with tempfile.TemporaryDirectory(prefix="syndicate-") as nothing:
            _make_parents(Path(nothing), paths)
            self._run(["--delete-missing-args"], [f"{nothing}/", self._there], paths, lock)

    def wrong(self, staged: Path, paths: Sequence[str], gone: Sequence[str]) -> Sequence[str]:
        """What rsync would still send or delete, by the content of the files."""
        _make_parents(staged, gone)
        options = ["--checksum", "--dry-run", "--delete-missing-args", "--out-format=%i %n"]
        told = self._run(options, [f"{staged}/", self._there], [*paths, *gone], None)
        lines = (line.partition(" ") for line in told.splitlines())
        return [name.strip() for what, _, name in lines if what.startswith(("<f", "*deleting"))]

    def names(self) -> frozenset[str]:
        """Every plain file below the target's folder."""
        told = self._run(["--recursive", "--list-only"], [self._there], None, None)
        found = (match[1] for line in told.splitlines() if (match := _LISTED.fullmatch(line)))
        return frozenset(name for name in found if _PARTIAL not in name.split("/"))

    def close(self) -> None:
        """The key's file vanishes."""
        for file in self._files:
            os.close(file)
        self._files.clear()

    @property
    def _there(self) -> str:
        return f"{self._target.to.rstrip('/')}/"

    def _run(self, options: Sequence[str], places: Sequence[str], paths: Iterable[str] | None, lock: int | None) -> str:
        """What rsync said. Raises `NotDone` or `CallError` by its words."""
        listed = [] if paths is None else ["--from0", "--files-from=-"]
        shell = ["--rsh", f"ssh -F {_path(self._files[-1])}", "--protect-args", f"--timeout={_IDLE_SECONDS}"]
        names = "\0".join(paths or ()).encode()
        limit = self._target.time_limit.total_seconds()
        code, told, mistakes = _call(["rsync", *shell, *listed, *options, "--", *places], names, limit, lock)
        if code:
            raise target_error("rsync", self._target.name, f"rsync {code}: {mistakes}")
        return told


def _call(arguments: Sequence[str], given: bytes, seconds: float, lock: int | None) -> tuple[int, str, str]:
    """Exit code, output and complaints. The process group is ended when time is over, so that ssh ends as well."""
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
    kept = () if lock is None else (lock,)
    try:
        process = subprocess.Popen(  # noqa: S603  # no shell; every argument is ours or was validated
            arguments,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            pass_fds=kept,
            start_new_session=True,
        )
    except FileNotFoundError:
        return 127, "", "no program rsync here"
    with process:
        try:
            told, mistakes = process.communicate(given, timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return 124, "", "time limit"
    return process.returncode, told.decode("utf-8", "replace"), mistakes.decode("utf-8", "replace")


def _configuration(target: RsyncTarget, key: str, known_hosts: str) -> str:
    """What ssh is told; neither the user's nor the machine's own configuration is read."""
    return (
        "Host *\n"
        f"Port {target.port}\n"
        f"IdentityFile {key}\n"
        "IdentitiesOnly yes\n"
        "IdentityAgent none\n"
        f"UserKnownHostsFile {known_hosts}\n"
        "GlobalKnownHostsFile /dev/null\n"
        "StrictHostKeyChecking yes\n"
        "UpdateHostKeys no\n"
        "BatchMode yes\n"
        "PreferredAuthentications publickey\n"
        "ClearAllForwardings yes\n"
        "ConnectTimeout 10\n"
        "ServerAliveInterval 10\n"
        "ServerAliveCountMax 3\n"
    )


def _host_keys(target: RsyncTarget, file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        raise NotFound("targets.no_known_hosts", target=target.name, path=str(file)) from None


def _memory_file(data: bytes) -> int:
    file = os.memfd_create("syndicate", os.MFD_CLOEXEC)
    os.fchmod(file, 0o600)
    os.write(file, data)
    return file


def _path(file: int) -> str:
    return f"/proc/{os.getpid()}/fd/{file}"


def _make_parents(folder: Path, paths: Iterable[str]) -> None:
    """rsync wants to see the folder of a file that is not there."""
    for parent in {Path(path).parent for path in paths}:
        (folder / parent).mkdir(parents=True, exist_ok=True)
