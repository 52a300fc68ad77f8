from __future__ import annotations

from datetime import timedelta

import pytest

from syndicate.desk.item_page import CHECKS
from syndicate.errors import Message
from syndicate.flow import personal_tokens
from syndicate.flow.personal_tokens import limits
from syndicate.model.delivery import NeedsPerson
from syndicate.model.item import ItemState
from syndicate.model.token import Scope
from syndicate.records import audit, items
from tests.desk.api import Script, script_of
from tests.desk.conftest import LogIn
from tests.desk.feedback_letters import letter
from tests.desk.office import ADMIN, EDITOR, FAULTY, PUBLISHER, REVIEWER, Office

DRAFT = {"title": "云川县开展安全检查", "body": "<p>检查企业十二家。</p>", "column": "news"}


def approval(level: int, seen: str) -> dict[str, object]:
    return {"verdict": "approve", "level": level, "seen": seen, "checked": list(CHECKS)}


def kind(answer: object) -> str:
    return str(answer.json["type"]).removeprefix("urn:syndicate:problem:")  # type: ignore[attr-defined]


def test_a_token_says_whose_it_is_and_what_it_is_good_for(office: Office) -> None:
    found = script_of(office, EDITOR, [Scope.READ])("GET", "/me").json
    assert (found["name"], found["role"], found["scopes"]) == (EDITOR.name, "editor", ["read"])
    assert found["expires_at"] == "2026-12-26T09:00:00+08:00"


def test_a_reply_is_data_that_browsers_only_download(office: Office) -> None:
    headers = script_of(office, EDITOR)("GET", "/me").headers
    assert headers["Content-Disposition"] == 'attachment; filename="api.json"'
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_without_a_token_nothing_is_told(office: Office) -> None:
    answer = script_of(office, None)("GET", "/queue")
    assert (answer.status, kind(answer), answer.headers["WWW-Authenticate"]) == (401, "api.no_token", "Bearer")


@pytest.mark.parametrize("token", ["x", "Bearer", "\xff", "a" * 5000])
def test_a_wrong_token_opens_nothing(office: Office, token: str) -> None:
    answer = Script(script_of(office, None).client, token)("GET", "/queue")
    assert (answer.status, kind(answer)) == (401, "api.bad_token")


def test_a_session_opens_nothing(office: Office, log_in: LogIn) -> None:
    answer = Script(log_in(PUBLISHER), "")("GET", "/queue")
    assert answer.status == 401


def test_a_token_that_is_over_opens_nothing(office: Office) -> None:
    script = script_of(office, EDITOR)
    office.wait(days=30)
    assert script("GET", "/me").status == 401


def test_a_revoked_token_opens_nothing(office: Office) -> None:
    script = script_of(office, EDITOR)
    (token,) = personal_tokens.listed(office.workspace, EDITOR, EDITOR.name)
    personal_tokens.revoke(office.workspace, EDITOR, EDITOR.name, token.id)
    assert script("GET", "/me").status == 401


NEEDED = {
    Scope.READ: ("GET", "/queue"),
    Scope.WRITE: ("POST", "/items/1/submit"),
    Scope.DECIDE: ("POST", "/items/1/decisions"),
    Scope.DELIVER: ("POST", "/deliveries/1/retry"),
}


@pytest.mark.parametrize("scope", list(Scope))
def test_a_token_without_the_scope_is_refused_even_where_the_role_would_allow_it(office: Office, scope: Scope) -> None:
    method, address = NEEDED[scope]
    answer = script_of(office, PUBLISHER, EVERY_OTHER[scope])(method, address)
    assert (answer.status, kind(answer)) == (403, "token.scope")
    assert scope.value in answer.json["title_en"]


EVERY_OTHER = {scope: [one for one in Scope if one is not scope] for scope in Scope}


@pytest.mark.parametrize("scope", list(Scope))
def test_a_token_with_only_its_scope_passes(office: Office, scope: Scope) -> None:
    answer = script_of(office, PUBLISHER, [scope])(*NEEDED[scope])
    assert answer.status != 401
    assert answer.status == 200 or kind(answer) != "token.scope"


