"""Whatever comes from outside: search, feedback, screens, WeChat's callbacks and the app's backend answer without a server error."""

from __future__ import annotations

import io
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment
from wsgiref.util import setup_testing_defaults

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.generation import GenerationMode
from standardwebhooks.webhooks import Webhook

from syndicate.public.app_backend import app_backend
from syndicate.public.app_store import SqliteArticles
from syndicate.public.pace import Rate
from syndicate.public.serving import PublicApplication
from syndicate.sandbox.settings import AppSettings
from tests.conftest import ROOT
from tests.databases import on_one
from tests.flow.office import NOON, Desk, open_desk
from tests.public.test_wechat import SETTINGS, TOKEN, event, signed

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "10"))
"""Per operation and mode; a longer run by hand sets more."""
BOUNDED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
load_all_checks()
PROMISED = CHECKS.get_by_names(
    ["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance"]
)
DOCUMENT = ROOT / "docs" / "reference" / "app-openapi.yaml"
SECRETS = AppSettings().webhook_secrets


Ask = Callable[[GenerationMode, bool], Counter[int]]


def in_front(application: WSGIApplication, *, signs: bool) -> WSGIApplication:
    """What stands in front of the backend in these tests: it gives out the document, and may sign what passes."""
    numbers = count(1)

    def handle(environment: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environment["PATH_INFO"] == "/openapi.yaml":
            start("200 OK", [("Content-Type", "application/yaml")])
            return [DOCUMENT.read_bytes()]
        if signs and environment["REQUEST_METHOD"] in ("PUT", "DELETE"):
            body = environment["wsgi.input"].read(int(environment.get("CONTENT_LENGTH") or 0))
            name = f"call-{next(numbers)}"
            with suppress(UnicodeDecodeError):
                environment["HTTP_WEBHOOK_SIGNATURE"] = Webhook(SECRETS[0]).sign(
                    name, NOON.astimezone(UTC), body.decode()
                )
            environment["HTTP_WEBHOOK_ID"], environment["HTTP_IDEMPOTENCY_KEY"] = name, f'"{name}"'
            environment["HTTP_WEBHOOK_TIMESTAMP"] = str(int(NOON.timestamp()))
            environment["wsgi.input"] = io.BytesIO(body)
        return application(environment, start)

    return handle


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[Ask]:
    """Asks the app's backend everything that its document names; returns how often each status came back."""
    store = SqliteArticles(tmp_path / "app.sqlite3")
    application = app_backend(store, SECRETS, "样例县", "http://127.0.0.1", lambda: NOON)

    def ask(mode: GenerationMode, signs: bool) -> Counter[int]:
        schema = schemathesis.openapi.from_wsgi("/openapi.yaml", in_front(application, signs=signs))
        statuses: Counter[int] = Counter()
        for found in schema.get_all_operations():
            operation = found.ok()  # type: ignore[union-attr]

            @seed(2026)
            @BOUNDED
            @given(case=operation.as_strategy(mode))
            def one(case: Any) -> None:
                if "id" in case.path_parameters and signs:
                    case.path_parameters["id"] = f"sample-{len(str(case.path_parameters['id'])) % 3}"
                statuses[case.call_and_validate(checks=PROMISED).status_code] += 1

            one()
        return statuses

    yield ask
    store.close()


def test_what_the_apps_document_allows_is_answered_as_it_says(backend: Ask) -> None:
    assert {200, 201, 409} <= set(backend(GenerationMode.POSITIVE, True))


def test_what_the_apps_document_forbids_is_answered_as_it_says(backend: Ask) -> None:
    assert {400, 404} <= set(backend(GenerationMode.NEGATIVE, True))


def test_what_nobody_signed_is_answered_as_the_apps_document_says(backend: Ask) -> None:
    assert 401 in backend(GenerationMode.POSITIVE, False)


texts = st.text(max_size=60)
queries = st.one_of(
    st.binary(max_size=80).map(lambda raw: raw.decode("latin-1")),
    st.dictionaries(st.sampled_from(["q", "column", "year", "page", "signature", "x"]), texts, max_size=5).map(
        urlencode
    ),
)
paths = st.one_of(
    st.sampled_from(
        [
            "/search",
            "/wechat/wechat",
            "/screens/led/playlist.json",
            "/feedback/report",
            "/feedback/state",
            "/feedback/rate",
        ]
    ),
    st.builds("{}{}".format, st.sampled_from(["/search", "/wechat/", "/screens/", "/feedback/", "/"]), texts),
)
forms = st.dictionaries(
    st.sampled_from(["kind", "text", "page", "contact", "form", "receipt", "choice", "x"]), texts, max_size=6
)
bodies = st.one_of(
    st.binary(max_size=300),
    st.text(max_size=200).map(str.encode),
    forms.map(lambda form: urlencode(form).encode()),
)


@dataclass
class Public:
    """The public application of an office, called as its server calls it."""

    application: WSGIApplication
    desk: Desk

    def __call__(self, method: str, path: str, query: str, body: bytes = b"") -> int:
        environment: WSGIEnvironment = {}
        setup_testing_defaults(environment)
        raw = path.encode("utf-8", "surrogatepass").decode("latin-1")  # as WSGI hands addresses on
        environment.update(PATH_INFO=raw, QUERY_STRING=query, REQUEST_METHOD=method, REMOTE_ADDR="192.0.2.1")
        environment.update(CONTENT_LENGTH=str(len(body)), CONTENT_TYPE="application/x-www-form-urlencoded")
        environment["wsgi.input"] = io.BytesIO(body)
        said: list[str] = []
        with closing_all(self.application(environment, lambda status, *_: said.append(status))):  # type: ignore[arg-type]
            return int(said[0].split()[0])


@contextmanager
def closing_all(answer: Iterable[bytes]) -> Iterator[bytes]:
    """Reads an answer to its end and closes it, as a server does."""
    try:
        yield b"".join(answer)
    finally:
        getattr(answer, "close", lambda: None)()


@pytest.fixture
def public(records: Path) -> Iterator[Public]:
    with open_desk(records) as desk:
        path = desk.home / "channels" / "wechat.yaml"
        lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("secrets:")]
        path.write_text("\n".join([*lines, SETTINGS % "", ""]), "utf-8")
        secret = desk.home / "var" / "secrets" / "wechat-token"
        secret.write_text(TOKEN, "utf-8")
        secret.chmod(0o600)
        website = desk.home / "channels" / "website.yaml"
        opened = "settings: {folder: var/site, feedback_url: https://back.example/feedback}"
        website.write_text(website.read_text("utf-8").replace("settings: {folder: var/site}", opened), "utf-8")
        desk.reload()
        yield Public(PublicApplication(lambda: desk.workspace, Rate(1_000_000, 1_000_000)), desk)


