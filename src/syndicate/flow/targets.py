"""The website's targets as a whole: bring all of them up to date, or compare every file of theirs with the manifest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from syndicate.channels.mirror import mirror
from syndicate.channels.target_calls import TargetHand
from syndicate.channels.targets import open_target
from syndicate.channels.website_targets import targets_of
from syndicate.errors import Message, SyndicateError
from syndicate.flow.website import site_folder
from syndicate.flow.workspace import Workspace
from syndicate.model.target import Target
from syndicate.records import seat
from syndicate.site.holding import Holding
from syndicate.site.lock import site_lock
from syndicate.site.manifest import recorded
from syndicate.site.writer import Verification, verify

_AT_ONCE = 500
_SECONDS = 60.0


@dataclass(frozen=True)
class TargetState:
    """One target after a look at it: what differs, or why it could not be looked at or brought up to date."""

    name: str
    problem: Message | None = None
    differences: Verification | None = None

    @property
    def whole(self) -> bool:
        """True where the target holds exactly the website."""
        return self.problem is None and (self.differences is None or self.differences.whole)


def mirror_site(workspace: Workspace) -> tuple[TargetState, ...]:
    """Bring every target up to date; the failure of one stops none of the others.

    Raises NotAllowed in a copy of an office that nobody has taken over.
    """
    seat.check(workspace.home)
    return tuple(_each(workspace, _mirror))


def compare_targets(workspace: Workspace) -> tuple[TargetState, ...]:
    """Compare every file of every target with the manifest: missing, changed and foreign ones.

    What is missing or changed is no longer counted as held, so that `mirror_site` sends it again. A file that differs
    on this machine already is not compared; `verify_site` names it.
    """
    return tuple(_each(workspace, _compare))


def _each(workspace: Workspace, work: Callable[[Workspace, Target, TargetHand], TargetState]) -> Iterator[TargetState]:
    website = workspace.website()
    for target in targets_of(website) if website else ():
        try:
            with open_target(target, workspace.hands) as hand:
                yield work(workspace, target, hand)
        except SyndicateError as error:
            yield TargetState(target.name, error.message)


def _mirror(workspace: Workspace, target: Target, hand: TargetHand) -> TargetState:
    root, patience = site_folder(workspace), timedelta(seconds=_SECONDS)
    while not mirror(root, target, hand, patience, _SECONDS):
        pass
    return TargetState(target.name)


def _compare(workspace: Workspace, target: Target, hand: TargetHand) -> TargetState:
    root, patience = site_folder(workspace), timedelta(seconds=_SECONDS)
    holding = Holding(root, target.name, target.place)
    with site_lock(holding.folder, patience):
        found = _differences(root, hand)
        holding.distrust([*found.missing, *found.changed])
    return TargetState(target.name, differences=found)


def _differences(root: Path, hand: TargetHand) -> Verification:
    expected = {path for path, _ in recorded(root)}
    here = verify(root)
    there = hand.names()
    both = sorted((expected & there) - {*here.missing, *here.changed})
    changed = [path for some in _pieces(both) for path in hand.wrong(root, some, ())]
    return Verification(tuple(sorted(expected - there)), tuple(sorted(changed)), tuple(sorted(there - expected)))


def _pieces(paths: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(paths), _AT_ONCE):
        yield paths[start : start + _AT_ONCE]
