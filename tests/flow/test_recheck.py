"""复查: the present rules over everything that stands somewhere, and only that."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from dataclasses import replace

import pytest

from syndicate.flow.recheck import Rechecked, affected_count, recheck
from syndicate.flow.withdraw import withdraw
from syndicate.model.item import Attachment, FileRole, ItemState
from syndicate.model.review import Actor, Role, WithdrawalKind
from syndicate.records import audit, findings, items
from syndicate.records.connection import close_connections
from tests.conftest import ROOT
from tests.databases import on_one
from tests.flow.office import CONTENT, PUBLISHER, Desk
from tests.flow.web import Beat, Page, article

WORD_RULE = """\
rules:
  - {id: sample.word, kind: lexicon, severity: block, message: {zh: "{text}", en: "{text}"}, basis: 样例, severities: {typo: block}}
"""
CRON = Actor("cron", Role.SYSTEM, "cli")


def _published(desk: Desk, *channels: str) -> int:
    item = desk.approved(*(channels or ("app",)))
    desk.settle()
    return item


def _rules(item: int) -> Counter[str]:
    return Counter(one.rule for one in findings.of_revision(items.latest_revision(item).id))


def test_a_new_rule_finds_what_is_published(desk: Desk) -> None:
    item = _published(desk)
    desk.add_rule("sample.new", "恢复通行")
    assert (recheck(desk.workspace, CRON).changed, "sample.new" in _rules(item)) == ((item,), True)


def test_nothing_new_changes_nothing(desk: Desk) -> None:
    _published(desk)
    found = recheck(desk.workspace, CRON, everything=True)
    assert (found.checked, found.changed) == (1, ())


def test_what_was_checked_with_the_same_rules_is_not_read_again(desk: Desk) -> None:
    _published(desk)
    assert recheck(desk.workspace, CRON) == Rechecked(0, (), 1)
    desk.add_rule("sample.new", "恢复通行")
    assert affected_count(desk.workspace) == 1
    assert recheck(desk.workspace, CRON).checked == 1
    assert recheck(desk.workspace, CRON).checked == affected_count(desk.workspace) == 0


def _add_words(desk: Desk, *rows: str) -> None:
    folder = desk.home / "content" / "lexicon"
    folder.mkdir(exist_ok=True)
    (desk.home / "content" / "rules" / "own_words.yaml").write_text(WORD_RULE, "utf-8")
    head = "wrong\tright\tcategory\tmode\tnot_after\tnot_before\tvalid_from\tvalid_to\tbasis"
    (folder / "own.tsv").write_text("\n".join([head, *rows, ""]), "utf-8")
    desk.reload()


def test_a_new_word_makes_read_again_only_what_holds_it(desk: Desk) -> None:
    for text in ("<p>河堤加故工程。</p>", "<p>山路通行。</p>"):
        desk.approved("app", content=replace(CONTENT, body=text))
    desk.settle()
    _add_words(desk)
    recheck(desk.workspace, CRON)
    _add_words(desk, "加故\t加固\ttypo\tsubstring\t\t\t\t\t样例")
    assert affected_count(desk.workspace) == 1
    done = recheck(desk.workspace, CRON)
    assert (done.checked, done.unaffected) == (1, 1)
    assert affected_count(desk.workspace) == 0


def test_an_attachment_may_hold_the_word(desk: Desk) -> None:
    file = desk.workspace.files.put("加故".encode())
    attachment = Attachment("名单.txt", file, "text/plain", 6, FileRole.ATTACHMENT)
    desk.approved("app", content=replace(CONTENT, attachments=(attachment,)))
    desk.settle()
    _add_words(desk)
    recheck(desk.workspace, CRON)
    _add_words(desk, "加故\t加固\ttypo\tsubstring\t\t\t\t\t样例")
    assert recheck(desk.workspace, CRON).checked == 1


@on_one
def test_killed_half_way_it_goes_on_where_it_was(desk: Desk) -> None:
    for number in range(6):
        desk.approved("app", content=replace(CONTENT, title=f"样例标题{number}"))
    desk.settle()
    desk.add_rule("sample.new", "恢复通行")
    close_connections()
    command = [sys.executable, "-m", "tests.flow.recheck_life", str(desk.home), "3"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as life:
        assert life.stdout is not None
        assert life.stdout.readline() == "3\n"
        life.kill()
    assert life.returncode == -signal.SIGKILL
    done = recheck(desk.workspace, CRON)
    assert (done.checked, done.unaffected) == (3, 3)
    assert audit.verify().broken is None


def test_a_run_that_was_stopped_goes_on_where_it_was(desk: Desk) -> None:
    for number in range(3):
        desk.approved("app", content=replace(CONTENT, title=f"样例标题{number}"))
    desk.settle()
    desk.add_rule("sample.new", "恢复通行")

    def stop(done: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        recheck(desk.workspace, CRON, stop)
    assert recheck(desk.workspace, CRON).checked == 1


def test_a_finding_tells_since_which_configuration_it_is_one(desk: Desk) -> None:
    item = _published(desk)
    desk.add_rule("sample.new", "恢复通行")
    first = desk.workspace.snapshot.hash
    recheck(desk.workspace, CRON)
    desk.add_rule("sample.other", "按标志行驶")
    recheck(desk.workspace, CRON)
    since = findings.since(items.latest_revision(item).id)
    assert since["sample.new"][0] == first
    assert since["sample.other"][0] == desk.workspace.snapshot.hash


def test_what_is_known_is_not_new_a_second_time(desk: Desk) -> None:
    _published(desk)
    desk.add_rule("sample.new", "恢复通行")
    recheck(desk.workspace, CRON)
    assert recheck(desk.workspace, CRON).changed == ()


def test_a_rule_that_is_gone_takes_its_findings_with_it(desk: Desk) -> None:
    item = _published(desk)
    desk.add_rule("sample.new", "恢复通行")
    recheck(desk.workspace, CRON)
    (desk.home / "content" / "rules" / "sample_new.yaml").unlink()
    desk.reload()
    recheck(desk.workspace, CRON)
    assert "sample.new" not in _rules(item)


def test_an_item_that_waits_is_not_rechecked(desk: Desk) -> None:
    desk.submitted("app")
    assert recheck(desk.workspace, CRON).checked == 0


def test_what_was_withdrawn_is_not_rechecked(desk: Desk) -> None:
    item = _published(desk)
    withdraw(desk.workspace, PUBLISHER, item, WithdrawalKind.ERROR, "有误")
    desk.settle()
    assert recheck(desk.workspace, CRON).checked == 0


def test_an_item_on_several_channels_is_read_once(desk: Desk) -> None:
    _published(desk, "app", "led", "website")
    assert recheck(desk.workspace, CRON, everything=True).checked == 1


def test_the_published_revision_is_read_while_a_correction_waits(desk: Desk) -> None:
    item = _published(desk)
    first = items.latest_revision(item).id
    desk.corrected(item, "改正后的标题")
    desk.add_rule("sample.new", "恢复通行")
    recheck(desk.workspace, CRON)
    assert "sample.new" in {one.rule for one in findings.of_revision(first)}


def test_a_recheck_changes_no_state(desk: Desk) -> None:
    item = _published(desk)
    desk.add_rule("sample.new", "恢复通行")
    recheck(desk.workspace, CRON)
    assert items.get(item).state is ItemState.PUBLISHED


def test_what_was_found_is_in_the_audit_of_the_item(desk: Desk) -> None:
    item = _published(desk)
    desk.add_rule("sample.new", "恢复通行")
    recheck(desk.workspace, CRON)
    (row,) = [one for one in audit.of_subject(f"item:{item}") if one.action == "item.recheck_found"]
    since = desk.workspace.snapshot.hash
    assert (row.actor, row.data["rules"], row.data["since"]) == ("cron", ["sample.new"], since)


def test_a_recheck_notes_the_configuration_it_used(desk: Desk) -> None:
    item = _published(desk)
    desk.add_rule("sample.new", "无关")
    recheck(desk.workspace, CRON)
    assert items.latest_revision(item).checked_with == desk.workspace.snapshot.hash


def test_progress_is_told(desk: Desk) -> None:
    for number in range(3):
        desk.approved("app", content=replace(CONTENT, title=f"样例标题{number}"))
    desk.settle()
    told: list[int] = []
    recheck(desk.workspace, CRON, told.append, everything=True)
    assert told == [1, 2, 3]


def _reprinted(beat: Beat) -> int:
    """A published reprint from a unit that is not listed, with a picture that could not be had."""
    beat.follow("city", "json")
    beat.list("city", 1)
    page = article("样例通知第1号", meta={"ContentSource": "某自媒体"}, body="<img src='/gone.png'>")
    beat.web.pages["/1.html"] = Page(page)
    (item,) = beat.one("city").items
    beat.desk.approve(item)
    beat.desk.settle()
    return item


@on_one
def test_findings_are_the_same_after_a_recheck_with_the_same_rules(beat: Beat) -> None:
    item = _reprinted(beat)
    before = _rules(item)
    for _ in range(2):
        recheck(beat.desk.workspace, CRON, everything=True)
    assert _rules(item) == before


@on_one
def test_what_the_fetch_left_doubtful_outlives_a_recheck(beat: Beat) -> None:
    item = _reprinted(beat)
    recheck(beat.desk.workspace, CRON)
    assert "ingest.file_missing" in _rules(item)