def test_an_item_goes_through_the_whole_review(office: Office) -> None:
    editor, reviewer, publisher = (script_of(office, actor) for actor in (EDITOR, REVIEWER, PUBLISHER))
    created = editor("POST", "/items", {**DRAFT, "submit": True})
    assert (created.status, created.json["state"], created.json["level"]) == (201, "submitted", 1)
    number, seen = created.json["id"], created.json["seen"]
    assert reviewer("POST", f"/items/{number}/decisions", approval(1, seen)).json["level"] == 2
    last = publisher("POST", f"/items/{number}/decisions", approval(2, seen))
    assert (last.status, last.json["state"]) == (200, "approved")
    sent = publisher("GET", f"/items/{number}").json["deliveries"]
    assert {one["state"] for one in sent} == {"waiting"}


def test_the_audit_says_that_it_came_through_the_interface(office: Office) -> None:
    number = script_of(office, EDITOR)("POST", "/items", DRAFT).json["id"]
    created = audit.of_subject(f"item:{number}")[0]
    assert (created.actor, created.via) == (EDITOR.name, "api")


def test_a_new_text_is_sanitised(office: Office) -> None:
    body = '<p onclick="x()">文<script>alert(1)</script></p>'
    stored = script_of(office, EDITOR)("POST", "/items", {**DRAFT, "body": body}).json["body"]
    assert "script" not in stored
    assert "onclick" not in stored


def test_an_edit_of_what_was_read_makes_a_revision(office: Office) -> None:
    number = office.draft()
    editor = script_of(office, EDITOR)
    version = editor("GET", f"/items/{number}").json["version"]
    changed = editor("PUT", f"/items/{number}", {"version": version, "title": "新标题"}).json
    assert (changed["title"], changed["revision"]) == ("新标题", 2)
    assert "检查企业十二家" in changed["body"]


def test_an_edit_of_something_older_is_a_conflict_and_changes_nothing(office: Office) -> None:
    number = office.draft()
    editor = script_of(office, EDITOR)
    version = editor("GET", f"/items/{number}").json["version"]
    editor("PUT", f"/items/{number}", {"version": version, "title": "甲"})
    late = editor("PUT", f"/items/{number}", {"version": version, "title": "乙"})
    assert (late.status, kind(late)) == (409, "records.changed")
    assert items.latest_revision(number).content.title == "甲"


def test_a_reprint_is_never_edited(office: Office) -> None:
    number = office.reprint("转载", "<p>文</p>", 5)
    editor = script_of(office, EDITOR)
    version = editor("GET", f"/items/{number}").json["version"]
    answer = editor("PUT", f"/items/{number}", {"version": version, "title": "改"})
    assert (answer.status, kind(answer)) == (403, "item.reprint")


def test_an_approval_of_something_unseen_is_a_conflict(office: Office) -> None:
    number = office.submitted()
    answer = script_of(office, REVIEWER)("POST", f"/items/{number}/decisions", approval(1, "0" * 64))
    assert (answer.status, kind(answer)) == (409, "review.changed")


def test_an_approval_without_what_was_seen_is_not_as_required(office: Office) -> None:
    number = office.submitted()
    assert script_of(office, REVIEWER)("POST", f"/items/{number}/decisions", approval(1, "")).status == 422


@pytest.mark.parametrize("missing", CHECKS)
def test_an_approval_needs_all_five_checks(office: Office, missing: str) -> None:
    number = office.submitted()
    reviewer = script_of(office, REVIEWER)
    given = approval(1, reviewer("GET", f"/items/{number}").json["seen"])
    given["checked"] = [name for name in CHECKS if name != missing]
    answer = reviewer("POST", f"/items/{number}/decisions", given)
    assert (answer.status, kind(answer)) == (422, "desk.checklist")


def test_a_person_cannot_approve_his_own_through_the_interface_either(office: Office) -> None:
    number = office.submitted(actor=PUBLISHER)
    publisher = script_of(office, PUBLISHER)
    seen = publisher("GET", f"/items/{number}").json["seen"]
    answer = publisher("POST", f"/items/{number}/decisions", approval(1, seen))
    assert (answer.status, kind(answer)) == (403, "review.own_item")


def test_an_editor_decides_nothing(office: Office) -> None:
    number = office.submitted()
    answer = script_of(office, EDITOR)("POST", f"/items/{number}/decisions", {"verdict": "return", "level": 1})
    assert answer.status == 403


def test_a_return_goes_with_its_reason(office: Office) -> None:
    number = office.submitted()
    given = {"verdict": "return", "level": 1, "reason": "请核实数字"}
    assert script_of(office, REVIEWER)("POST", f"/items/{number}/decisions", given).json["state"] == "returned"
    decided = script_of(office, EDITOR)("GET", f"/items/{number}/decisions").json
    assert [(one["verdict"], one["reason"]) for one in decided] == [("return", "请核实数字")]