@on_one
def test_whatever_is_asked_of_the_public_application_it_answers(public: Public) -> None:
    methods = st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "样例"])

    @seed(2026)
    @settings(BOUNDED, max_examples=EXAMPLES * 30)
    @given(methods, paths, queries, bodies)
    def one(method: str, path: str, query: str, body: bytes) -> None:
        assert public(method, path, query, body) < 500

    one()


@on_one
def test_whatever_wechat_pushes_under_a_good_signature_is_answered(public: Public) -> None:
    pieces = [
        "<xml>",
        "</xml>",
        "<Event>",
        "</Event>",
        "<![CDATA[",
        "]]>",
        "PUBLISHJOBFINISH",
        "<publish_id>",
        "1",
        "&lol;",
    ]
    pushed = bodies | st.lists(st.sampled_from(pieces), max_size=20).map(lambda some: "".join(some).encode())
    at = str(int(public.desk.now.timestamp()))
    query = urlencode({"timestamp": at, "nonce": "n", "signature": signed(at, "n")})

    @seed(2026)
    @settings(BOUNDED, max_examples=EXAMPLES * 30)
    @given(pushed | st.just(event()))
    def one(body: bytes) -> None:
        assert public("POST", "/wechat/wechat", query, body) in (200, 400)

    one()
