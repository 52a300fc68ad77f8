"""Text that wants to be markup stays text, wherever it comes in."""

from __future__ import annotations

from dataclasses import replace

import html5lib
import pytest
from django.test import Client

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
ALLOWED_SCRIPTS = {"/static/desk/desk.js", "/static/desk/vendor/htmx-2.0.11.min.js"}


def assert_inert(text: str) -> None:
    """Nothing in a page runs but our two scripts, leads to a script, or is taken from elsewhere."""
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
