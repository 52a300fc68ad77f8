"""A real sshd on loopback with keys of its own, whose only user is whoever runs the tests."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from syndicate.model.target import RsyncTarget

LACKING = "sshd or rsync is not installed: apt-get install openssh-server rsync"
SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def can_serve() -> bool:
    return SSHD is not None and shutil.which("rsync") is not None and shutil.which("ssh-keygen") is not None


@dataclass
class SshServer:
    """A running server: the key that it accepts, and the folder that a test lets a target write."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    @property
    def key(self) -> str:
        return (self.folder / "user").read_text()

    @property
    def known_hosts(self) -> str:
        kind, key, *_ = (self.folder / "host.pub").read_text().split()
        return f"[127.0.0.1]:{self.port} {kind} {key}\n"

    def target(self, folder: Path, name: str = "main", **changes: object) -> RsyncTarget:
        to = f"{getpass.getuser()}@127.0.0.1:{folder}"
        values = {"port": self.port, "time_limit": timedelta(seconds=60), **changes}
        return RsyncTarget(name, to, "main-key", "known_hosts", **values)  # type: ignore[arg-type]

    def new_host_key(self) -> None:
        """The server comes back with another host key on the same port."""
        self.stop()
        for file in self.folder.glob("host*"):
            file.unlink()
        make_key(self.folder / "host")
        self.process = _started(self.folder, self.port)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)


def make_key(file: Path) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "sample", "-f", file], check=True)


@contextmanager
def ssh_server(folder: Path) -> Iterator[SshServer]:
    for name in ("host", "user"):
        make_key(folder / name)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    (folder / "sshd_config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\nAuthorizedKeysFile {folder}/user.pub\n"
        "StrictModes no\nUsePAM no\nPidFile none\nPasswordAuthentication no\nPermitRootLogin prohibit-password\n"
        "KexAlgorithms curve25519-sha256\nMaxStartups 100\n"
    )
    server = SshServer(folder, port, _started(folder, port))
    try:
        yield server
    finally:
        server.stop()


def _started(folder: Path, port: int) -> subprocess.Popen[bytes]:
    assert SSHD
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen([SSHD, "-D", "-e", "-f", folder / "sshd_config"], stderr=log)
    for _ in range(200):
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return process
        time.sleep(0.02)
    raise AssertionError((folder / "log").read_text())
