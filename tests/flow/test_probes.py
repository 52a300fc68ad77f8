"""探测: the home page within 15 seconds over IPv4 and IPv6, names, certificate, search, consultation and services."""

from __future__ import annotations

import datetime
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from syndicate.flow.probes import last_certificate, look_at_entries, probe_site
from syndicate.flow.public_site import PublicSite as Site
from syndicate.flow.public_site import patrol_fetcher, public_site
from syndicate.net.fetcher import Fetcher
from syndicate.records import office as office_records
from syndicate.records.office import ProbeRecord
from tests.certificates import self_signed
from tests.flow.public_web import PublicSite
from tests.flow.web import QUICK, SHORT, Page


@pytest.fixture
def site(site: PublicSite) -> PublicSite:
    """With a home page that is no file."""
    site.web.pages["/"] = Page(b"<title>home</title>" + b"x" * 500)
    return site


def of(site: PublicSite) -> Site:
    found = public_site(site.desk.workspace)
    assert found is not None
    return found


def named(site: PublicSite, host: str = "both.example", scheme: str = "http", port: int = 0) -> Site:
    """The site by a name that only these tests know."""
    port = port or int(site.web.host.partition(":")[2])
    site.settings(probe_base_url=f"{scheme}://{host}:{port}")
    return of(site)


def resolving(*addresses: str):  # type: ignore[no-untyped-def]
    def resolve(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        if not addresses:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        six = [one for one in addresses if ":" in one]
        four = [one for one in addresses if ":" not in one]
        return [
            *((socket.AF_INET, 1, 6, "", (one, port)) for one in four),
            *((socket.AF_INET6, 1, 6, "", (one, port, 0, 0)) for one in six),
        ]

    return resolve


def looks(site: PublicSite, where: Site, *addresses: str, **options: object) -> dict[str, ProbeRecord]:
    """The looks of one round, recorded, by their kind."""
    workspace = site.desk.workspace
    fetcher = Fetcher(workspace.now, limits=QUICK, gap=datetime.timedelta(0), resolve=resolving(*addresses), **options)  # type: ignore[arg-type]
    found = list(probe_site(workspace, fetcher, where))
    for one in found:
        office_records.add_probe(one)
    return {one.kind: one for one in found}


def test_a_home_page_that_opens_is_a_good_look(site: PublicSite) -> None:
    assert [(one.kind, one.ok) for one in looks(site, of(site), "127.0.0.1").values()] == [("site", True)]


def test_a_home_page_that_does_not_open_is_asked_once(site: PublicSite) -> None:
    site.web.pages["/"] = Page(b"", 500)
    found = looks(site, of(site), "127.0.0.1")["site"]
    assert (found.ok, found.status, site.web.count("/")) == (False, 500, 1)


def test_names_and_both_families_are_looked_at(site: PublicSite) -> None:
    found = looks(site, named(site), "127.0.0.1")
    assert {kind: (one.ok, one.detail) for kind, one in found.items()} == {
        "site": (True, ""),
        "dns": (True, "127.0.0.1"),
        "site6": (False, "域名没有 IPv6 地址（AAAA 记录）"),
    }


def test_a_name_that_nobody_knows_is_a_problem_and_no_verdict_on_ipv6(site: PublicSite) -> None:
    found = looks(site, named(site))
    assert {kind: one.ok for kind, one in found.items()} == {"site": False, "dns": False}


def test_ipv6_is_probed_where_the_name_has_it_and_this_machine_too(site: PublicSite) -> None:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            pass
    except OSError:
        pytest.skip("this machine has no IPv6")
    found = looks(site, named(site), "127.0.0.1", "::1")
    assert (found["site"].ok, found["site6"].ok) == (True, False)  # nothing listens at ::1


def test_without_a_way_to_ipv6_nothing_is_said_about_it(site: PublicSite) -> None:
    """2001:db8::/32 is documentation only: no machine has a way there that answers, most have none at all."""
    workspace = site.desk.workspace
    fetcher = Fetcher(workspace.now, limits=SHORT, resolve=resolving("127.0.0.1", "2400:3200::1"))
    where = named(site)
    way = fetcher.has_route(where.base, fetcher.addresses(where.base)[1])
    found = {one.kind for one in probe_site(workspace, fetcher, where)}
    assert ("site6" in found) is way


def test_names_and_ipv6_are_looked_at_once_an_hour_and_the_home_page_at_every_round(site: PublicSite) -> None:
    where = named(site)
    rounds = []
    for minutes in (0, 5, 56):
        site.later(minutes=minutes)
        rounds.append(sorted(looks(site, where, "127.0.0.1")))
    assert rounds == [["dns", "site", "site6"], ["site"], ["dns", "site", "site6"]]


# Certificates


@contextmanager
def tls(folder: Path, name: str, ends: datetime.datetime) -> Iterator[tuple[int, str]]:
    """A server whose self-signed certificate is for a name and ends then; its port and the certificate."""
    file, key = self_signed(folder, name, ends)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, key)
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with suppress(OSError), context.wrap_socket(connection, server_side=True) as secure:
                    secure.recv(65_536)
                    secure.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + b"x" * 500)
                connection.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1], file.read_text()
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(10)


