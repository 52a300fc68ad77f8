"""Two that watch at once, on either database: an incident is opened once, closed once, and told once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Barrier, Thread

from syndicate.flow import incidents, notices
from syndicate.model.source import Source, SourceKind, SyncResult
from syndicate.records import audit, models, people, sources
from syndicate.records import incidents as records
from syndicate.records.connection import close_connections
from tests.databases import on_both
from tests.flow.office import PUBLISHER, Desk

AT_ONCE = 3


def together(work: Callable[[], object]) -> None:
    """The same thing in several threads that begin at one moment; what one of them raises is raised here."""
    barrier, failed = Barrier(AT_ONCE), list[BaseException]()

    def run() -> None:
        try:
            barrier.wait(60)
            work()
        except BaseException as error:
            failed.append(error)
        finally:
            close_connections()

    threads = [Thread(target=run) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]


def follow(desk: Desk) -> None:
    """One source, and one publisher who hears of it."""
    source = Source("city", "示例市政府网", SourceKind.FEED, "https://city.example/", "news", "示例市政府")
    desk.workspace.snapshot = replace(desk.workspace.snapshot, sources={"city": source})
    people.add(PUBLISHER.name, PUBLISHER.role)
    notices.collect(desk.workspace)


@on_both
def test_of_several_that_watch_at_once_one_opens_and_one_closes(desk: Desk) -> None:
    follow(desk)
    sources.begin_incident("city", SyncResult.WALL, None, desk.now)
    together(lambda: incidents.watch_over(desk.workspace))
    assert len(records.open_ones()) == 1
    sources.end_incident("city", desk.now)
    together(lambda: incidents.watch_over(desk.workspace))
    (one,) = models.Incident.objects.all()
    rows = [row.action for row in audit.of_subject(f"incident:{one.id}")]
    assert rows == ["incident.opened", "incident.closed"]


@on_both
def test_of_several_that_tell_at_once_each_person_hears_once_of_each_end(desk: Desk) -> None:
    follow(desk)
    sources.begin_incident("city", SyncResult.WALL, None, desk.now)
    together(lambda: notices.collect(desk.workspace))
    sources.end_incident("city", desk.now)
    together(lambda: notices.collect(desk.workspace))
    told = models.Notice.objects.filter(user__username=PUBLISHER.name, incident__startswith="incident:")
    assert sorted(told.values_list("incident", flat=True)) == ["incident:1:began", "incident:1:over"]
