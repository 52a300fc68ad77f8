"""网站找错、投诉和满意度: the form, the receipt, the rating, and whatever hostile people send instead."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

import html5lib
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syndicate.errors import StorageError
from syndicate.flow import feedback as flow
from syndicate.flow import handling_feedback
from syndicate.flow.handling_feedback import Answer
from syndicate.model.feedback import FeedbackKind
from syndicate.model.office import Snapshot
from syndicate.public.feedback import LARGEST
from syndicate.records import audit, feedback
from syndicate.records.models.audit import AuditEvent
from tests.databases import on_both, on_one, on_sqlite
from tests.flow.office import PUBLISHER
from tests.public.feedback_office import PublicOffice, Visitor, open_office, public_snapshot
from tests.records.test_search import publish


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """Read once: a load takes a second."""
    return public_snapshot(tmp_path_factory.mktemp("public") / "office")


@pytest.fixture
def office(records: Path, now: datetime, snapshot: Snapshot) -> PublicOffice:
    return open_office(records, now, snapshot)


@pytest.fixture
def visitor(office: PublicOffice) -> Visitor:
    return office.visitor()


def kept(number: int = 0) -> feedback.FeedbackRecord:
    """The report that was taken in last, or the one of this number."""
    return feedback.listed(feedback.OPEN, 50)[-1] if not number else feedback.get(number)


@on_both
def test_a_report_is_kept_with_its_page_its_item_and_its_deadlines(office: PublicOffice, visitor: Visitor) -> None:
    entry = publish(office.now, 1, "样例")
    reply = visitor.report(page=f"http://127.0.0.1/{entry.address}", kind="link", text="附件打不开（样例）")
    assert reply.status == 200
    one = kept()
    assert (one.page, one.item, one.kind) == (entry.address, entry.item, FeedbackKind.LINK)
    # Thursday the 26th: in hand by Friday's end, answered by Tuesday's end.
    midnight = datetime(2026, 11, 26, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert (one.pass_on_due_at, one.answer_due_at) == (midnight + timedelta(days=2), midnight + timedelta(days=6))


@on_both
def test_a_form_that_is_sent_twice_is_one_report(office: PublicOffice, visitor: Visitor) -> None:
    form = visitor.get("/feedback/report").field("form")
    receipts = {visitor.report(form=form).receipt for _ in range(2)}
    assert len(receipts) == 1
    assert len(feedback.listed(feedback.OPEN, 9)) == 1
    assert AuditEvent.objects.filter(action="feedback.received").count() == 1


@on_one
@pytest.mark.parametrize(
    "other",
    [{"text": "第三段也有错别字（样例）"}, {"kind": "content"}, {"page": "index.html"}, {"contact": "000-12345678"}],
)
def test_a_form_that_the_browser_brought_back_and_that_says_something_else_is_another_report(
    office: PublicOffice, visitor: Visitor, other: dict[str, str]
) -> None:
    form = visitor.get("/feedback/report").field("form")
    receipts = {visitor.report(form=form).receipt, visitor.report(form=form, **other).receipt}
    assert len(receipts) == 2
    assert len(feedback.listed(feedback.OPEN, 9)) == 2


@on_sqlite
def test_receipts_differ_and_none_is_kept(office: PublicOffice, visitor: Visitor, records: Path) -> None:
    receipts = {visitor.report().receipt for _ in range(5)}
    assert len(receipts) == 5
    with sqlite3.connect(records / "var" / "syndicate.sqlite3") as file:
        whole = "\n".join(file.iterdump())
    assert not any(receipt.replace("-", "") in whole.replace("-", "") for receipt in receipts)


@on_sqlite
def test_the_contact_is_encrypted_where_it_is_kept(office: PublicOffice, visitor: Visitor, records: Path) -> None:
    visitor.report(contact="000-12345678 样例来信人")
    with sqlite3.connect(records / "var" / "syndicate.sqlite3") as file:
        assert "12345678" not in "\n".join(file.iterdump())
    assert flow.contact_of(office.workspace, kept().id) == "000-12345678 样例来信人"


@on_one
def test_the_audit_log_knows_neither_text_nor_contact(office: PublicOffice, visitor: Visitor) -> None:
    visitor.report(contact="000-12345678", text="某某的隐私（样例）")
    told = " ".join(str(event.data) for event in audit.of_subject(f"feedback:{kept().id}"))
    assert "隐私" not in told
    assert "12345678" not in told


@on_one
def test_the_receipt_shows_how_it_stands_and_then_the_answer(office: PublicOffice, visitor: Visitor) -> None:
    receipt = visitor.report(contact="000-12345678", text="第二段有错别字（样例）").receipt
    waiting = visitor.post("/feedback/state", receipt=receipt).text
    assert "待受理" in waiting
    assert "2026-12-01" in waiting
    answer = Answer("true", "感谢指出，已经更正。")
    handling_feedback.draft(office.workspace, PUBLISHER, kept().id, answer)
    assert "已经更正" not in visitor.post("/feedback/state", receipt=receipt).text
    handling_feedback.answer(office.workspace, PUBLISHER, kept().id, answer)
    answered = visitor.post("/feedback/state", receipt=receipt.lower().replace("-", " ")).text
    assert "感谢指出，已经更正。" in answered
    assert "属实" in answered
    assert "12345678" not in waiting + answered
    assert "第二段" not in waiting + answered


@on_one
@pytest.mark.parametrize("typed", ["", "0000-0000-0000-0000", "x" * 500, "' OR 1=1 --", "０１２３４５６７８９ABCDEF"])
def test_a_wrong_receipt_shows_nothing(office: PublicOffice, visitor: Visitor, typed: str) -> None:
    visitor.report()
    reply = visitor.post("/feedback/state", receipt=typed)
    assert reply.status == 404
    assert "没有查到" in reply.text


@on_one
def test_the_form_knows_the_page_that_the_reader_came_from(visitor: Visitor) -> None:
    assert visitor.get("/feedback/report", page="news/202611/1.html").field("page") == "/news/202611/1.html"


FOREIGN = (
    "https://evil.example/news/1.html",
    "//evil.example/x",
    "http://127.0.0.1.evil.example/x",
    "http://127.0.0.1@evil.example/x",
    "javascript:alert(1)",
    "../../etc/passwd",
    "news/%2e%2e/%2e%2e/x",
    "news/1.html\r\nX-Evil: 1",
    "http://[",
    "a" * 400,
)


@on_one
@pytest.mark.parametrize("page", FOREIGN)
def test_only_our_own_pages_can_be_reported(office: PublicOffice, visitor: Visitor, page: str) -> None:
    reply = visitor.report(page=page)
    assert (reply.status, feedback.listed(feedback.OPEN, 9)) == (400, ())
    assert "不是本网站的页面" in reply.text
    assert visitor.get("/feedback/report", page=page).field("page") == ""


@on_one
@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"text": "字"}, "须为 5 至 2000 字"),
        ({"text": "字" * 2_001}, "须为 5 至 2000 字"),
        ({"kind": "else"}, "没有选择问题类型"),
        ({"contact": "1" * 101}, "联系方式超过"),
        ({"form": "forged.1.x"}, "页面停留时间过长"),
        ({"form": ""}, "页面停留时间过长"),
        ({"form": "\ud800.9.x"}, "页面停留时间过长"),
        ({"remark": "https://spam.example"}, "不应填写的内容"),
    ],
)
def test_what_cannot_be_taken_is_told_and_nothing_typed_is_lost(
    office: PublicOffice, visitor: Visitor, changes: dict[str, str], told: str
) -> None:
    reply = visitor.report(**{"text": "第二段有错别字（样例）", "contact": "000-1", **changes})
    assert reply.status == 400
    assert told in reply.text
    assert changes.get("text", "第二段有错别字（样例）") in reply.text
    assert feedback.listed(feedback.OPEN, 9) == ()


@on_one
def test_a_form_lives_for_a_day(office: PublicOffice, visitor: Visitor) -> None:
    form = visitor.get("/feedback/report").field("form")
    office.wait(hours=24, seconds=1)
    reply = visitor.report(form=form)
    assert reply.status == 400
    assert visitor.report(form=reply.field("form")).status == 200


@on_one
def test_markup_is_shown_as_text_and_control_characters_go(office: PublicOffice, visitor: Visitor) -> None:
    text = '<script>alert(1)</script>\x00\x1b[31m\u202e第二段"><img src=x>'
    visitor.report(text=text, contact="a\r\nBcc: x@evil.example")
    assert kept().text == '<script>alert(1)</script>[31m第二段"><img src=x>'
    assert "\n" not in flow.contact_of(office.workspace, kept().id)
    refused = visitor.report(text=text, kind="")
    assert "&lt;script&gt;" in refused.text
    assert "<img src=x>" not in refused.text


@on_one
def test_ten_megabytes_are_refused_unread(visitor: Visitor) -> None:
    reply = visitor.post("/feedback/report", b"", {"CONTENT_LENGTH": str(10 * 2**20)})
    assert reply.status == 413
    assert visitor.post("/feedback/report", b"a" * (LARGEST + 1)).status == 413


@on_one
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"HTTP_ORIGIN": "http://127.0.0.1"}, 200),
        ({"HTTP_ORIGIN": "https://evil.example"}, 403),
        ({"HTTP_ORIGIN": "null"}, 403),
        ({"HTTP_SEC_FETCH_SITE": "cross-site"}, 403),
        ({"CONTENT_TYPE": "text/plain"}, 415),
        ({"CONTENT_TYPE": "multipart/form-data; boundary=x"}, 415),
        ({"CONTENT_LENGTH": "-1"}, 413),
        ({"CONTENT_LENGTH": "x"}, 413),
    ],
)
def test_a_rating_is_taken_from_our_own_pages_only(visitor: Visitor, headers: dict[str, str], status: int) -> None:
    assert visitor.post("/feedback/rate", headers=headers, page="index.html", choice="fair").status == status


@on_one
def test_there_are_no_cookies_and_every_answer_forbids_keeping_framing_and_sniffing(visitor: Visitor) -> None:
    replies = [
        visitor.get("/feedback/report"),
        visitor.report(),
        visitor.get("/feedback/nothing"),
        visitor.report(text=""),
    ]
    for reply in replies:
        assert "Set-Cookie" not in reply.headers
        assert reply.headers["Cache-Control"] == "no-store"
        assert reply.headers["X-Frame-Options"] == "DENY"
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        html5lib.HTMLParser(strict=True).parse(reply.text)
        assert "form-action http://127.0.0.1" in reply.text


@on_one
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/feedback/", 404),
        ("GET", "/feedback/x", 404),
        ("PUT", "/feedback/report", 405),
        ("HEAD", "/feedback/report", 200),
    ],
)
def test_there_is_nothing_else(visitor: Visitor, method: str, path: str, status: int) -> None:
    reply = visitor.ask(method, path)
    assert reply.status == status
    assert (reply.text == "") is (method == "HEAD")


@on_one
def test_an_endless_address_is_refused(visitor: Visitor) -> None:
    assert visitor.get("/feedback/report", page="a" * 3_000).status == 414


@on_one
def test_a_website_that_does_not_say_so_takes_nothing_in(office: PublicOffice) -> None:
    channels = office.snapshot.channels
    website = replace(channels["website"], settings={"folder": "var/site"})
    office.change(channels={**channels, "website": website})
    assert office.visitor().get("/feedback/report").status == 404


@on_one
def test_a_database_that_is_away_is_told(office: PublicOffice, visitor: Visitor) -> None:
    from django.db import connection

    form = visitor.get("/feedback/report").field("form")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE records_feedback RENAME TO elsewhere")
    reply = visitor.post("/feedback/report", form=form, kind="other", text="第二段有错别字")
    assert (reply.status, reply.headers["Retry-After"]) == (503, "60")


@on_both
def test_a_rating_counts_once_for_each_address_page_and_day(office: PublicOffice, visitor: Visitor) -> None:
    entry = publish(office.now, 1, "样例")
    other = replace(visitor, address="192.0.2.2")
    for who, choice in ((visitor, "satisfied"), (visitor, "dissatisfied"), (other, "fair")):
        assert who.post("/feedback/rate", page=entry.address, choice=choice).status == 200
    today = office.now.date()
    assert feedback.ratings_by_day(today, today) == {today: feedback.Ratings(1, 1, 0)}
    office.wait(days=1)
    assert "感谢您的评价" in visitor.post("/feedback/rate", page=entry.address, choice="satisfied").text
    assert feedback.ratings_by_day(today, office.now.date())[office.now.date()] == feedback.Ratings(1, 0, 0)


@on_one
@pytest.mark.parametrize(
    ("page", "counted"),
    [
        ("news/p3.html", "news/index.html"),
        ("news/made-up-8264.html", "news/index.html"),
        ("made/up.html", "index.html"),
        ("", "index.html"),
    ],
)
def test_nobody_can_invent_pages_to_rate(office: PublicOffice, visitor: Visitor, page: str, counted: str) -> None:
    visitor.post("/feedback/rate", page=page, choice="dissatisfied")
    today = office.now.date()
    assert [one for one, _ in feedback.least_liked(today, today, 5)] == [counted]


@on_one
@pytest.mark.parametrize(
    "form", [{"page": "index.html"}, {"choice": "best"}, {"page": "http://x.example/", "choice": "fair"}]
)
def test_a_rating_that_is_none_is_not_counted(office: PublicOffice, visitor: Visitor, form: dict[str, str]) -> None:
    assert visitor.post("/feedback/rate", **form).status == 400
    assert feedback.ratings_by_day(office.now.date(), office.now.date()) == {}


@on_one
def test_a_rating_that_failed_may_be_tried_again(
    office: PublicOffice, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StorageError("records.disk_full", why="样例")

    with monkeypatch.context() as broken:
        broken.setattr(feedback, "rate", full)
        assert visitor.post("/feedback/rate", page="index.html", choice="fair").status == 503
    assert "感谢您的评价" in visitor.post("/feedback/rate", page="index.html", choice="fair").text


@on_sqlite
def test_addresses_are_neither_kept_nor_told(office: PublicOffice, visitor: Visitor, records: Path) -> None:
    replace(visitor, address="198.51.100.77").report()
    replace(visitor, address="198.51.100.77").post("/feedback/rate", page="index.html", choice="fair")
    with sqlite3.connect(records / "var" / "syndicate.sqlite3") as file:
        assert "198.51.100" not in "\n".join(file.iterdump())


TEXT = st.text(st.characters(exclude_categories=()), max_size=80)


@on_one
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(["report", "state", "rate"]),
    form=st.dictionaries(st.sampled_from(["form", "kind", "page", "text", "contact", "receipt", "choice", "x"]), TEXT),
    body=st.none() | st.binary(max_size=200),
)
def test_whatever_is_sent_is_answered_with_a_valid_page(
    visitor: Visitor, path: str, form: dict[str, str], body: bytes | None
) -> None:
    reply = visitor.post(f"/feedback/{path}", body, **form)
    assert reply.status < 500
    html5lib.HTMLParser(strict=True).parse(reply.text)


@on_one
@pytest.mark.parametrize(
    "query", ["page=%ff%fe", "page=" + quote('"><script>x</script>'), "page=%00", "&".join("page=a" for _ in range(30))]
)
def test_any_question_is_answered_with_the_form(visitor: Visitor, query: str) -> None:
    reply = visitor.ask("GET", "/feedback/report", query=query)
    assert reply.status == 200
    assert "<script>x" not in reply.text
