"""Size and time are bounded, whatever the other side does."""

from __future__ import annotations

import gzip
import socket
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syndicate.errors import FetchError, FetchForbidden, FetchLater, FetchRefused, StorageError
from syndicate.net.fetcher import Fetcher
from tests.disk import full_disk
from tests.net.conftest import NOW, QUICK, ScriptedServer, answer

Serve = Callable[..., ScriptedServer]
PAGE = "<p>演示样例</p>".encode()
SHORT = replace(QUICK, page=0.25, download=0.25)
"""So many seconds that a slow server is cut off and a quick one is not."""


def key(caught: pytest.ExceptionInfo[FetchError]) -> str:
    return caught.value.message.key


def _packed(data: bytes) -> bytes:
    """Without the time, so that tests keep their names."""
    return gzip.compress(data, mtime=0)


@pytest.mark.parametrize("packed", [_packed(PAGE), _packed(PAGE[:5]) + _packed(PAGE[5:]), _packed(PAGE) + b"\0\0"])
@pytest.mark.parametrize("coding", ["gzip", "x-gzip", " GZIP "])
def test_gzip_is_unpacked(serve: Serve, fetcher: Fetcher, packed: bytes, coding: str) -> None:
    server = serve(answer("200 OK", packed, Content_Encoding=coding))

    assert fetcher.get(server.url(), allow=server.allow).body == PAGE


@pytest.mark.parametrize("packed", [zlib.compress(PAGE), zlib.compress(PAGE, wbits=-15), zlib.compress(PAGE) + b"x"])
def test_deflate_is_unpacked_in_both_readings(serve: Serve, fetcher: Fetcher, packed: bytes) -> None:
    server = serve(answer("200 OK", packed, Content_Encoding="deflate"))

    assert fetcher.get(server.url(), allow=server.allow).body == PAGE


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=300), times=st.integers(1, 2_000), coding=st.sampled_from(["gzip", "deflate", "bare"]))
def test_every_body_comes_back_as_it_was_packed(
    serve: Serve, fetcher: Fetcher, body: bytes, times: int, coding: str
) -> None:
    whole = body * times
    packed = zlib.compress(whole, wbits={"gzip": 31, "deflate": 15, "bare": -15}[coding])
    server = serve(answer("200 OK", packed, Content_Encoding="gzip" if coding == "gzip" else "deflate"))

    assert fetcher.get(server.url(), allow=server.allow).body == whole
    server.close()


def test_an_empty_packed_body_is_an_empty_page(serve: Serve, fetcher: Fetcher) -> None:
    server = serve(answer("200 OK", b"", Content_Encoding="gzip"))

    assert fetcher.get(server.url(), allow=server.allow).body == b""


