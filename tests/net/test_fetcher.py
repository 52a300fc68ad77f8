"""GETs against real loopback servers, most of them ill-behaved."""

import gzip
import hashlib
import io
import socket
import threading
import time
import zlib
from collections.abc import Callable

import pytest

from syndicate.errors import FetchError, FetchForbidden, FetchLater, FetchRefused
from syndicate.net.fetcher import Fetcher
from tests.net.conftest import NOW, ScriptedServer, answer

Serve = Callable[..., ScriptedServer]
PAGE = "<p>演示样例</p>".encode()


def key(caught: pytest.ExceptionInfo[FetchError]) -> str:
    return caught.value.message.key


def test_a_page_comes_with_its_address_time_status_and_headers(serve: Serve, fetcher: Fetcher) -> None:
    server = serve(answer("200 OK", PAGE, Content_Type="text/html"))

    document = fetcher.get(server.url("/a"), allow=server.allow)

    assert (document.url, document.body, document.status, document.fetched_at) == (server.url("/a"), PAGE, 200, NOW)
    assert document.headers["content-type"] == "text/html"


def test_the_request_names_the_office_and_the_host(serve: Serve, fetcher: Fetcher) -> None:
    server = serve(answer("200 OK", PAGE))

    fetcher.get(server.url("/a?b=1"), allow=server.allow)

    assert server.requests[0].startswith(b"GET /a?b=1 HTTP/1.1\r\n")
    assert b"User-Agent: test-office/1\r\n" in server.requests[0]
    assert f"Host: 127.0.0.1:{server.port}\r\n".encode() in server.requests[0]


def test_validators_are_sent_and_304_comes_back_without_a_body(serve: Serve, fetcher: Fetcher) -> None:
    server = serve(answer("304 Not Modified"))

    document = fetcher.get(server.url(), allow=server.allow, etag='"v1"', last_modified="Mon, 23 Nov 2026 00:00:00 GMT")

    assert (document.status, document.body) == (304, b"")
    assert b'If-None-Match: "v1"\r\n' in server.requests[0]
    assert b"If-Modified-Since: Mon, 23 Nov 2026 00:00:00 GMT\r\n" in server.requests[0]


def test_a_validator_that_would_break_the_request_is_not_sent(serve: Serve, fetcher: Fetcher) -> None:
    server = serve(answer("200 OK", PAGE))

    fetcher.get(server.url(), allow=server.allow, etag="x\r\nEvil: 1")

    assert b"Evil" not in server.requests[0]


