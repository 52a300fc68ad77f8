"""Opening a website's target with its secrets; only where there are targets is any of this loaded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from syndicate.channels.target_calls import TargetHand
from syndicate.model.hands import Hands
from syndicate.model.target import RsyncTarget, Target


@contextmanager
def open_target(target: Target, hands: Hands) -> Iterator[TargetHand]:
    """One target for one piece of work. Raises `NotFound` for a secret or a file that is absent."""
    hand = _open(target, hands)
    try:
        yield _SeenByThePublic(hand, target) if target.probe_base_url else hand
    finally:
        hand.close()


def _open(target: Target, hands: Hands) -> TargetHand:
    if isinstance(target, RsyncTarget):
        from syndicate.channels.target_rsync import RsyncHand

        return RsyncHand(target, hands.secrets.get(target.identity), hands.home / target.known_hosts)
    from syndicate.channels.target_s3 import S3Hand

    return S3Hand(target, hands.secrets.get(target.access_key), hands.secrets.get(target.secret_key))


class _SeenByThePublic:
    """A target whose proof is what the public gets."""

    def __init__(self, hand: TargetHand, target: Target) -> None:
        self._target = target
        self.put = hand.put
        self.remove = hand.remove
        self.names = hand.names
        self.close = hand.close

    def wrong(self, staged: Path, paths: Sequence[str], gone: Sequence[str]) -> Sequence[str]:
        """What the public does not get as it was sent."""
        from syndicate.channels.target_web import wrong_on_the_web

        return wrong_on_the_web(self._target, staged, paths, gone)