@pytest.mark.parametrize(
    ("name", "days", "ok", "told"),
    [
        ("both.example", 3000, True, ""),
        ("other.example", 3000, False, "不被浏览器认可"),
        ("both.example", 9, False, "到期"),
    ],
)
def test_the_certificate_is_looked_at(
    site: PublicSite, tmp_path: Path, name: str, days: int, ok: bool, told: str
) -> None:
    ends = site.desk.now.astimezone(datetime.UTC).replace(microsecond=0) + datetime.timedelta(days=days)
    with tls(tmp_path, name, ends) as (port, authority):
        trusted = ssl.create_default_context(cadata=authority)
        trusted.verify_flags &= ~ssl.VERIFY_X509_STRICT
        found = looks(site, named(site, scheme="https", port=port), "127.0.0.1", tls=trusted)["tls"]
    shown = last_certificate(site.desk.now + datetime.timedelta(seconds=1))
    assert shown is not None
    assert (found.ok, shown.ends, told in shown.problem) == (ok, ends, True)


# Entries


def entries(site: PublicSite) -> dict[str, bool]:
    workspace = site.desk.workspace
    return {one.kind: one.ok for one in look_at_entries(workspace, patrol_fetcher(workspace), of(site))}


def test_entries_that_are_not_configured_are_not_looked_for(site: PublicSite) -> None:
    assert entries(site) == {}


@pytest.mark.parametrize(
    ("page", "ok"),
    [("<p>样例要闻：共 3 条</p>", True), ("<p>没有结果</p>", False), ("<p>请输入验证码 样例要闻</p>", False)],
)
def test_the_search_must_answer_with_what_was_asked(site: PublicSite, page: str, ok: bool) -> None:
    site.settings(search_url="http://127.0.0.1/search")
    site.web.pages["/search?q=%E6%A0%B7%E4%BE%8B%E8%A6%81%E9%97%BB"] = Page(page.encode())
    assert entries(site) == {"search": ok}


def test_a_search_that_is_not_there_is_broken(site: PublicSite) -> None:
    site.settings(search_url="http://127.0.0.1/search")
    assert entries(site) == {"search": False}


@pytest.mark.parametrize(
    ("page", "status", "ok"),
    [
        ('<a href="/letters">咨询</a>', 200, True),
        ('<a href="http://127.0.0.1/letters/">咨询</a>', 200, True),
        ("没有入口", 200, False),
        ('<a href="/letters">咨询</a>', 404, False),
    ],
)
def test_an_entry_must_be_named_on_the_home_page_and_open(site: PublicSite, page: str, status: int, ok: bool) -> None:
    site.settings(consultation_url="http://127.0.0.1/letters")
    site.web.pages["/"] = Page(page.encode())
    site.web.pages["/letters"] = Page(b"<p>letters</p>", status)
    assert entries(site) == {"consultation": ok}