def test_what_the_state_forbids_is_a_conflict(office: Office) -> None:
    number = office.published()
    answer = script_of(office, EDITOR)("POST", f"/items/{number}/submit")
    assert (answer.status, kind(answer)) == (409, "review.state")


def test_findings_are_masked(office: Office) -> None:
    number = office.draft(body=FAULTY)
    found = script_of(office, EDITOR)("GET", f"/items/{number}/findings").json
    personal = [one for one in found if one["rule"].startswith("personal")]
    assert personal
    assert "13800000000" not in str([one["text"] for one in personal])


def test_a_withdrawal_is_made_by_one_and_confirmed_by_another(office: Office) -> None:
    number = office.published()
    publisher = script_of(office, PUBLISHER)
    given = {"kind": "error", "reason": "数字有误"}
    assert publisher("POST", f"/items/{number}/withdrawals", given).json["state"] == "withdrawn"
    (made,) = publisher("GET", f"/items/{number}").json["withdrawals"]
    address = f"/items/{number}/withdrawals/{made['id']}/confirm"
    assert publisher("POST", address).status == 403
    assert script_of(office, REVIEWER)("POST", address).json["confirmed_by"] == REVIEWER.name


def test_a_withdrawal_is_found_only_at_its_own_item(office: Office) -> None:
    number = office.published()
    publisher = script_of(office, PUBLISHER)
    publisher("POST", f"/items/{number}/withdrawals", {"kind": "error", "reason": "数字有误"})
    (made,) = publisher("GET", f"/items/{number}").json["withdrawals"]
    answer = script_of(office, REVIEWER)("POST", f"/items/{number + 1}/withdrawals/{made['id']}/confirm")
    assert answer.status == 404


def test_a_correction_starts_a_new_revision(office: Office) -> None:
    number = office.published()
    answer = script_of(office, EDITOR)("POST", f"/items/{number}/amend", {"reason": "更正数字"})
    assert (answer.status, answer.json["state"]) == (200, "draft")


def test_stopped_deliveries_are_listed_and_answered(office: Office) -> None:
    office.published(weibo=NeedsPerson(Message("ledger.never_arrives")))
    reviewer = script_of(office, REVIEWER)
    (stopped,) = reviewer("GET", "/deliveries?state=needs_person").json["deliveries"]
    assert stopped["message"]["zh"]
    address = f"/deliveries/{stopped['id']}/resolve"
    assert reviewer("POST", address, {"answer": "delivered", "url": "javascript:1"}).status == 422
    done = reviewer("POST", address, {"answer": "delivered", "url": "https://example.gov.cn/1"})
    assert (done.status, done.json["state"]) == (200, "delivered")
    assert reviewer("POST", f"/deliveries/{stopped['id']}/retry").status == 409


def test_the_queue_is_filtered_and_paged(office: Office) -> None:
    for number in range(3):
        office.submitted(f"安全检查{number}")
    office.submitted("食品抽检", column="notices")
    reader = script_of(office, EDITOR, [Scope.READ])
    first = reader("GET", "/queue?tab=own&limit=3").json
    assert (len(first["items"]), first["more"]) == (3, True)
    second = reader("GET", "/queue?tab=own&limit=3&page=2").json
    assert (len(second["items"]), second["more"]) == (1, False)
    (found,) = reader("GET", "/queue?tab=all&column=notices").json["items"]
    assert found["title"] == "食品抽检"
    assert reader("GET", "/queue/counts").json["own"] == 4


def test_sources_are_told_with_their_health(office: Office) -> None:
    found = script_of(office, EDITOR)("GET", "/sources").json
    assert {one["id"] for one in found} == set(office.workspace.snapshot.sources)
    assert all(one["result"] is None for one in found)


def test_an_administrator_decides_on_no_text(office: Office) -> None:
    assert script_of(office, ADMIN)("POST", "/items", DRAFT).status == 403


@pytest.mark.parametrize("address", ["/items/999999", "/nothing", "/items/x", f"/items/{10**30}"])
def test_what_is_not_there_is_told_as_a_problem(office: Office, address: str) -> None:
    answer = script_of(office, EDITOR)("GET", address)
    assert answer.status in (404, 422)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json["action"]


