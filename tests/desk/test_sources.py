"""Sources in the desk: their health, the test, switching off and on, and writing a new one."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.test import Client

from syndicate.flow import source_switches, sync
from syndicate.net.fetcher import Fetcher
from syndicate.records import audit, sources
from syndicate.records.sources import Health
from tests.desk.conftest import LogIn
from tests.desk.office import ADMIN, EDITOR, REVIEWER, Office


@pytest.fixture
def admin(log_in: LogIn) -> Client:
    return log_in(ADMIN)


@pytest.fixture
def name(office: Office) -> str:
    return next(iter(office.workspace.snapshot.sources))


def test_the_health_of_every_source_is_shown(office: Office, name: str, editor: Client) -> None:
    assert "尚未采集" in editor.get("/sources").content.decode()


def test_a_source_stands_with_the_title_of_its_column(office: Office, name: str, editor: Client) -> None:
    snapshot = office.workspace.snapshot
    title = snapshot.columns[snapshot.sources[name].column].title
    assert f"<td>{title}</td>" in editor.get("/sources").content.decode()


def test_who_may_not_look_after_sources_sees_no_buttons(office: Office, editor: Client) -> None:
    assert "恢复采集" not in editor.get("/sources").content.decode()
    assert "添加信源" not in editor.get("/sources").content.decode()


def test_a_source_is_switched_off_with_a_reason(office: Office, name: str, admin: Client) -> None:
    assert admin.post(f"/sources/{name}/switch", {"reason": "对方网站改版"}).status_code == 302
    page = admin.get("/sources").content.decode()
    assert "对方网站改版" in page
    assert "恢复采集" in page
    event = list(audit.everything())[-1]
    assert (event.action, event.subject) == ("source.switched_off", f"source:{name}")


def test_a_source_that_is_off_is_not_due(office: Office, name: str) -> None:
    before = {one.name for one in sync._due(office.workspace)}
    source_switches.switch_off(office.workspace, ADMIN, name, "样例")
    assert before - {one.name for one in sync._due(office.workspace)} == {name}


def test_a_source_is_switched_on_again(office: Office, name: str, admin: Client) -> None:
    admin.post(f"/sources/{name}/switch", {"reason": "样例"})
    admin.post(f"/sources/{name}/switch", {"do": "on"})
    assert sources.switched_off() == {}
    assert [event.action for event in audit.everything()] == ["source.switched_off", "source.switched_on"]


def test_without_a_reason_nothing_is_switched(office: Office, name: str, admin: Client) -> None:
    assert admin.post(f"/sources/{name}/switch", {"reason": "  "}).status_code == 403
    assert sources.switched_off() == {}


def test_switching_twice_is_told(office: Office, name: str, admin: Client) -> None:
    admin.post(f"/sources/{name}/switch", {"reason": "样例"})
    assert admin.post(f"/sources/{name}/switch", {"reason": "样例"}).status_code == 409
    admin.post(f"/sources/{name}/switch", {"do": "on"})
    assert admin.post(f"/sources/{name}/switch", {"do": "on"}).status_code == 409


def test_an_unknown_source_is_told(office: Office, admin: Client) -> None:
    assert admin.post("/sources/nowhere/switch", {"reason": "样例"}).status_code == 404
    assert admin.post("/sources/nowhere/test").status_code == 404


@pytest.mark.parametrize("actor", [EDITOR, REVIEWER])
@pytest.mark.parametrize("address", ["/sources/{}/switch", "/sources/{}/test", "/sources/add"])
def test_other_roles_are_refused(office: Office, name: str, log_in: LogIn, actor: object, address: str) -> None:
    assert log_in(actor).post(address.format(name), {"reason": "样例"}).status_code == 403  # type: ignore[arg-type]
    assert list(audit.everything()) == []


def test_a_test_shows_every_step_and_stores_nothing(office: Office, name: str, admin: Client) -> None:
    page = admin.post(f"/sources/{name}/test").content.decode()
    assert "测试 " + name in page
    assert 'role="alert"' in page  # nobody serves the sample source here
    assert sources.all_health() == {}


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        rows = "".join(
            f'<li><a href="/{n}.html">样例新闻标题之{n}</a><span>2026-11-2{n}</span></li>' for n in range(1, 6)
        )
        body = f"<html><head><title>样例网站</title></head><body><ul>{rows}</ul></body></html>".encode()
        self.send_response(200 if self.path == "/news/" else 404)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A list page on this machine; the desk itself never follows such an address, so its fetcher is told to."""
    server = HTTPServer(("127.0.0.1", 0), _Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    host = f"127.0.0.1:{server.server_port}"
    plain = Fetcher.get
    monkeypatch.setattr(Fetcher, "get", lambda self, url, **more: plain(self, url, **{**more, "allow": (host,)}))
    yield f"http://{host}/news/"
    server.shutdown()
    server.server_close()


def test_a_new_source_is_shown_first(own_configuration: Office, admin: Client, site: str) -> None:
    page = admin.post("/sources/add", {"url": site, "name": "sample-list", "column": "news"}).content.decode()
    assert "样例新闻标题之1" in page
    assert "写入信源文件" in page
    assert not (own_configuration.home / "content/sources/sample-list.yaml").exists()


def test_a_new_source_is_written_with_its_audit_row(own_configuration: Office, admin: Client, site: str) -> None:
    form = {"url": site, "name": "sample-list", "column": "news", "do": "save"}
    response = admin.post("/sources/add", form)
    file = own_configuration.home / "content/sources/sample-list.yaml"
    if response.status_code != 302:
        assert response.content.decode() == ""
    assert site in file.read_text("utf-8")
    event = list(audit.everything())[-1]
    assert (event.action, event.subject) == ("source.added", "source:sample-list")


@pytest.mark.parametrize("bad", ["../etc", "A B", "名称", "x/y"])
def test_no_name_leads_out_of_the_folder(own_configuration: Office, admin: Client, site: str, bad: str) -> None:
    assert admin.post("/sources/add", {"url": site, "name": bad, "do": "save"}).status_code == 400


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/", "http://169.254.169.254/", "file:///etc/passwd", "nonsense", ""]
)
def test_the_desk_looks_at_no_inner_address(office: Office, admin: Client, url: str) -> None:
    response = admin.post("/sources/add", {"url": url})
    assert response.status_code >= 400
    assert "拟写的信源" not in response.content.decode()


def test_a_source_in_trouble_says_why(office: Office, name: str, editor: Client) -> None:
    from syndicate.errors import Message
    from syndicate.model.source import SyncResult

    now = office.now
    message = Message("sync.wall", {"url": "https://www.example.gov.cn/", "guard": "样例"})
    sources.store_health(Health(name, SyncResult.WALL, message, now, None, None, 1, now, "", ""))
    assert "▲" in editor.get("/sources").content.decode()
