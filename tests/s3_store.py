"""An S3-compatible store on loopback (moto's server) with one empty bucket."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

from moto.server import ThreadedMotoServer

from syndicate.channels.target_s3 import S3Hand
from syndicate.model.target import S3Target

ACCESS_KEY, SECRET_KEY = "sample-access-key", "sample+secret/key"


@dataclass
class Store:
    """A running store; `bucket` makes one more."""

    endpoint: str
    _numbers: Iterator[int] = field(default_factory=count)

    def bucket(self) -> str:
        name = f"bucket-{next(self._numbers)}"
        with self.open(name) as hand:
            hand._client.create_bucket(Bucket=name)
        return name

    @contextmanager
    def open(self, bucket: str, prefix: str = "") -> Iterator[S3Hand]:
        target = S3Target(
            "store", self.endpoint, bucket, "a", "b", prefix, path_style=True, time_limit=timedelta(seconds=20)
        )
        with closing(S3Hand(target, ACCESS_KEY, SECRET_KEY)) as hand:
            yield hand

    def text(self, bucket: str, key: str) -> str:
        with self.open(bucket) as hand:
            answer = hand._client.get_object(Bucket=bucket, Key=key)
            with answer["Body"] as body:
                return str(body.read().decode())


@contextmanager
def s3_store() -> Iterator[Store]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        yield Store(f"http://127.0.0.1:{server.get_host_and_port()[1]}")
    finally:
        server.stop()