def test_a_method_that_is_not_there_says_which_are(office: Office) -> None:
    answer = script_of(office, EDITOR)("DELETE", "/items")
    assert (answer.status, answer.headers["Allow"]) == (405, "POST")


def test_a_name_that_nobody_knows_is_a_mistake_with_its_place(office: Office) -> None:
    answer = script_of(office, EDITOR)("POST", "/items", {**DRAFT, "tittle": "x"})
    assert (answer.status, [one["place"] for one in answer.json["errors"]]) == (422, ["body.draft.tittle"])


@pytest.mark.parametrize("title", ["a\0b", "\ud800", 5, None, "长" * 501])
def test_a_title_that_cannot_be_stored_is_a_mistake(office: Office, title: object) -> None:
    assert script_of(office, EDITOR)("POST", "/items", {**DRAFT, "title": title}).status == 422


def test_half_a_json_is_told_as_such(office: Office) -> None:
    script = script_of(office, EDITOR)
    response = script.client.post(
        "/api/v1/items", b"{", content_type="application/json", headers={"authorization": f"Bearer {script.token}"}
    )
    assert response.status_code == 400
    assert "api.not_json" in response.content.decode()


def test_a_body_that_is_too_large_is_not_read(office: Office) -> None:
    answer = script_of(office, EDITOR)("POST", "/items", {**DRAFT, "body": "x" * limits()["largest_body"]})
    assert (answer.status, kind(answer)) == (413, "api.too_large")


def test_who_asks_too_often_is_told_how_long_to_wait(office: Office) -> None:
    script = script_of(office, EDITOR)
    assert {script("GET", "/me").status for _ in range(limits()["per_minute"])} == {200}
    office.wait(seconds=20)
    answer = script("GET", "/me")
    assert (answer.status, answer.headers["Retry-After"]) == (429, "40")
    office.wait(seconds=40)
    assert script("GET", "/me").status == 200


def test_an_address_that_guesses_must_wait_even_with_a_right_token(office: Office) -> None:
    right = script_of(office, EDITOR)
    wrong = Script(right.client, "wrong")
    assert {wrong("GET", "/me").status for _ in range(limits()["failures_per_minute"])} == {401}
    assert right("GET", "/me").status == 429
    office.wait(minutes=1)
    assert right("GET", "/me").status == 200


def test_the_document_names_every_operation_with_its_problems(office: Office) -> None:
    document = script_of(office, None)("GET", "/openapi.json").json
    operations = [one for path in document["paths"].values() for one in path.values()]
    assert len(operations) == 18
    assert all({"401", "403", "404", "409", "413", "422", "429"} <= set(one["responses"]) for one in operations)
    assert all(one["security"] for one in operations)


def test_no_operation_is_open_to_a_stranger_or_to_a_token_without_its_scope(office: Office) -> None:
    stranger = script_of(office, None)
    document = stranger("GET", "/openapi.json").json
    for path, operations in document["paths"].items():
        address = path.removeprefix("/api/v1").replace("{number}", "1").replace("{withdrawal}", "1")
        for method, operation in operations.items():
            assert (address, stranger(method.upper(), address, {}).status) == (address, 401)
            (scope,) = operation["tags"]
            answer = script_of(office, PUBLISHER, EVERY_OTHER[Scope(scope)])(method.upper(), address, {})
            assert (address, answer.status, kind(answer)) == (address, 403, "token.scope")


def test_a_state_that_was_reached_is_the_same_as_at_the_desk(office: Office) -> None:
    number = script_of(office, EDITOR)("POST", "/items", DRAFT).json["id"]
    script_of(office, EDITOR)("POST", f"/items/{number}/submit")
    assert items.get(number).state is ItemState.SUBMITTED
    assert items.get(number).submitted_at == office.now


def test_the_last_use_of_a_token_is_kept(office: Office) -> None:
    script = script_of(office, EDITOR)
    office.wait(hours=1)
    script("GET", "/me")
    (token,) = personal_tokens.listed(office.workspace, EDITOR, EDITOR.name)
    assert token.last_used_at == token.created_at + timedelta(hours=1)


def test_reports_of_the_public_are_listed_without_their_contacts(office: Office) -> None:
    number = letter(office, contact="000-87654321")
    answer = script_of(office, EDITOR, [Scope.READ])("GET", "/feedback")
    (one,) = answer.json["feedback"]
    assert (one["id"], one["state"], one["has_contact"]) == (number, "received", True)
    assert "87654321" not in str(answer.json)