def test_proxy_variables_and_netrc_are_ignored(serve: Serve, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve(answer("200 OK", PAGE))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    assert fetcher.get(server.url(), allow=server.allow).body == PAGE


@pytest.mark.parametrize("packed", [gzip.compress(PAGE), gzip.compress(PAGE[:5]) + gzip.compress(PAGE[5:])])
def test_gzip_is_unpacked(serve: Serve, fetcher: Fetcher, packed: bytes) -> None:
    server = serve(answer("200 OK", packed, Content_Encoding="gzip"))

    assert fetcher.get(server.url(), allow=server.allow).body == PAGE


@pytest.mark.parametrize("packed", [zlib.compress(PAGE), zlib.compress(PAGE, wbits=-15)])
def test_deflate_is_unpacked_in_both_readings(serve: Serve, fetcher: Fetcher, packed: bytes) -> None:
    server = serve(answer("200 OK", packed, Content_Encoding="deflate"))

    assert fetcher.get(server.url(), allow=server.allow).body == PAGE


def test_a_chunked_answer_is_put_together(serve: Serve, fetcher: Fetcher) -> None:
    server = serve(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")

    assert fetcher.get(server.url(), allow=server.allow).body == b"abcde"


def test_a_compression_bomb_is_cut_off(serve: Serve, fetcher: Fetcher) -> None:
    server = serve(answer("200 OK", gzip.compress(bytes(50_000_000)), Content_Encoding="gzip"))

    with pytest.raises(FetchForbidden) as caught:
        fetcher.get(server.url(), allow=server.allow, max_bytes=1_000_000)

    assert key(caught) == "net.too_large"


def test_an_announced_size_beyond_the_limit_is_not_read(serve: Serve, fetcher: Fetcher) -> None:
    server = serve(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n")

    with pytest.raises(FetchForbidden) as caught:
        fetcher.get(server.url(), allow=server.allow, max_bytes=1_000)

    assert key(caught) == "net.too_large"


def test_an_endless_answer_is_cut_off(serve: Serve, fetcher: Fetcher) -> None:
    def endless(connection: socket.socket, _: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"x" * 10_000)

    server = serve(endless)

    with pytest.raises(FetchForbidden):
        fetcher.get(server.url(), allow=server.allow, max_bytes=100_000)


def drip(first: bytes) -> Callable[[socket.socket, bytes], None]:
    def script(connection: socket.socket, _: bytes) -> None:
        connection.sendall(first)
        while True:
            connection.sendall(b"x")
            threading.Event().wait(0.02)

    return script


@pytest.mark.parametrize("first", [b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 OK\r\n\r\n", b""])
def test_a_server_that_is_slow_for_ever_ends_at_the_deadline(serve: Serve, fetcher: Fetcher, first: bytes) -> None:
    server = serve(drip(first))
    began = time.monotonic()

    with pytest.raises(FetchLater) as caught:
        fetcher.get(server.url(), allow=server.allow, timeout=0.2)

    assert key(caught) in ("net.too_slow", "net.broken_off")
    assert time.monotonic() - began < 3


def test_a_tls_handshake_that_never_ends_ends_at_the_deadline(serve: Serve, fetcher: Fetcher) -> None:
    server = serve(answer("200 OK"))

    with pytest.raises(FetchError):
        fetcher.get(f"https://127.0.0.1:{server.port}/", allow=server.allow, timeout=0.2)


@pytest.mark.parametrize("broken", [b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", b"", b"nonsense\r\n\r\n"])
def test_a_broken_answer_is_for_later(serve: Serve, fetcher: Fetcher, broken: bytes) -> None:
    with pytest.raises(FetchLater):
        fetcher.get((server := serve(broken)).url(), allow=server.allow)


@pytest.mark.parametrize("packed", [gzip.compress(PAGE)[:-9], b"no gzip at all"])
def test_a_cut_off_packed_answer_is_for_later(serve: Serve, fetcher: Fetcher, packed: bytes) -> None:
    server = serve(answer("200 OK", packed, Content_Encoding="gzip"))

    with pytest.raises(FetchLater) as caught:
        fetcher.get(server.url(), allow=server.allow)

    assert key(caught) == "net.broken_off"


def test_a_compression_nobody_asked_for_is_refused(serve: Serve, fetcher: Fetcher) -> None:
    server = serve(answer("200 OK", PAGE, Content_Encoding="br"))

    with pytest.raises(FetchRefused) as caught:
        fetcher.get(server.url(), allow=server.allow)

    assert key(caught) == "net.encoding"


def test_a_port_nobody_listens_on_is_for_later(fetcher: Fetcher) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    with pytest.raises(FetchLater) as caught:
        fetcher.get(f"http://127.0.0.1:{port}/", allow=(f"127.0.0.1:{port}",))

    assert key(caught) == "net.no_connection"


def test_a_busy_server_is_asked_three_times(serve: Serve, fetcher: Fetcher) -> None:
    server = serve(answer("503 Busy"))

    with pytest.raises(FetchLater) as caught:
        fetcher.get(server.url(), allow=server.allow)

    assert (key(caught), len(server.requests)) == ("net.busy", 3)


def test_the_second_try_may_succeed(serve: Serve, fetcher: Fetcher) -> None:
    server = serve(answer("502 Bad Gateway"), answer("200 OK", PAGE))

    assert fetcher.get(server.url(), allow=server.allow).body == PAGE


@pytest.mark.parametrize("asked", ["3600", "Tue, 24 Nov 2026 09:00:00 GMT"])
def test_a_long_retry_after_is_honoured_by_giving_up_for_now(serve: Serve, fetcher: Fetcher, asked: str) -> None:
    server = serve(answer("429 Too Many Requests", Retry_After=asked), answer("200 OK", PAGE))

    with pytest.raises(FetchLater) as first:
        fetcher.get(server.url(), allow=server.allow)
    with pytest.raises(FetchLater) as second:
        fetcher.get(server.url(), allow=server.allow)

    assert first.value.message.values["retry_after"] == 3600
    assert (key(second), len(server.requests)) == ("net.host_waits", 1)


@pytest.mark.parametrize("asked", ["soon", "", "-5", "Mon, 01 Jan 1990 00:00:00 GMT", "9" * 30])
def test_a_senseless_retry_after_breaks_nothing(serve: Serve, fetcher: Fetcher, asked: str) -> None:
    server = serve(answer("503 Busy", Retry_After=asked))

    with pytest.raises(FetchLater):
        fetcher.get(server.url(), allow=server.allow)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("404 Not Found", "net.gone"),
        ("410 Gone", "net.gone"),
        ("401 Unauthorized", "net.refused"),
        ("418 No", "net.refused"),
    ],
)
def test_a_refusal_is_not_repeated_and_its_reply_is_kept(
    serve: Serve, fetcher: Fetcher, status: str, expected: str
) -> None:
    server = serve(answer(status, "页面不存在".encode() + b"x" * 9_000))

    with pytest.raises(FetchRefused) as caught:
        fetcher.get(server.url(), allow=server.allow)

    assert (key(caught), len(server.requests)) == (expected, 1)
    assert str(caught.value.message.values["reply"]).startswith("页面不存在")
    assert len(str(caught.value.message.values["reply"])) == 2_000


@pytest.mark.parametrize("status", ["403 Forbidden", "412 Precondition Failed", "521 Down"])
def test_a_wall_is_recognised_by_its_status(serve: Serve, fetcher: Fetcher, status: str) -> None:
    server = serve(answer(status, b"<html>x</html>"))

    with pytest.raises(FetchRefused) as caught:
        fetcher.get(server.url(), allow=server.allow)

    assert (key(caught), len(server.requests)) == ("net.wall", 1)


def test_a_wall_that_answers_200_is_recognised(serve: Serve, fetcher: Fetcher) -> None:
    page = "<html><title>安全验证</title><p>请输入验证码</p></html>".encode()
    server = serve(answer("200 OK", page, Content_Type="text/html; charset=utf-8"))

    with pytest.raises(FetchRefused) as caught:
        fetcher.get(server.url(), allow=server.allow)

    assert caught.value.message.values["guard"] == "验证码"


def test_a_broken_refusal_is_still_a_refusal(serve: Serve, fetcher: Fetcher) -> None:
    server = serve(b"HTTP/1.1 404 Not Found\r\nContent-Length: 500\r\n\r\nshort")

    with pytest.raises(FetchRefused):
        fetcher.get(server.url(), allow=server.allow)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_and_the_last_address_is_told(serve: Serve, fetcher: Fetcher, status: int) -> None:
    server = serve(answer(f"{status} Moved", Location="../b"), answer("200 OK", PAGE))

    assert fetcher.get(server.url("/x/a"), allow=server.allow).url == server.url("/b")


def test_the_sixth_redirect_is_one_too_many(serve: Serve, fetcher: Fetcher) -> None:
    server = serve(answer("302 Found", Location="/again"))

    with pytest.raises(FetchRefused) as caught:
        fetcher.get(server.url(), allow=server.allow)

    assert (key(caught), len(server.requests)) == ("net.too_many_redirects", 6)


@pytest.mark.parametrize("place", ["http://127.0.0.2:{port}/", "http://localhost:{port}/", "http://169.254.169.254/"])
def test_a_redirect_to_another_private_address_is_refused(serve: Serve, fetcher: Fetcher, place: str) -> None:
    server = serve(answer("200 OK", PAGE))
    server.scripts = (answer("302 Found", Location=place.format(port=server.port)), answer("200 OK", PAGE))

    with pytest.raises(FetchForbidden) as caught:
        fetcher.get(server.url(), allow=server.allow)

    assert (key(caught), len(server.requests)) == ("net.private_address", 1)


@pytest.mark.parametrize("place", ["file:///etc/passwd", "ftp://127.0.0.1/", "javascript:1", "http://a:b@127.0.0.1/"])
def test_a_redirect_to_another_scheme_is_refused(serve: Serve, fetcher: Fetcher, place: str) -> None:
    server = serve(answer("302 Found", Location=place))

    with pytest.raises(FetchForbidden) as caught:
        fetcher.get(server.url(), allow=server.allow)

    assert key(caught) == "net.bad_address"


def test_a_redirect_without_a_place_is_refused(serve: Serve, fetcher: Fetcher) -> None:
    with pytest.raises(FetchRefused):
        fetcher.get((server := serve(answer("302 Found"))).url(), allow=server.allow)


def test_one_host_gets_one_request_at_a_time(serve: Serve, fetcher: Fetcher) -> None:
    def slowly(connection: socket.socket, _: bytes) -> None:
        threading.Event().wait(0.03)
        connection.sendall(answer("200 OK", PAGE))

    server = serve(slowly)
    threads = [
        threading.Thread(target=fetcher.get, args=(server.url(),), kwargs={"allow": server.allow}) for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(server.requests), server.most_busy) == (5, 1)


def test_different_hosts_are_asked_side_by_side(serve: Serve, fetcher: Fetcher) -> None:
    together = threading.Barrier(2, timeout=5)

    def meet(connection: socket.socket, _: bytes) -> None:
        together.wait()
        connection.sendall(answer("200 OK", PAGE))

    servers = [serve(meet, address=f"127.0.0.{host}") for host in (1, 2)]
    threads = [threading.Thread(target=fetcher.get, args=(s.url(),), kwargs={"allow": s.allow}) for s in servers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [len(server.requests) for server in servers] == [1, 1]


def test_between_two_requests_to_a_host_lies_the_gap(serve: Serve) -> None:
    fetcher = Fetcher(clock=lambda: NOW, gap=0.1, jitter=0)
    server = serve(answer("200 OK", PAGE))
    began = time.monotonic()

    fetcher.get(server.url(), allow=server.allow)
    fetcher.get(server.url(), allow=server.allow)

    assert time.monotonic() - began >= 0.1


def test_a_file_is_streamed_into_the_sink_with_its_hash(serve: Serve, fetcher: Fetcher) -> None:
    data = bytes(range(256)) * 1_000
    server = serve(answer("200 OK", data))
    sink = io.BytesIO(b"left over from before" * 20_000)

    downloaded = fetcher.download(server.url("/a.pdf"), sink, allow=server.allow)

    assert sink.getvalue() == data
    assert (downloaded.size, downloaded.sha256) == (len(data), hashlib.sha256(data).hexdigest())


def test_a_repeated_download_starts_from_the_beginning(serve: Serve, fetcher: Fetcher) -> None:
    server = serve(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", answer("200 OK", b"whole"))
    sink = io.BytesIO()

    fetcher.download(server.url(), sink, allow=server.allow)

    assert sink.getvalue() == b"whole"


def test_a_download_has_a_limit(serve: Serve, fetcher: Fetcher) -> None:
    server = serve(answer("200 OK", bytes(2_000)))

    with pytest.raises(FetchForbidden):
        fetcher.download(server.url(), io.BytesIO(), allow=server.allow, max_bytes=1_000)
