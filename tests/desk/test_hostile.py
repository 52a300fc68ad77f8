"""Text that wants to be markup stays text, wherever it comes in."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from pathlib import Path

import html5lib
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

import syndicate.desk
from syndicate.flow import items as flow
from syndicate.model.item import ItemKind
from syndicate.records import findings as finding_records
from syndicate.records import items
from tests.desk.conftest import LogIn
from tests.desk.office import ADMIN, EDITOR, Office

PAYLOADS = (
    "<script>alert(1)</script>",
    '"><script>alert(1)</script>',
    "'><img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<form action='//evil.example'><button>x</button></form>",
    "<base href='//evil.example'>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<style>@import '//evil.example'</style>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--><script>alert(1)</script>-->",
    "<template><script>alert(1)</script></template>",
    "{{ 7|add:7 }}{% debug %}",
    "<input autofocus onfocus=alert(1)>",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "\u202e\u0000<script>alert(1)</script>",
)
STATIC = Path(syndicate.desk.__path__[0]) / "static"
ALLOWED_SCRIPTS = {f"/static/{file.relative_to(STATIC)}" for file in STATIC.rglob("*.js")}


def assert_inert(text: str) -> None:
    """Nothing in a page runs but our own scripts, leads to a script, or is taken from elsewhere."""
    for element in html5lib.parse(text, namespaceHTMLElements=False).iter():
        if not isinstance(element.tag, str):
            continue
        attributes = {str(name).lower(): value for name, value in element.attrib.items()}
        if element.tag == "script":
            assert attributes["src"] in ALLOWED_SCRIPTS
        assert element.tag not in ("base", "object", "embed")
        assert element.tag != "meta" or attributes.get("http-equiv") is None
        assert not [name for name in attributes if name.startswith("on") or name == "srcdoc"]
        for name in ("href", "src", "action"):
            address = "".join(attributes.get(name, "").split()).lower()
            assert not address.startswith(("javascript:", "data:", "vbscript:"))
            assert name == "href" or (address.startswith(("/", "")) and "evil" not in address)
        assert "evil" not in attributes.get("action", "")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_an_item_full_of_markup_is_shown_inert(office: Office, log_in: LogIn, payload: str) -> None:
    original = flow.original(office.workspace, "标题", "<p>文</p>")
    words = payload.replace("\0", "")
    content = replace(
        original,
        kind=ItemKind.REPRINT,
        title=words,
        body=words,
        source_name=words[:200],
        source_url=words,
        author=words,
        summary=words,
        fields={words: words},
    )
    number = flow.create(office.workspace, EDITOR, flow.Placement("news"), content)
    flow.submit(office.workspace, EDITOR, number)
    client = log_in(ADMIN)
    for page in ("", "/text", "/preview/website", "/preview/wechat", "/preview/app"):
        assert_inert(client.get(f"/items/{number}{page}").content.decode())
    for page in ("/queue?tab=all", "/", "/deliveries"):
        assert_inert(client.get(page).content.decode())


def test_reasons_full_of_markup_are_shown_inert(office: Office, reviewer: Client) -> None:
    number = office.submitted()
    for payload in PAYLOADS:
        reviewer.post(f"/items/{number}/return", {"level": "1", "reason": payload})
        flow.submit(office.workspace, EDITOR, number)
    text = reviewer.get(f"/items/{number}").content.decode()
    assert text.count("退回") > len(PAYLOADS)
    assert_inert(text)


def test_a_refused_form_shows_what_was_typed_inert(office: Office, editor: Client) -> None:
    for payload in PAYLOADS:
        form = {"title": payload, "column": "", "body": payload, "source_name": payload, "summary": payload}
        response = editor.post("/items/new", {**form, "form": "html"})
        assert response.status_code in (400, 404)
        assert_inert(response.content.decode())


def test_parameters_of_the_address_are_shown_inert(office: Office, editor: Client) -> None:
    for payload in PAYLOADS:
        asked = dict.fromkeys(("q", "tab", "source", "column", "kind", "page"), payload)
        assert_inert(editor.get("/queue", asked).content.decode())


def test_the_log_in_form_shows_what_was_typed_inert(office: Office, stranger: Client) -> None:
    for payload in PAYLOADS:
        response = stranger.post("/login", {"name": payload, "password": "x", "next": payload})
        assert_inert(response.content.decode())


def test_a_finding_full_of_markup_is_shown_inert(office: Office, reviewer: Client) -> None:
    from syndicate.model.finding import Finding, Severity

    number = office.submitted()
    evil = "<img src=x onerror=alert(1)>"
    finding = Finding(evil, Severity.BLOCK, 0, 9, evil, evil, evil, evil, evil, "title", evil)
    finding_records.replace(items.latest_revision(number).id, [finding], "x", office.now)
    assert_inert(reviewer.get(f"/items/{number}").content.decode())
    assert_inert(reviewer.get(f"/items/{number}/text").content.decode())


def test_a_file_that_claims_to_be_html_is_only_downloaded(office: Office, editor: Client) -> None:
    from syndicate.model.item import Attachment, FileRole

    sha256 = office.workspace.files.put(b"<script>alert(1)</script>")
    attachment = Attachment('x"\r\n.html', sha256, "text/html", 25, FileRole.ATTACHMENT)
    content = replace(flow.original(office.workspace, "标题", "<p>文</p>"), attachments=(attachment,))
    number = flow.create(office.workspace, EDITOR, flow.Placement("news"), content)
    response = editor.get(f"/items/{number}/files/{sha256}")
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_what_was_typed_and_kept_comes_back_inert(office: Office, editor: Client) -> None:
    for payload in PAYLOADS:
        form = {"item": "0", "title": payload, "body": payload, "form": "html", "author": payload, "summary": payload}
        form |= {f"official:{name}": payload for name in ("索引号", "有效性", "成文日期")}
        assert_inert(editor.post("/writing/keep", form).content.decode())
        assert_inert(editor.get("/items/new").content.decode())
        assert_inert(editor.post("/writing/check", form).content.decode())


def test_a_pasted_clipboard_comes_back_inert(office: Office, editor: Client) -> None:
    for payload in PAYLOADS:
        answer = editor.post("/writing/clipboard", {"markup": f"<p>前{payload}后</p>"}).json()
        assert_inert(answer["html"])


def test_names_of_files_are_shown_inert(office: Office, editor: Client) -> None:
    for payload in PAYLOADS:
        sent = SimpleUploadedFile(payload.replace("/", "∕").replace("\0", ""), b"%PDF-1.4\n%%EOF\n")
        (file,) = editor.post("/writing/files", {"file": sent}).json()["files"]
        assert_inert(file["line"])
        assert not set('<>"/\\') & set(file["name"])


def test_differences_full_of_markup_are_shown_inert(office: Office, editor: Client) -> None:
    number = office.draft("标题", "<p>文</p>")
    for payload in PAYLOADS:
        words = payload.replace("\0", "")
        content = replace(flow.original(office.workspace, "标题", "<p>文</p>"), title=words, source_name=words[:200])
        content = replace(content, body=escape(words), summary=words, fields={words: words})
        flow.edit(office.workspace, EDITOR, items.get(number), content)
        page = editor.get(f"/items/{number}/compare").content.decode()
        assert "<ins>" in page
        assert_inert(page)


def test_words_for_a_channel_are_shown_inert(office: Office, editor: Client) -> None:
    number = office.draft()
    for payload in PAYLOADS:
        for channel, field in (("weibo", "text"), ("wechat", "digest"), ("app", "title"), ("led", "text")):
            form = {"version": str(items.get(number).version), f"words:{field}": payload}
            assert editor.post(f"/items/{number}/adapt/{channel}", form).status_code == 302
        for page in ("", "/preview/wechat", "/preview/app", "/compare"):
            assert_inert(editor.get(f"/items/{number}{page}").content.decode())


def test_a_suggestion_full_of_markup_is_shown_and_accepted_inert(office: Office, editor: Client) -> None:
    from syndicate.model.finding import Finding, Severity

    for payload in PAYLOADS:
        number = office.draft("甲乙", "<p>甲乙</p>")
        revision = items.latest_revision(number)
        words = payload.replace("\0", "")
        found = [
            Finding("word.x", Severity.BLOCK, start, start + 2, "甲乙", words, words, part=part)
            for part, start in (("title", 0), ("body", 3))
        ]
        finding_records.replace(revision.id, found, "x", office.now)
        assert_inert(editor.get(f"/items/{number}").content.decode())
        form = {"revision": revision.id, "finding": ["title:0:2:word.x", "body:3:5:word.x"]}
        assert editor.post(f"/items/{number}/accept", form).status_code == 302
        for page in ("", "/text", "/edit", "/preview/website"):
            assert_inert(editor.get(f"/items/{number}{page}").content.decode())
