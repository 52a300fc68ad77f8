"""An office that takes in the public's feedback, and a browser without scripts that speaks to its public application."""

from __future__ import annotations

import io
import re
import threading
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path
from urllib.parse import urlencode
from wsgiref.util import setup_testing_defaults

from syndicate.config.load import load
from syndicate.config.secrets import OFFICE_KEY, OFFICE_KEY_BYTES
from syndicate.flow.workspace import Workspace
from syndicate.model.office import Snapshot
from syndicate.public.feedback import Guards
from syndicate.public.pace import Pace, Rate
from syndicate.public.repeats import Repeats
from syndicate.public.serving import PublicApplication
from syndicate.sandbox.drill import SandboxAddresses
from tests.flow.office import write_files

ADDRESS = "192.0.2.1"


@dataclass(frozen=True)
class Reply:
    """One answer of the application."""

    status: int
    headers: dict[str, str]
    text: str

    def field(self, name: str) -> str:
        """The value of an input of the page."""
        found = re.search(rf'<input[^>]* name="{name}"[^>]*>', self.text)
        assert found, name
        value = re.search(r' value="([^"]*)"', found[0])
        return unescape(value[1]) if value else ""

    @property
    def receipt(self) -> str:
        """The receipt that the page shows."""
        found = re.search(r'class="receipt">([0-9A-Z-]+)<', self.text)
        assert found, self.text
        return found[1]


@dataclass
class Visitor:
    """Somebody at one address."""

    served: PublicApplication
    address: str = ADDRESS

    def get(self, path: str, **query: str) -> Reply:
        return self.ask("GET", path, query=urlencode(query))

    def post(self, path: str, body: bytes | None = None, headers: dict[str, str] | None = None, **form: str) -> Reply:
        data = urlencode(form, errors="surrogatepass").encode() if body is None else body
        return self.ask("POST", path, data, headers=headers)

    def report(self, **changes: str) -> Reply:
        """Fill in and send the form."""
        form = self.get("/feedback/report").field("form")
        filled = {"form": form, "kind": "wording", "text": "第二段有错别字（样例）", "page": "", "contact": ""}
        return self.post("/feedback/report", **{**filled, **changes})

    def ask(
        self, method: str, path: str, body: bytes = b"", query: str = "", headers: dict[str, str] | None = None
    ) -> Reply:
        """One request, answered by a thread of its own as a server does."""
        environment: dict[str, object] = {}
        setup_testing_defaults(environment)
        environment |= {"PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": method, "REMOTE_ADDR": self.address}
        environment |= {"CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(body))}
        environment |= {"wsgi.input": io.BytesIO(body), **(headers or {})}
        found: list[object] = []

        def answer() -> None:
            parts = self.served(environment, lambda status, given, *_: found.extend([status, dict(given)]))  # type: ignore[arg-type, misc, return-value]
            found.append(b"".join(parts).decode())

        thread = threading.Thread(target=answer)
        thread.start()
        thread.join()
        status, given, text = found
        return Reply(int(str(status).split()[0]), given, str(text))  # type: ignore[arg-type]


@dataclass
class PublicOffice:
    """An open office whose clock stands still until it is moved; `change` gives it another configuration."""

    home: Path
    now: datetime
    snapshot: Snapshot
    workspace: Workspace = field(init=False)

    def __post_init__(self) -> None:
        self.change()

    def change(self, **parts: object) -> None:
        """The office with other parts of its configuration."""
        self.snapshot = replace(self.snapshot, **parts)  # type: ignore[arg-type]  # the names are those of its fields
        self.workspace = Workspace(self.home, self.snapshot, lambda: self.now)

    def wait(self, **length: float) -> None:
        """Let time pass."""
        self.now += timedelta(**length)

    def visitor(self, guards: Guards | None = None) -> Visitor:
        """Somebody at the office's public application, who need not wait unless `guards` say so."""
        served = PublicApplication(lambda: self.workspace)
        fast = Rate(10_000, 10_000)
        served._guards = guards or Guards(Pace(fast), Pace(fast), Pace(fast), Repeats())
        served._parts = served._made(self.workspace)
        return Visitor(served)


def open_office(home: Path, now: datetime, snapshot: Snapshot) -> PublicOffice:
    """An office in a folder with records; it has its key from now on."""
    key = home / "var" / "secrets" / OFFICE_KEY
    key.parent.mkdir(mode=0o700)
    key.write_bytes(bytes(range(OFFICE_KEY_BYTES)))
    key.chmod(0o600)
    return PublicOffice(home, now, snapshot)


def public_snapshot(folder: Path, address: str = "http://127.0.0.1") -> Snapshot:
    """The configuration of a sample office whose website, at `address`, says where feedback is taken in."""
    write_files(folder, SandboxAddresses(*["http://127.0.0.1:9"] * 5))
    snapshot = load(folder)
    website = snapshot.channels["website"]
    settings = {**website.settings, "feedback_url": f"{address}/feedback"}
    channels = {**snapshot.channels, "website": replace(website, settings=settings)}
    return replace(snapshot, channels=channels, office=replace(snapshot.office, site_url=address))
