"""TLS is verified for the name, although the connection goes to the checked IP address."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from syndicate.errors import FetchLater, FetchRefused
from syndicate.net.fetcher import Fetcher
from tests.certificates import FAR, self_signed
from tests.net.conftest import NOW, QUICK, answer

Make = Callable[[str], tuple[ssl.SSLContext, str]]


@pytest.fixture
def certificate(tmp_path: Path) -> Make:
    """A self-signed certificate for a name: the server's context and the certificate itself."""

    def make(name: str) -> tuple[ssl.SSLContext, str]:
        file, key = self_signed(tmp_path, name)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file, key)
        return context, file.read_text()

    return make


def trusting(authority: str) -> Fetcher:
    return Fetcher(lambda: NOW, limits=QUICK, tls=ssl.create_default_context(cadata=authority))


@contextmanager
def served(context: ssl.SSLContext, named: list[str | None]) -> Iterator[int]:
    context.sni_callback = lambda _, name, __: named.append(name)
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with suppress(OSError), context.wrap_socket(connection, server_side=True) as secure:
                    secure.recv(65_536)
                    secure.sendall(answer("200 OK", b"secret page"))
                connection.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listener.getsockname()[1]
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(10)


def test_a_certificate_of_nobody_is_refused(certificate: Make, fetcher: Fetcher) -> None:
    context, _ = certificate("localhost")

    with served(context, []) as port, pytest.raises(FetchRefused) as caught:
        fetcher.get(f"https://localhost:{port}/", allow=(f"localhost:{port}",))

    assert caught.value.message.key == "net.certificate"
    assert "self-signed" in str(caught.value.message.values["reason"])


def test_the_name_is_sent_and_verified_although_the_connection_goes_to_the_address(
    certificate: Make,
) -> None:
    context, authority = certificate("localhost")
    fetcher = trusting(authority)
    named: list[str | None] = []

    with served(context, named) as port:
        document = fetcher.get(f"https://localhost:{port}/", allow=(f"localhost:{port}",))

    assert (document.body, named) == (b"secret page", ["localhost"])


@pytest.mark.parametrize("name", ["other.example", "127.0.0.1"])
def test_a_certificate_for_another_name_is_refused(certificate: Make, name: str) -> None:
    context, authority = certificate(name)
    fetcher = trusting(authority)

    with served(context, []) as port, pytest.raises(FetchRefused) as caught:
        fetcher.get(f"https://localhost:{port}/", allow=(f"localhost:{port}",))

    assert caught.value.message.key == "net.certificate"


@pytest.mark.parametrize("reply", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x15\x03\x01\x00\x02\x02\x46"])
def test_a_server_that_speaks_no_tls_of_today_is_refused(fetcher: Fetcher, reply: bytes) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]

    def speak() -> None:
        connection, _ = listener.accept()
        with connection, suppress(OSError):  # the other side hangs up
            connection.recv(65_536)
            connection.sendall(reply)
            connection.recv(65_536)

    thread = threading.Thread(target=speak, daemon=True)
    thread.start()
    with listener, pytest.raises(FetchRefused) as caught:
        fetcher.get(f"https://127.0.0.1:{port}/", allow=(f"127.0.0.1:{port}",))
    thread.join(10)

    assert caught.value.message.key == "net.tls"


def test_a_page_over_tls_has_a_deadline_too(certificate: Make) -> None:
    context, authority = certificate("localhost")
    limits = replace(QUICK, page=0.3)
    fetcher = Fetcher(lambda: NOW, limits=limits, tls=ssl.create_default_context(cadata=authority))
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]

    def drip() -> None:
        connection, _ = listener.accept()
        with suppress(OSError), context.wrap_socket(connection, server_side=True) as secure:
            secure.recv(65_536)
            secure.sendall(b"HTTP/1.0 200 OK\r\n\r\n")
            while True:
                secure.sendall(b"x")
                threading.Event().wait(0.01)

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    with listener, pytest.raises(FetchLater) as caught:
        fetcher.get(f"https://localhost:{port}/", allow=(f"localhost:{port}",))
    thread.join(10)

    assert caught.value.message.key == "net.deadline"


def test_the_end_of_a_certificate_is_read(certificate: Make) -> None:
    context, authority = certificate("localhost")
    with served(context, []) as port:
        shown = trusting(authority).certificate(f"https://localhost:{port}/", allow=(f"localhost:{port}",))
    assert (shown.ends, shown.problem) == (FAR, None)


@pytest.mark.parametrize("name", ["other.example", "127.0.0.1"])
def test_the_end_of_a_certificate_for_another_name_is_read_with_the_problem(certificate: Make, name: str) -> None:
    context, authority = certificate(name)
    with served(context, []) as port:
        shown = trusting(authority).certificate(f"https://localhost:{port}/", allow=(f"localhost:{port}",))
    assert shown.problem is not None
    assert (shown.ends, shown.problem.key) == (FAR, "net.certificate")


def test_the_end_of_a_certificate_that_nobody_vouches_for_is_read_with_the_problem(
    certificate: Make, fetcher: Fetcher
) -> None:
    context, _ = certificate("localhost")
    with served(context, []) as port:
        shown = fetcher.certificate(f"https://localhost:{port}/", allow=(f"localhost:{port}",))
    assert shown.problem is not None
    assert shown.ends == FAR


def test_a_host_that_speaks_no_tls_shows_no_certificate(fetcher: Fetcher) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]

    def speak() -> None:
        for _ in range(2):
            connection, _address = listener.accept()
            with connection, suppress(OSError):
                connection.recv(65_536)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    thread = threading.Thread(target=speak, daemon=True)
    thread.start()
    with listener:
        shown = fetcher.certificate(f"https://127.0.0.1:{port}/", allow=(f"127.0.0.1:{port}",))
        thread.join(10)
    assert shown.problem is not None
    assert shown.ends is None


def test_a_host_that_is_away_is_no_certificate_problem(fetcher: Fetcher) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(FetchLater):
        fetcher.certificate(f"https://127.0.0.1:{port}/", allow=(f"127.0.0.1:{port}",))
