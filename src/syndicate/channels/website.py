"""The website's driver: pages, lists and feeds into one local folder, then to every target. Whole-state, so repeatable.

The lock is held from the look at the ledger to the settling of the entry: two publications at once would otherwise
each write lists that lack the other's article.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from syndicate.channels import website_targets
from syndicate.channels.settings import folder_below, required, text
from syndicate.errors import ConfigurationError, NotFound, StorageError, SyndicateError
from syndicate.model.channel import Channel
from syndicate.model.delivery import (
    Absent,
    Accepted,
    Action,
    FindResult,
    Job,
    NeedsPerson,
    Proof,
    Receipt,
    Step,
    StepResult,
    TryLater,
)
from syndicate.model.hands import Hands
from syndicate.model.site import Published, SiteEntry
from syndicate.model.target import Target
from syndicate.site.disclosure import listings_of
from syndicate.site.facts import site_facts
from syndicate.site.lock import site_lock
from syndicate.site.pages import Pages
from syndicate.site.paths import on_disk
from syndicate.site.plan import plan_publish, plan_retract
from syndicate.site.proof import fingerprint, is_notice
from syndicate.site.writer import write
from syndicate.text.plain import from_html

if TYPE_CHECKING:
    from syndicate.channels.visitor import Visitor

_OFFICIAL = "field:"
_SECONDS = 30.0
"""After so long a target's step lets other publications pass; the next one goes on where it was."""


class WebsiteDriver:
    """One website in a folder of the office."""

    actions = frozenset(Action)
    careful = False

    def __init__(self, channel: Channel, hands: Hands) -> None:
        self._channel = channel
        self._hands = hands

    @property
    def _targets(self) -> tuple[Target, ...]:
        return website_targets.targets_of(self._channel)

    @cached_property
    def _pages(self) -> Pages:
        return Pages(site_facts(self._hands.snapshot, self._channel), self._hands.files)

    def next_step(self, job: Job) -> Step:
        """Write, then one step for each target; doing any of them again changes nothing."""
        return website_targets.next_step(job, self._targets)

    def perform(self, step: Step, job: Job) -> StepResult:
        """Write the article (or its notice) and everything that shows it; or bring a target up to date."""
        name = website_targets.target_of(step)
        return self._mirror(name, job) if name else self._write_locked(job)

    def _mirror(self, name: str, job: Job) -> StepResult:
        # Loaded only where there are targets, as HTTP, rsync and S3 come with it.
        from syndicate.channels.mirror import mirror
        from syndicate.channels.targets import open_target

        target = next((one for one in self._targets if one.name == name), None)
        if target is None:  # taken out of the configuration since the step was named
            return StepResult(Accepted(job.now), job.notes)
        try:
            with open_target(target, self._hands) as hand:
                whole = mirror(self._root(), target, hand, job.channel.ladder.timeout, _SECONDS)
        except SyndicateError as error:
            return website_targets.failed(name, error, job, self._targets)
        return website_targets.mirrored(name, whole, job, self._targets)

    def _write_locked(self, job: Job) -> StepResult:
        try:
            root = self._root()
            with site_lock(root, job.channel.ladder.timeout):
                receipt = self._write(root, job)
            return website_targets.written(receipt, job, self._targets)
        except StorageError as error:
            outcome = NeedsPerson(error.message) if error.message.key == "site.path" else TryLater(error.message)
            return StepResult(outcome, job.notes, error.message.key)
        except (NotFound, ConfigurationError) as error:
            return StepResult(NeedsPerson(error.message), job.notes, error.message.key, str(error)[:2_000])

    def find(self, step: Step, job: Job) -> FindResult:
        """The write may always be repeated, so nobody needs to know whether it happened."""
        return FindResult(Absent(), job.notes)

    def read_back(self, receipt: Receipt, job: Job) -> Proof | None:
        """The page as a visitor gets it where `probe_base_url` is set, else as it stands on the disk.

        A withdrawal's notice counts as gone. None where neither can be read at the moment.
        """
        base = text(self._channel, "probe_base_url").rstrip("/")
        try:
            page = self._visitor.page(f"{base}/{receipt.remote_id}") if base else self._stored(receipt.remote_id)
        except (StorageError, NotFound, OSError):
            return None
        if page is None:
            return None
        return Proof(None if not page or is_notice(page) else fingerprint(page))

    def close(self) -> None:
        """Give the connection back."""
        if "_visitor" in self.__dict__:
            self._visitor.close()

    @cached_property
    def _visitor(self) -> Visitor:
        # Loaded only where pages are fetched back: a process that only writes needs no HTTP library.
        from syndicate.channels.visitor import Visitor

        return Visitor(self._channel)

    def _root(self) -> Path:
        return folder_below(self._hands.home, required(self._channel, "folder"))

    def _write(self, root: Path, job: Job) -> Receipt:
        ledger, name = self._hands.site, self._channel.id
        view = ledger.view(name, self._entry(job))
        self._refuse_unbuilt(view)
        others = [(other, ledger.standing(name, other.item)) for other in view.affected()]
        planned = plan_retract if job.action is Action.RETRACT else plan_publish
        plan = planned(self._pages, view, job.rendition, others)
        write(root, [plan], self._hands.files, self._pages.facts.version)
        ledger.settle(name, view.entry, from_html(job.rendition.body).text)
        address = view.entry.address
        page = next(page for page in plan.pages if page.path == address)
        return Receipt(
            address, f"{self._hands.snapshot.office.site_url}/{address}", job.now, {"sha256": fingerprint(page.data)}
        )

    def _refuse_unbuilt(self, view: Published) -> None:
        """Raises `StorageError` after a rename until the site is built anew, `NotFound` where the column is gone.

        Until then the lists of the new name would lack everything that stands under the former one.
        """
        facts, column = self._pages.facts, view.entry.column
        for former, name in facts.renamed.items():
            if view.count(former):
                raise StorageError("site.renamed", former=former, name=name)
        if column not in facts.columns:
            raise NotFound("site.column_lost", column=column, count=view.count(column))

    def _stored(self, address: str) -> bytes:
        """The page on the disk, empty where there is none. Raises `OSError` where it cannot be read."""
        try:
            return on_disk(self._root(), address).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return b""

    def _entry(self, job: Job) -> SiteEntry:
        """The article as lists need it; the ledger keeps the time of its first publication."""
        fields = job.rendition.fields
        entry = SiteEntry(
            item=job.item,
            column=self._pages.facts.renamed.get(fields["column"], fields["column"]),
            address=fields["address"],
            title=fields["title"],
            summary=fields.get("summary", ""),
            source_name=fields.get("source_name", ""),
            published_at=job.now,
            withdrawn=job.action is Action.RETRACT,
            fields={
                name.removeprefix(_OFFICIAL): value for name, value in fields.items() if name.startswith(_OFFICIAL)
            },
        )
        return replace(entry, listings=listings_of(entry))
