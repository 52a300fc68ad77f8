"""What the walk over our own website costs: 10,000 pages of our own writer on loopback, beside `wget --spider -r`.

The site is served by nginx where it is at hand, else by Python's own server, in a process of its own. Politeness is off on
both sides. Ours looks at every page and file, compares each with the manifest, checks tags, dates and footer, and follows
every link; wget only follows links. BENCH_PATROL_PAGES makes it shorter.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

from bench import site as bench_site

PAGES = int(os.environ.get("BENCH_PATROL_PAGES", "10000"))
RUNS = int(os.environ.get("BENCH_PATROL_RUNS", "1"))
PEER = "wget --spider -r"

WALK = """
import json, resource, sys, time
from datetime import timedelta
from pathlib import Path
from syndicate.records.connection import open_records
home = Path(sys.argv[1]); open_records(home)
from syndicate.cli.opening import clock
from syndicate.flow.crawl import Walk
from syndicate.flow.patrol import patrol
from syndicate.flow.public_site import public_site
from syndicate.flow.workspace import open_workspace
from syndicate.net.fetcher import Fetcher
workspace = open_workspace(home, clock)
site = public_site(workspace)
fetcher = Fetcher(workspace.now, gap=timedelta(0))
fetcher.own_host(site.base, 4, timedelta(0))
begun = time.monotonic()
found = patrol(workspace, fetcher, whole=True)
wall = time.monotonic() - begun
kinds = sorted({one.kind for one in found.site_problems})
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps([wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, found.crawl.looked_at, found.crawl.waiting, kinds]))
"""

NGINX = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1;
events {{ worker_connections 256; }}
http {{
  access_log off; client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  types {{ text/html html; text/css css; application/xml xml; application/json json; image/svg+xml svg; text/javascript js; }}
  server {{ listen 127.0.0.1:{port}; root {root}; charset utf-8; }}
}}
"""


def claim(text: str, ours: float, peer: float | None, unit: str, goal: str, holds: bool, n: int) -> None:
    row = {"claim": text, "ours": round(ours, 2), "peer": None if peer is None else round(peer, 2), "unit": unit}
    print(json.dumps({**row, "goal": goal, "holds": holds, "n": n}, ensure_ascii=False), flush=True)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


@contextmanager
def served(root: Path, folder: Path) -> Iterator[tuple[str, str]]:
    """The site on loopback; its address and the name of the server."""
    port = free_port()
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx:
        configuration = folder / "nginx.conf"
        configuration.write_text(NGINX.format(folder=folder, port=port, root=root), "utf-8")
        command = [nginx, "-c", str(configuration), "-e", str(folder / "error.log")]
    else:
        command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "-d", str(root)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}", "nginx" if nginx else "python -m http.server"
    finally:
        server.terminate()
        server.wait(10)


def wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("the server of the site does not start")


def written(home: Path, base: str) -> None:
    """The whole site, written by our own writer, and its address in the configuration."""
    home.parent.chmod(0o755)  # nginx may run as somebody else
    office = home / "content" / "office.yaml"
    document = yaml.safe_load(office.read_text("utf-8"))
    document |= {"site_url": base, "domain": "127.0.0.1"}
    office.write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
    channel = home / "channels" / "website.yaml"
    settings = yaml.safe_load(channel.read_text("utf-8"))
    settings["settings"]["probe_base_url"] = base
    channel.write_text(yaml.safe_dump(settings, allow_unicode=True), "utf-8")
    from syndicate.cli.opening import clock
    from syndicate.flow.website import build_site
    from syndicate.flow.workspace import open_workspace
    from syndicate.records import models

    workspace = open_workspace(home, clock)
    build_site(workspace)
    models.Revision.objects.update(
        checked_with=workspace.snapshot.hash
    )  # a rule change is another matter: bench/monitor.py
    workspace.close()
    for folder in (home, home / "var"):
        folder.chmod(0o755)


def ours(home: Path) -> tuple[float, float, float, int, int, list[str]]:
    forget = "from syndicate.records import models as m\nfor one in (m.SitePage, m.SiteLink, m.SiteProblem, m.Probe): one.objects.all().delete()\n"
    fresh = WALK.replace("from syndicate.cli.opening", f"{forget}from syndicate.cli.opening", 1)
    done = subprocess.run([sys.executable, "-c", fresh, str(home)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    wall, processor, memory, looked, waiting, kinds = json.loads(done.stdout)
    return wall, processor, memory, looked, waiting, kinds


def wget(base: str, folder: Path) -> tuple[float, int] | None:
    """Seconds and pages of the peer; None where it is not installed."""
    program = shutil.which("wget")
    if program is None:
        return None
    log = folder / "wget.log"
    begun = time.monotonic()
    command = [program, "--spider", "-r", "-l", "inf", "-nd", "--no-parent", "-o", str(log), f"{base}/"]
    subprocess.run(command, cwd=folder, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wall = time.monotonic() - begun
    return wall, log.read_text("utf-8", "replace").count("200 OK")


def middle(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="bench-patrol-") as other:
        folder = Path(other)
        home = folder / "office"
        root = home / "var" / "site"
        with bench_site.office(home, PAGES), served(root, folder) as (base, server):
            written(home, base)
            files = sum(1 for path in root.rglob("*") if path.is_file())
            pages = sum(1 for _ in root.rglob("*.html"))
            print(
                json.dumps(
                    {
                        "conditions": {
                            "python": platform.python_version(),
                            "cores": os.cpu_count(),
                            "load": os.getloadavg()[0],
                            "server": server,
                            "pages": pages,
                            "files": files,
                            "peer": PEER if shutil.which("wget") else "wget is not installed",
                        }
                    }
                ),
                flush=True,
            )
            runs = [(ours(home), wget(base, folder)) for _ in range(RUNS)]
    seconds = middle([own[0] for own, _ in runs])
    processor = middle([own[1] for own, _ in runs])
    memory = max(own[2] for own, _ in runs)
    peers = [peer[0] for _, peer in runs if peer]
    (_, _, _, looked, waiting, kinds), peer = runs[0]
    claim(
        f"whole walk over {pages:,} pages", seconds, middle(peers) if peers else None, "s", "<= 60", seconds <= 60, RUNS
    )
    claim("… of it processor time, start included", processor, None, "s", "-", True, RUNS)
    claim("its memory", memory, None, "MB", "<= 200", memory <= 200, RUNS)
    seen = float(looked)
    claim(
        "files and pages seen",
        seen,
        float(peer[1]) if peer else None,
        "",
        f"= {files}",
        looked == files and not waiting,
        1,
    )
    claim(f"problems found in a sound site: {kinds}", float(len(kinds)), None, "kinds", "= 0", not kinds, 1)


if __name__ == "__main__":
    main()
