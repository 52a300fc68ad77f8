"""The configuration that the how-to shows, in a real nginx."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import httpx
import pytest

from syndicate.model.channel import FileReference
from syndicate.site.old_addresses import Ours, names_of, plan_old
from syndicate.site.pages import Pages
from syndicate.site.writer import rebuild
from tests.conftest import lack
from tests.site.conftest import Town

PAGE = (Path(__file__).parents[2] / "docs" / "howto" / "serve-the-website.md").read_text("utf-8")
SAMPLE = re.search(r"```nginx\n(.*?)```", PAGE, re.DOTALL)[1]  # type: ignore[index]  # the page has one


MOVED = ["/show.php?id=7", "/2019/云川/", "/article.jsp", f"/long.php?name={'a' * 880}"]
"""Old addresses of one article."""


@dataclass
class Served:
    """An nginx in front of a site; `get` asks it as a browser does."""

    town: Town
    client: httpx.Client
    command: list[str]
    access_log: Path

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path, headers={"Accept-Encoding": "gzip"})


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, pages: Pages) -> Iterator[Served]:
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        lack("nginx is not installed: apt-get install nginx-light")
        return
    folder = tmp_path_factory.mktemp("nginx")
    folder.chmod(0o755)
    town = renamed_town(folder / "site", pages)
    port = free_port()
    sample = SAMPLE.replace("/srv/www", str(folder)).replace("listen 80;", f"listen 127.0.0.1:{port};")
    sample = sample.replace("listen [::]:80;", f"listen [::1]:{port};")
    (folder / "nginx.conf").write_text(
        f"pid {folder}/pid; error_log {folder}/error.log; daemon off; user root;\nevents {{}}\n"
        f"http {{ include /etc/nginx/mime.types; access_log {folder}/access.log;\n{sample}\n}}\n"
    )
    command = [program, "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
    process = subprocess.Popen(command)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        try:
            await_answer(client)
            yield Served(town, client, command, folder / "access.log")
        finally:
            process.terminate()
            process.wait(10)


def await_answer(client: httpx.Client) -> None:
    for _ in range(200):
        try:
            client.get("/robots.txt")
        except httpx.ConnectError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError("nginx did not start; see error.log beside the site")


def renamed_town(root: Path, pages: Pages) -> Town:
    """A site with a renamed column, a withdrawn article and an attachment."""
    town = Town(root, pages)
    file = FileReference(town.files.add(b"%PDF-1.4 sample"), "样例.pdf", "application/pdf", "attachment")
    town.publish(1, town.rendition(1, files=(file,)))
    town.publish(2)
    town.retract(2)
    columns = {"xinwen": replace(pages.facts.columns["news"], name="xinwen", former=("news",))}
    town = replace(town, pages=Pages(replace(pages.facts, columns=columns)))
    entries = [replace(entry, column="xinwen") for entry in town.ledger.entries("website")]
    ours = Ours(pages.facts.office.site_url, names_of(columns), "202611")
    moved = [(f"http://old.example{path}", "news/202611/1.html") for path in MOVED]
    old = plan_old(town.pages, ours, {"http://old.example/col/col12/": "news"}, moved)
    rebuild(root, chain(town.planned(entries), old), town.files)
    return town


def test_a_page_is_served_compressed_with_its_policy_and_asked_for_again(served: Served) -> None:
    answer = served.get("/news/202611/1.html")
    assert answer.status_code == 200
    assert "第1篇样稿" in answer.text
    assert answer.headers["content-encoding"] == "gzip"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-cache"


def test_the_style_may_be_kept_for_a_year(served: Served) -> None:
    answer = served.get(f"/{served.town.pages.style_path}")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_a_withdrawn_article_is_gone_and_shows_its_notice(served: Served) -> None:
    answer = served.get("/news/202611/2.html")
    assert answer.status_code == 410
    assert "该信息已撤下" in answer.text


@pytest.mark.parametrize("name", ["", "index.html", "p0.html", "rss.xml", "atom.xml", "feed.json"])
def test_lists_of_a_renamed_column_have_moved(served: Served, name: str) -> None:
    answer = served.get(f"/news/{name}")
    assert answer.status_code == 301
    assert answer.headers["location"].endswith(f"/xinwen/{name}")


@pytest.mark.parametrize("path", MOVED)
def test_an_old_address_that_could_not_stay_has_moved(served: Served, path: str) -> None:
    answer = served.get(path)
    assert answer.status_code == 301
    assert answer.headers["location"].endswith("/news/202611/1.html")


def test_an_old_address_is_known_however_its_characters_are_escaped(served: Served) -> None:
    assert served.get("/2019/%e4%ba%91%E5%B7%9D/").status_code == 301


def test_another_number_in_the_question_is_another_page(served: Served) -> None:
    assert served.get("/show.php?id=8").status_code == 404


def test_an_old_list_leads_to_its_column(served: Served) -> None:
    answer = served.get("/col/col12/")
    assert answer.status_code == 301
    assert answer.headers["location"].endswith("/xinwen/")


def test_the_home_page_stands_at_the_root_and_a_column_at_its_folder(served: Served) -> None:
    assert served.get("/").status_code == 200
    assert "第1篇样稿" in served.get("/xinwen/").text


@pytest.mark.parametrize("path", ["/absent.html", "/.hidden", "/news/.abc.tmp", "/../site.manifest/site.json"])
def test_what_is_not_there_is_the_404_page(served: Served, path: str) -> None:
    answer = served.get(path)
    assert answer.status_code == 404
    assert "您访问的页面不存在" in answer.text


def test_an_attachment_is_downloaded(served: Served) -> None:
    path = next(path for path in served.town.contents() if path.startswith("files/"))
    answer = served.get(f"/{path}")
    assert answer.headers["content-disposition"] == "attachment"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_who_reports_and_who_rates_is_not_logged(served: Served) -> None:
    # The last question of one connection is written down after its answer, so the one before it surely is.
    for path in ("/feedback/report?page=index.html", "/robots.txt?1", "/robots.txt?2"):
        served.get(path)
    logged = served.access_log.read_text("utf-8")
    assert "/robots.txt?1" in logged
    assert "/feedback/" not in logged
