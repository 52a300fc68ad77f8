"""Target 发布目标: a further place that holds the whole website, besides the local folder. Several at once are possible."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class TargetKind(StrEnum):
    """How a target is reached."""

    RSYNC = "rsync"
    S3 = "s3"


@dataclass(frozen=True)
class RsyncTarget:
    """A folder of another machine, by rsync over SSH."""

    name: str
    """Its name in messages; the folder `site.targets/<name>` beside the site remembers what it holds."""
    to: str
    """Where: `user@host:/path`."""
    identity: str
    """Name of the secret that holds the private key, without a passphrase."""
    known_hosts: str
    """File of the office with the machine's host key, as `ssh-keyscan` prints it. Another key is refused."""
    port: int = 22
    """SSH port."""
    time_limit: timedelta = timedelta(minutes=5)
    """Limit of one transfer."""
    probe_base_url: str = ""
    """Where the public reads this target: proof then comes from there and not from the folder."""

    @property
    def secrets(self) -> Mapping[str, str]:
        """Purpose → name of the secret."""
        return {"identity": self.identity}

    @property
    def place(self) -> str:
        """Where it is; under another place the same name is another target."""
        return f"{self.to}:{self.port}"


@dataclass(frozen=True)
class S3Target:
    """A bucket of an S3-compatible store."""

    name: str
    """Its name in messages; the folder `site.targets/<name>` beside the site remembers what it holds."""
    endpoint: str
    """Address of the store's interface."""
    bucket: str
    """Bucket that holds the website."""
    access_key: str
    """Name of the secret that holds the access key's id."""
    secret_key: str
    """Name of the secret that holds the secret key."""
    prefix: str = ""
    """Folder within the bucket, without slashes around it; the bucket itself by default."""
    region: str = "us-east-1"
    """Region that requests are signed for."""
    path_style: bool = False
    """Whether the bucket is part of the path and not of the host name."""
    time_limit: timedelta = timedelta(minutes=1)
    """Limit of one call."""
    probe_base_url: str = ""
    """Where the public reads this target: proof then comes from there and not from the store."""

    @property
    def secrets(self) -> Mapping[str, str]:
        """Purpose → name of the secret."""
        return {"access_key": self.access_key, "secret_key": self.secret_key}

    @property
    def place(self) -> str:
        """Where it is; under another place the same name is another target."""
        return f"{self.endpoint}/{self.bucket}/{self.prefix}"


Target = RsyncTarget | S3Target
