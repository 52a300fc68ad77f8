"""The nginx files of every office: the website's is the how-to's own, the desk's works in a real nginx."""

from __future__ import annotations

import re
import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from tests.cli.terminal import until
from tests.conftest import lack
from tests.site.test_nginx import free_port

ROOT = Path(__file__).resolve().parents[2]
NGINX = ROOT / "cron" / "nginx"
HOW_TO = ROOT / "docs" / "howto" / "serve-the-website.md"
NAME = "desk.yunchuan.example"


def test_the_websites_file_is_what_the_how_to_shows() -> None:
    shown = re.search(r"```nginx\n(.*?)```", HOW_TO.read_text("utf-8"), re.DOTALL)
    assert shown is not None
    assert (NGINX / "website.conf").read_text("utf-8") == shown[1]


class Echo(BaseHTTPRequestHandler):
    """Stands in the desk's place and says what it was told."""

    def log_message(self, format: str, *arguments: object) -> None:
        pass

    def do_GET(self) -> None:
        body = "\n".join(f"{name}: {value}" for name, value in self.headers.items()).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@dataclass
class Proxy:
    client: httpx.Client
    backend: int


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    openssl = shutil.which("openssl")
    if program is None or openssl is None:
        lack("nginx or openssl is not installed: apt-get install nginx-light openssl")
        return
    folder = tmp_path_factory.mktemp("nginx")
    backend, secure, plain = free_port(), free_port(), free_port()
    key, certificate = folder / "desk.key", folder / "desk.pem"
    subject = ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"]
    made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject]
    subprocess.run([openssl, *made, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    text = (NGINX / "desk.conf").read_text("utf-8")
    for old, new in (
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen [::]:80;", f"listen [::1]:{plain};"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{secure} ssl;"),
        ("listen [::]:443 ssl;", f"listen [::1]:{secure} ssl;"),
        ("/etc/ssl/syndicate", str(folder)),
        ("127.0.0.1:8800", f"127.0.0.1:{backend}"),
    ):
        assert old in text
        text = text.replace(old, new)
    (folder / "nginx.conf").write_text(
        f"pid {folder}/pid; error_log {folder}/error.log; daemon off;\nevents {{}}\nhttp {{ access_log off;\n{text}\n}}\n"
    )
    command = [program, "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
    tested = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert (tested.returncode, "warn" in tested.stderr) == (0, False), tested.stderr
    process = subprocess.Popen(command)
    context = ssl.create_default_context(cafile=str(certificate))
    with httpx.Client(base_url=f"https://127.0.0.1:{secure}", verify=context, trust_env=False) as client:
        client.headers["Host"] = NAME
        until(lambda: _answers(client))
        yield Proxy(client, backend)
    process.terminate()
    process.wait(10)


def _answers(client: httpx.Client) -> bool:
    try:
        client.get("/", extensions={"sni_hostname": NAME})
    except httpx.ConnectError:
        return False
    return True


@pytest.fixture
def desk(proxy: Proxy) -> Iterator[Proxy]:
    """Something answers in the desk's place."""
    server = ThreadingHTTPServer(("127.0.0.1", proxy.backend), Echo)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield proxy
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_desk_that_does_not_run_is_told_in_both_languages(proxy: Proxy) -> None:
    response = proxy.client.get("/queue", extensions={"sni_hostname": NAME})
    assert (response.status_code, response.headers["Retry-After"]) == (503, "60")
    assert "编辑工作台没有运行" in response.text
    assert "Reload in some minutes" in response.text


def test_the_desk_hears_who_asks_by_which_protocol_and_whatever_a_stranger_claims_is_replaced(desk: Proxy) -> None:
    claimed = {"X-Forwarded-For": "192.0.2.9", "X-Forwarded-Proto": "http"}
    told = desk.client.get("/", headers=claimed, extensions={"sni_hostname": NAME}).text
    assert f"Host: {NAME}" in told
    assert "X-Forwarded-For: 127.0.0.1" in told
    assert "X-Forwarded-Proto: https" in told
    assert "192.0.2.9" not in told


@pytest.mark.parametrize("path", ["/metrics", "/healthz"])
def test_figures_are_not_for_those_who_come_through_the_proxy(desk: Proxy, path: str) -> None:
    assert desk.client.get(path, extensions={"sni_hostname": NAME}).status_code == 403