def test_a_chunked_answer_is_put_together(serve: Serve, fetcher: Fetcher) -> None:
    server = serve(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")

    assert fetcher.get(server.url(), allow=server.allow).body == b"abcde"


@pytest.mark.parametrize("packed", [_packed(PAGE)[:-9], _packed(PAGE)[:-1], b"no gzip at all"])
def test_a_cut_off_packed_answer_is_for_later(serve: Serve, fetcher: Fetcher, packed: bytes) -> None:
    server = serve(answer("200 OK", packed, Content_Encoding="gzip"))

    with pytest.raises(FetchLater) as caught:
        fetcher.get(server.url(), allow=server.allow)

    assert key(caught) == "net.broken"


@pytest.mark.parametrize("coding", ["br", "zstd", "compress", "gzip, gzip", "gzip, br", "x" * 500])
def test_a_packing_nobody_asked_for_is_refused(serve: Serve, fetcher: Fetcher, coding: str) -> None:
    server = serve(answer("200 OK", PAGE, Content_Encoding=coding))

    with pytest.raises(FetchRefused) as caught:
        fetcher.get(server.url(), allow=server.allow)

    assert key(caught) == "net.coding"


BOMBS = {
    "gzip": gzip.compress(bytes(30_000_000)),
    "deflate": zlib.compress(bytes(30_000_000), wbits=-15),
    "x-gzip": gzip.compress(bytes(500_000)) * 100,
}


@pytest.mark.parametrize("coding", BOMBS)
def test_a_compression_bomb_is_cut_off(serve: Serve, fetcher: Fetcher, coding: str) -> None:
    server = serve(answer("200 OK", BOMBS[coding], Content_Encoding=coding))

    with pytest.raises(FetchForbidden) as caught:
        fetcher.get(server.url(), allow=server.allow, max_bytes=1_000_000)

    assert key(caught) == "net.too_large"
    assert "1 MB" in caught.value.message.zh


def test_packed_nothings_without_end_are_cut_off(serve: Serve, fetcher: Fetcher) -> None:
    server = serve(answer("200 OK", gzip.compress(b"") * 20_000, Content_Encoding="gzip"))

    with pytest.raises(FetchForbidden):
        fetcher.get(server.url(), allow=server.allow, max_bytes=300_000)


@pytest.mark.parametrize("length", ["1001", "9" * 40])
def test_an_announced_size_beyond_the_limit_is_not_read(serve: Serve, fetcher: Fetcher, length: str) -> None:
    server = serve(f"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n".encode())

    with pytest.raises(FetchForbidden) as caught:
        fetcher.get(server.url(), allow=server.allow, max_bytes=1_000)

    assert key(caught) == "net.too_large"


def test_exactly_the_limit_is_no_byte_too_many(serve: Serve, fetcher: Fetcher) -> None:
    server = serve(answer("200 OK", bytes(1_000)))

    assert len(fetcher.get(server.url(), allow=server.allow, max_bytes=1_000).body) == 1_000


def endless(head: bytes) -> Callable[[socket.socket, bytes], None]:
    def script(connection: socket.socket, _: bytes) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(b"x" * 10_000)

    return script


def test_an_endless_answer_is_cut_off(serve: Serve, fetcher: Fetcher) -> None:
    server = serve(endless(b"HTTP/1.1 200 OK\r\n\r\n"))

    with pytest.raises(FetchForbidden):
        fetcher.get(server.url(), allow=server.allow, max_bytes=100_000)


def test_the_body_of_a_redirect_is_not_read(serve: Serve, fetcher: Fetcher) -> None:
    server = serve(endless(b"HTTP/1.1 302 Found\r\nLocation: /b\r\n\r\n"), answer("200 OK", PAGE))

    assert fetcher.get(server.url(), allow=server.allow).body == PAGE


def test_an_endless_refusal_is_cut_off(serve: Serve, fetcher: Fetcher) -> None:
    server = serve(endless(b"HTTP/1.1 403 Forbidden\r\n\r\n"))

    with pytest.raises(FetchRefused):
        fetcher.get(server.url(), allow=server.allow)


def drip(first: bytes, piece: bytes) -> Callable[[socket.socket, bytes], None]:
    def script(connection: socket.socket, _: bytes) -> None:
        connection.sendall(first)
        while True:
            connection.sendall(piece)
            threading.Event().wait(0.01)

    return script


@pytest.mark.parametrize(
    "script",
    [
        drip(b"", b"H"),
        drip(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x"),
        drip(b"HTTP/1.1 200 OK\r\n", b"X: x\r\n"),
        drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        drip(b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
        drip(b"HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n", b"x"),
        drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"X: x\r\n"),
    ],
)
def test_a_server_that_is_slow_for_ever_ends_at_the_deadline(
    serve: Serve, script: Callable[[socket.socket, bytes], None]
) -> None:
    server = serve(script)
    began = time.monotonic()

    with pytest.raises(FetchLater) as caught:
        Fetcher(lambda: NOW, limits=SHORT).get(server.url(), allow=server.allow)

    assert key(caught) in ("net.deadline", "net.broken")
    assert time.monotonic() - began < 3


def test_a_page_cut_off_at_the_deadline_is_not_taken_for_whole(serve: Serve) -> None:
    server = serve(drip(b"HTTP/1.0 200 OK\r\n\r\n", b"x"))

    with pytest.raises(FetchLater) as caught:
        Fetcher(lambda: NOW, limits=SHORT).get(server.url(), allow=server.allow)

    assert (key(caught), len(server.requests)) == ("net.deadline", 1)
    assert "0.25" in caught.value.message.zh


def test_a_slow_refusal_is_still_a_refusal(serve: Serve) -> None:
    server = serve(drip(b"HTTP/1.1 403 Forbidden\r\n\r\n", b"x"))

    with pytest.raises(FetchRefused):
        Fetcher(lambda: NOW, limits=SHORT).get(server.url(), allow=server.allow)


def test_redirects_share_one_deadline(serve: Serve) -> None:
    def slowly(connection: socket.socket, _: bytes) -> None:
        threading.Event().wait(0.12)
        connection.sendall(answer("302 Found", Location="/next"))

    server = serve(slowly)

    with pytest.raises(FetchLater) as caught:
        Fetcher(lambda: NOW, limits=SHORT).get(server.url(), allow=server.allow)

    assert key(caught) == "net.deadline"
    assert len(server.requests) < 5


def test_silence_longer_than_the_read_limit_is_a_time_out(serve: Serve) -> None:
    released = threading.Event()
    server = serve(lambda _connection, _request: released.wait(10))

    with pytest.raises(FetchLater) as caught:
        Fetcher(lambda: NOW, limits=replace(QUICK, read=0.05)).get(server.url(), allow=server.allow)

    released.set()
    assert (key(caught), len(server.requests)) == ("net.timeout", 3)


def test_a_server_that_never_speaks_tls_ends_at_its_time(serve: Serve) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:  # connections come about, and nobody takes them
        port = listener.getsockname()[1]
        with pytest.raises(FetchLater):
            Fetcher(lambda: NOW, limits=replace(SHORT, connect=0.1)).get(
                f"https://127.0.0.1:{port}/", allow=(f"127.0.0.1:{port}",)
            )


def test_a_file_comes_over_the_disk(serve: Serve, fetcher: Fetcher) -> None:
    data = bytes(range(256)) * 1_000
    server = serve(answer("200 OK", data, Content_Type="application/pdf"))

    with fetcher.download(server.url("/a.pdf"), allow=server.allow) as download:
        read = download.file.read()

    assert (read, download.size, download.url, download.status) == (data, len(data), server.url("/a.pdf"), 200)
    assert (download.fetched_at, download.headers["content-type"]) == (NOW, "application/pdf")
    assert download.file.closed


def test_a_repeated_download_starts_from_the_beginning(serve: Serve, fetcher: Fetcher) -> None:
    server = serve(b"HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n" + b"h" * 50_000, answer("200 OK", b"whole"))

    with fetcher.download(server.url(), allow=server.allow) as download:
        assert download.file.read() == b"whole"


def test_a_download_has_a_limit_and_a_deadline(serve: Serve) -> None:
    server = serve(answer("200 OK", bytes(2_000)))
    slow = serve(drip(b"HTTP/1.1 200 OK\r\n\r\n", b"x"))
    fetcher = Fetcher(lambda: NOW, limits=SHORT)

    with pytest.raises(FetchForbidden), fetcher.download(server.url(), allow=server.allow, max_bytes=1_000):
        pass
    with pytest.raises(FetchLater), fetcher.download(slow.url(), allow=slow.allow):
        pass


@pytest.mark.parametrize("size", [5_000, 100_000])
def test_a_disk_that_takes_no_more_is_a_storage_error(serve: Serve, fetcher: Fetcher, size: int) -> None:
    server = serve(answer("200 OK", bytes(size)))
    with full_disk(1_000), pytest.raises(StorageError) as caught, fetcher.download(server.url(), allow=server.allow):
        pass

    assert (caught.value.message.key, len(server.requests)) == ("net.disk", 1)


def test_no_room_for_a_temporary_file_is_a_storage_error(
    fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))

    with pytest.raises(StorageError), fetcher.download("http://127.0.0.1/"):
        pass
