"""Deliveries, patrol, report and website as a worker, cron or a person types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.terminal import Office


def stopped(office: Office) -> int:
    """The delivery to the notice board, which only a person can make."""
    (row,) = office.deliveries("--state", "needs_person")
    number: int = row["id"]
    return number


def test_draining_an_empty_ledger_is_done_at_once(office: Office) -> None:
    answer = office("work", "--drain", "--json")
    assert (answer.code, answer.err) == (0, "")
    assert answer.document == {"steps": 0, "needs_person": 0, "under_way": 0, "next_due": None}


def test_what_needs_a_person_makes_the_exit_1_and_the_rest_arrives(online: Office) -> None:
    item = online.write()
    online.approve(item)
    answer = online("work", "--drain", "--json")
    assert answer.code == 1
    assert answer.document["needs_person"] == 1
    assert {row["channel"]: row["state"] for row in online.deliveries()} == {
        "app": "delivered",
        "hall": "needs_person",
        "website": "delivered",
    }


def test_a_channel_that_is_down_stops_no_other(office: Office) -> None:
    item = office.write()
    office.approve(item)
    office("work", "--drain")
    states = {row["channel"]: row["state"] for row in office.deliveries()}
    assert states["website"] == "delivered"
    assert states["app"] in ("due", "unsure")


def test_a_worker_without_the_secrets_does_not_start(office: Office) -> None:
    (office.home / "var" / "secrets" / "app-signing-key").unlink()
    answer = office("work", "--drain")
    assert answer.code == 2
    assert "channels/app.yaml:" in answer.err
    assert "app-signing-key" in answer.err


def test_the_ledger_shows_the_next_action_for_people(online: Office) -> None:
    online.publish()
    answer = online("deliveries", "--state", "needs_person")
    assert answer.code == 0
    assert "需人工" in answer.out
    assert "hall" in answer.out


def test_the_ledger_can_be_limited(online: Office) -> None:
    online.publish()
    assert len(online.deliveries("--limit", "2")) == 2


def test_a_person_records_where_it_stands(online: Office) -> None:
    online.publish()
    number = stopped(online)
    words = ("resolve", str(number), "--delivered", "https://hall.example/1", "--json")
    assert online(*words, user="样例终审").document == {"delivery": number, "state": "delivered"}
    assert online("work", "--drain").code == 0


def test_an_address_that_is_none_is_wrong_use(online: Office) -> None:
    online.publish()
    answer = online("resolve", str(stopped(online)), "--delivered", "javascript:alert(1)", user="样例终审")
    assert answer.code == 2
    assert "--delivered" in answer.err


def test_what_a_person_did_not_find_is_sent_again(online: Office) -> None:
    online.publish()
    answer = online("resolve", str(stopped(online)), "--absent", user="样例终审")
    assert answer.code == 0
    assert "待发送" in answer.out


def test_a_stopped_delivery_is_tried_again(online: Office) -> None:
    online.publish()
    answer = online("retry", str(stopped(online)), "--json", user="样例终审")
    assert answer.document["state"] == "due"


def test_an_editor_may_not_answer_for_a_channel(online: Office) -> None:
    online.publish()
    answer = online("retry", str(stopped(online)), user="样例编辑")
    assert answer.code == 1
    assert "角色" in answer.err


def test_what_was_delivered_is_not_sent_again(online: Office) -> None:
    online.publish()
    (row,) = [row for row in online.deliveries() if row["channel"] == "app"]
    answer = online("retry", str(row["id"]), user="样例终审")
    assert answer.code == 1
    assert "Traceback" not in answer.err


def test_the_answer_of_a_person_is_in_the_audit(online: Office) -> None:
    online.publish()
    online("resolve", str(stopped(online)), "--delivered", "https://hall.example/1", user="样例终审")
    last = online.audit()[-1]
    assert (last["人员"], last["途径"]) == ("样例终审", "cli")
    assert "https://hall.example/1" in last["内容"]


def test_a_patrol_over_a_sound_site_is_exit_0(online: Office) -> None:
    online.publish()
    answer = online("patrol", "--json")
    assert answer.code == 0, answer.out
    assert answer.document["problems"] == []
    assert {probe["kind"] for probe in answer.document["probes"]} >= {"site", "verify", "drift"}


def test_a_page_that_somebody_changed_is_found_by_patrol_and_by_site_verify(online: Office) -> None:
    item = online.publish()
    (page,) = (online.home / "var" / "site").rglob(f"{item}.html")
    page.write_text("<p>defaced</p>", "utf-8")
    patrol = online("patrol")
    assert patrol.code == 1
    assert "被改动" in patrol.out
    verify = online("site", "verify", "--json")
    assert verify.code == 1
    assert [Path(path).name for path in verify.document["changed"]] == [page.name]


def test_building_the_site_again_mends_it(online: Office) -> None:
    item = online.publish()
    (page,) = (online.home / "var" / "site").rglob(f"{item}.html")
    good = page.read_bytes()
    page.unlink()
    answer = online("site", "build", "--json")
    assert answer.document == {"folder": str(online.home / "var" / "site"), "targets": []}
    assert page.read_bytes() == good
    assert online("site", "verify").code == 0


def test_a_file_that_is_not_ours_is_named(online: Office) -> None:
    online.publish()
    (online.home / "var" / "site" / "odd.html").write_text("x")
    answer = online("site", "verify")
    assert answer.code == 1
    assert "odd.html" in answer.out


def test_a_site_that_is_down_is_a_problem_of_the_patrol(office: Office) -> None:
    answer = office("patrol", "--json")
    assert answer.code == 1
    assert [problem["kind"] for problem in answer.document["problems"]] == ["site"]


def test_the_report_is_written_and_its_path_named(office: Office) -> None:
    document = office("report", "--json").document
    assert "<html" in Path(document["path"]).read_text("utf-8")


def test_the_report_as_json_is_one_document(office: Office) -> None:
    first = office("report", "--format", "json")
    assert first.code == 0
    assert "2026-11-01" not in first.err
    assert json.loads(first.out)


def test_a_report_of_a_past_day_as_of_a_time(office: Office) -> None:
    answer = office("report", "2026-01-01", "--as-of", "2026-01-01T12:00")
    assert answer.code == 0
    assert "2026-01-01" in answer.out


@pytest.mark.parametrize("words", [("report",), ("patrol",), ("backup",), ("recheck",)])
def test_cron_runs_without_any_token(office: Office, words: tuple[str, ...]) -> None:
    assert office(*words).code in (0, 1)


def test_a_target_that_is_away_is_said_by_build_and_by_verify(office: Office) -> None:
    channel = office.home / "channels" / "website.yaml"
    target = "{kind: s3, name: store, endpoint: 'http://127.0.0.1:1', bucket: site, access_key: store-id, secret_key: store-key}"
    channel.write_text(f"title: 网站\nkind: website\nsettings: {{folder: var/site, targets: [{target}]}}\n", "utf-8")
    for name in ("store-id", "store-key"):
        (office.home / "var" / "secrets" / name).write_text("sample")
        (office.home / "var" / "secrets" / name).chmod(0o600)
    assert office("site", "verify").code == 0
    for words in (("build",), ("verify", "--targets")):
        answer = office("site", *words)
        assert answer.code == 1
        assert "store：发布目标“store”：连不上存储" in answer.out.replace("\n", "")
