"""GETs against real loopback servers: what a caller gets, and what every refusal is called."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syndicate.errors import FetchError, FetchForbidden, FetchLater, FetchRefused, wordings
from syndicate.net.fetcher import Fetcher
from tests.net.conftest import NOW, QUICK, ScriptedServer, answer

Serve = Callable[..., ScriptedServer]
PAGE = "<p>演示样例</p>".encode()


def key(caught: pytest.ExceptionInfo[FetchError]) -> str:
    return caught.value.message.key


def test_a_page_comes_with_its_address_time_status_and_headers(serve: Serve, fetcher: Fetcher) -> None:
    server = serve(answer("200 OK", PAGE, Content_Type="text/html", ETag='"v1"', Set_Cookie="s=geheim"))

    document = fetcher.get(server.url("/a#top"), allow=server.allow)

    assert (document.url, document.body, document.status, document.fetched_at) == (server.url("/a"), PAGE, 200, NOW)
    assert document.headers == {"content-type": "text/html", "etag": '"v1"'}


def test_the_request_names_the_office_and_the_host(serve: Serve) -> None:
    server = serve(answer("200 OK", PAGE))

    Fetcher(lambda: NOW, user_agent="test-office/1", limits=QUICK).get(server.url("/a?b=1"), allow=server.allow)

    head = server.requests[0].split(b"\r\n")
    assert head[0] == b"GET /a?b=1 HTTP/1.1"
    assert b"User-Agent: test-office/1" in head
    assert f"Host: 127.0.0.1:{server.port}".encode() in head


def test_a_name_is_looked_up_once_and_its_checked_address_is_connected_to(serve: Serve) -> None:
    server = serve(answer("200 OK", PAGE))
    asked: list[str] = []

    def rebinding(host: str, port: int, **_: object) -> list[tuple[int, int, int, str, tuple[str, int]]]:
        asked.append(host)
        # A second look-up would lead elsewhere, and the system's own knows no such name.
        return [(0, 0, 0, "", ("127.0.0.1" if len(asked) == 1 else "127.0.0.2", port))]

    fetcher = Fetcher(lambda: NOW, limits=QUICK, resolve=rebinding)

    assert fetcher.get(f"http://rebind.invalid:{server.port}/", allow=server.allow).body == PAGE
    assert asked == ["rebind.invalid"]
    assert f"Host: rebind.invalid:{server.port}".encode() in server.requests[0]


def test_every_hop_is_looked_up_and_checked_anew(serve: Serve) -> None:
    server = serve(answer("302 Found", Location="/b"))
    answers = iter(["127.0.0.1", "10.0.0.1"])

    fetcher = Fetcher(lambda: NOW, limits=QUICK, resolve=lambda _, port, **__: [(0, 0, 0, "", (next(answers), port))])

    with pytest.raises(FetchForbidden) as caught:
        fetcher.get(f"http://rebind.invalid:{server.port}/", allow=server.allow)

    assert (key(caught), len(server.requests)) == ("net.private", 1)


def test_the_next_address_is_tried_where_the_first_does_not_answer(serve: Serve) -> None:
    server = serve(answer("200 OK", PAGE))
    fetcher = Fetcher(
        lambda: NOW,
        limits=QUICK,
        resolve=lambda _, port, **__: [(0, 0, 0, "", (place, port)) for place in ("127.0.0.9", "127.0.0.1")],
    )

    assert fetcher.get(f"http://two.invalid:{server.port}/", allow=(f"two.invalid:{server.port}",)).body == PAGE


def test_ipv6_is_spoken(serve: Serve, fetcher: Fetcher) -> None:
    server = serve(answer("200 OK", PAGE), address="::1")

    assert fetcher.get(f"http://[::1]:{server.port}/", allow=(f"[::1]:{server.port}",)).body == PAGE
    assert f"Host: [::1]:{server.port}".encode() in server.requests[0]


@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])
def test_proxy_variables_are_ignored(
    serve: Serve, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    server, proxy = serve(answer("200 OK", PAGE)), serve(answer("200 OK", b"proxy"))
    monkeypatch.setenv(name, proxy.url())

    assert fetcher.get(server.url(), allow=server.allow).body == PAGE


def test_validators_are_sent_and_304_comes_back_without_a_body(serve: Serve, fetcher: Fetcher) -> None:
    server = serve(answer("304 Not Modified", ETag='"v1"'))

    document = fetcher.get(server.url(), allow=server.allow, etag='"v1"', last_modified="Mon, 23 Nov 2026 00:00:00 GMT")

    assert (document.status, document.body, document.headers["etag"]) == (304, b"", '"v1"')
    assert b'If-None-Match: "v1"\r\n' in server.requests[0]
    assert b"If-Modified-Since: Mon, 23 Nov 2026 00:00:00 GMT\r\n" in server.requests[0]


def test_an_unasked_304_is_no_page(serve: Serve, fetcher: Fetcher) -> None:
    server = serve(answer("304 Not Modified"))

    with pytest.raises(FetchRefused):
        fetcher.get(server.url(), allow=server.allow)


@pytest.mark.parametrize("validator", ["x\r\nEvil: 1", "x\nEvil: 1", "版本", "\x00"])
def test_a_validator_that_would_break_the_request_is_not_sent(serve: Serve, fetcher: Fetcher, validator: str) -> None:
    server = serve(answer("200 OK", PAGE))

    fetcher.get(server.url(), allow=server.allow, etag=validator, last_modified=validator)

    assert b"Evil" not in server.requests[0]
    assert b"If-" not in server.requests[0]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_and_the_last_address_is_told(serve: Serve, fetcher: Fetcher, status: int) -> None:
    server = serve(answer(f"{status} Moved", Location="../b"), answer("200 OK", PAGE))

    assert fetcher.get(server.url("/x/a"), allow=server.allow).url == server.url("/b")


def test_a_redirect_to_itself_with_a_cookie_is_followed(serve: Serve, fetcher: Fetcher) -> None:
    server = serve(answer("302 Found", Location="/", Set_Cookie="seen=1"), answer("200 OK", PAGE))

    assert fetcher.get(server.url(), allow=server.allow).body == PAGE
    assert b"Cookie: seen=1" in server.requests[1]


def test_a_cookie_ends_with_its_fetch(serve: Serve, fetcher: Fetcher) -> None:
    server = serve(answer("200 OK", PAGE, Set_Cookie="seen=1"))

    fetcher.get(server.url(), allow=server.allow)
    fetcher.get(server.url(), allow=server.allow)

    assert b"Cookie" not in server.requests[1]


def test_a_redirect_loop_ends(serve: Serve, fetcher: Fetcher) -> None:
    server = serve(answer("302 Found", Location="/again"))

    with pytest.raises(FetchRefused) as caught:
        fetcher.get(server.url(), allow=server.allow)

    assert (key(caught), len(server.requests)) == ("net.redirects", 6)


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("http://127.0.0.2:{port}/", "net.private"),
        ("http://[::1]:{port}/", "net.private"),
        ("http://[::ffff:7f00:2]:{port}/", "net.private"),
        ("http://10.0.0.1/", "net.private"),
        ("http://127.0.0.1/", "net.private"),
        ("http://169.254.169.254/latest/meta-data/", "net.reserved"),
        ("http://100.100.100.200/", "net.reserved"),
        ("file:///etc/passwd", "net.scheme"),
        ("ftp://127.0.0.1:{port}/", "net.scheme"),
        ("javascript:1", "net.scheme"),
        ("http://a:geheim@127.0.0.1:{port}/", "net.userinfo"),
        ("http://[/", "net.address"),
    ],
)
def test_a_redirect_into_our_own_network_or_to_another_scheme_is_refused(
    serve: Serve, fetcher: Fetcher, place: str, expected: str
) -> None:
    server = serve(answer("200 OK", PAGE))
    server.scripts = (answer("302 Found", Location=place.format(port=server.port)), answer("200 OK", PAGE))

    with pytest.raises(FetchForbidden) as caught:
        fetcher.get(server.url(), allow=server.allow)

    assert (key(caught), len(server.requests)) == (expected, 1)
    assert "geheim" not in str(caught.value)


def test_a_redirect_without_a_place_is_refused(serve: Serve, fetcher: Fetcher) -> None:
    with pytest.raises(FetchRefused):
        fetcher.get((server := serve(answer("302 Found"))).url(), allow=server.allow)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("404 Not Found", "net.gone"),
        ("410 Gone", "net.gone"),
        ("401 Unauthorized", "net.login"),
        ("403 Forbidden", "net.wall"),
        ("412 Precondition Failed", "net.wall"),
        ("521 Down", "net.wall"),
        ("418 No", "net.refused"),
    ],
)
def test_a_refusal_is_not_repeated_and_its_first_words_are_kept(
    serve: Serve, fetcher: Fetcher, status: str, expected: str
) -> None:
    server = serve(answer(status, "请求被拦截".encode("gbk") + b"x" * 150_000))

    with pytest.raises(FetchRefused) as caught:
        fetcher.get(server.url(), allow=server.allow)

    values = caught.value.message.values
    assert (key(caught), values["status"], len(server.requests)) == (expected, int(status[:3]), 1)
    assert str(values["reply"]).startswith("请求被拦截")
    assert len(str(values["reply"])) == 2_000


def test_a_broken_refusal_is_still_a_refusal(serve: Serve, fetcher: Fetcher) -> None:
    server = serve(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 500\r\n\r\nshort")

    with pytest.raises(FetchRefused):
        fetcher.get(server.url(), allow=server.allow)


@pytest.mark.parametrize("status", ["500 Error", "502 Bad Gateway", "503 Busy", "408 Timeout"])
def test_a_server_error_is_asked_three_times(serve: Serve, fetcher: Fetcher, status: str) -> None:
    server = serve(answer(status))

    with pytest.raises(FetchLater) as caught:
        fetcher.get(server.url(), allow=server.allow)

    assert (key(caught), len(server.requests)) == ("net.server", 3)


@pytest.mark.parametrize(
    "first", [answer("502 Bad Gateway"), b"", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"]
)
def test_the_second_try_may_succeed(serve: Serve, fetcher: Fetcher, first: bytes) -> None:
    server = serve(first, answer("200 OK", PAGE))

    assert fetcher.get(server.url(), allow=server.allow).body == PAGE


def test_a_port_nobody_listens_on_is_for_later(fetcher: Fetcher) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    with pytest.raises(FetchLater) as caught:
        fetcher.get(f"http://127.0.0.1:{port}/", allow=(f"127.0.0.1:{port}",))

    assert key(caught) == "net.unreachable"


def test_messages_tell_neither_query_nor_password(serve: Serve, fetcher: Fetcher) -> None:
    server = serve(answer("404 Not Found"))

    with pytest.raises(FetchRefused) as caught:
        fetcher.get(server.url("/a?token=geheim"), allow=server.allow)

    assert "geheim" not in repr(caught.value)
    assert server.url("/a?…") in str(caught.value)


def test_every_message_names_a_next_action_in_both_languages() -> None:
    rows = [wording for name, wording in wordings().items() if name.startswith("net.")]

    assert rows
    assert all(row.zh and row.en and row.action_zh and row.action_en for row in rows)


def reset(connection: socket.socket, _: bytes) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")


def reset_in_the_middle(connection: socket.socket, request: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")
    reset(connection, request)


@pytest.mark.parametrize(
    "script",
    [
        b"",
        b"<html>HTTP/0.9 knows no headers</html>",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nsho",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nshort\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1" * 100_000,
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: x\r\n" * 1_000 + b"\r\n",
        reset,
        reset_in_the_middle,
    ],
)
def test_a_broken_answer_is_for_later_and_never_half_a_page(
    serve: Serve, fetcher: Fetcher, script: bytes | Callable[[socket.socket, bytes], None]
) -> None:
    with pytest.raises(FetchLater) as caught:
        fetcher.get((server := serve(script)).url(), allow=server.allow)

    assert key(caught) == "net.broken"


def test_what_comes_after_the_declared_length_is_no_part_of_the_page(serve: Serve, fetcher: Fetcher) -> None:
    server = serve(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nshort and more")

    assert fetcher.get(server.url(), allow=server.allow).body == b"short"


def test_a_page_without_a_length_ends_with_its_connection(serve: Serve, fetcher: Fetcher) -> None:
    server = serve(b"HTTP/1.0 200 OK\r\n\r\nwhole")

    assert fetcher.get(server.url(), allow=server.allow).body == b"whole"


_HEADERS = st.sampled_from(
    [b"Content-Length", b"Transfer-Encoding", b"Content-Encoding", b"Location", b"Retry-After", b"Set-Cookie", b"ETag"]
)
_REPLIES = st.binary(max_size=200) | st.builds(
    lambda status, headers, body: (
        b"HTTP/1.1 %d X\r\n" % status
        + b"".join(name + b": " + value + b"\r\n" for name, value in headers)
        + b"\r\n"
        + body
    ),
    st.sampled_from([100, 200, 204, 206, 300, 302, 304, 403, 429, 503, 999]),
    st.lists(st.tuples(_HEADERS, st.sampled_from([b"chunked", b"gzip", b"deflate", b"5"]) | st.binary(max_size=20))),
    st.binary(max_size=60),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(reply=_REPLIES)
def test_whatever_a_server_says_is_a_document_or_a_fetch_error(serve: Serve, reply: bytes) -> None:
    server = serve(reply)
    fetcher = Fetcher(lambda: NOW, limits=QUICK)
    try:
        document = fetcher.get(server.url(), allow=server.allow)
    except FetchError as error:
        assert str(error)  # noqa: PT017 the message has all its values
    else:
        assert 200 <= document.status < 300
    finally:
        server.close()


def test_many_threads_share_one_fetcher(serve: Serve, fetcher: Fetcher) -> None:
    servers = [serve(answer("200 OK", PAGE), address=f"127.0.0.{host}") for host in range(1, 5)]
    bodies: list[bytes] = []

    def look(server: ScriptedServer) -> None:
        for _ in range(5):
            bodies.append(fetcher.get(server.url(), allow=server.allow).body)

    threads = [threading.Thread(target=look, args=(server,)) for server in servers for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert bodies == [PAGE] * 40
