"""The published interface of the app backend is what the driver sends and what the reference backend answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import jsonschema
import pytest
import yaml
from standardwebhooks.webhooks import Webhook

from syndicate.channels.drivers import open_driver
from syndicate.model.channel import ChannelKind
from syndicate.model.delivery import Action, Step
from syndicate.sandbox.app import AppBackend
from syndicate.sandbox.clock import Clock
from syndicate.sandbox.exchange import Reply, Request
from syndicate.sandbox.settings import AppSettings
from tests.channels.office import NOON, Desk
from tests.conftest import ROOT

DOCUMENT = yaml.safe_load((ROOT / "docs" / "reference" / "app-openapi.yaml").read_text("utf-8"))


def obeys(value: object, schema: dict[str, Any]) -> None:
    """Raises where a value is not what a schema of the document says."""
    whole = {**schema, "components": DOCUMENT["components"]}
    jsonschema.validate(value, whole, cls=jsonschema.Draft202012Validator)


def response_schema(path: str, method: str, status: int) -> dict[str, Any] | None:
    """What the document promises for an answer; KeyError for one that it does not know."""
    answer = DOCUMENT["paths"][path][method.lower()]["responses"][str(status)]
    return next((one["schema"] for one in answer.get("content", {}).values()), None)


@dataclass
class Asked:
    """One request as it came over the wire."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@pytest.fixture
def recorder() -> Iterator[tuple[str, list[Asked]]]:
    """A server that writes down what it is sent."""
    asked: list[Asked] = []

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked.append(Asked(self.command, self.path, headers, body))
            self.send_response(204)
            self.end_headers()

        do_DELETE = do_PUT

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("step", "action"), [("put", Action.PUBLISH), ("put", Action.AMEND), ("delete", Action.RETRACT)]
)
def test_what_the_driver_sends_is_documented(
    recorder: tuple[str, list[Asked]], tmp_path: Path, step: str, action: Action
) -> None:
    address, asked = recorder
    desk = Desk(tmp_path)
    job = desk.job(desk.channel(ChannelKind.APP, address), action=action)
    official = {**job.rendition.fields, "field:索引号": "样例-1", "kind": "original", "push": "yes"}
    job = replace(job, rendition=replace(job.rendition, fields=official))
    open_driver(job.channel, desk.hands).perform(Step(step, False), job)
    (sent,) = asked
    operation = DOCUMENT["paths"]["/articles/{id}"][step]
    for parameter in operation["parameters"]:
        obeys(sent.headers[parameter["name"].lower()], parameter["schema"])
    if "requestBody" in operation:
        obeys(json.loads(sent.body), operation["requestBody"]["content"]["application/json"]["schema"])
    assert sent.path == "/articles/7"


Ask = Callable[..., Reply]


@pytest.fixture
def ask() -> Ask:
    """The reference backend, asked with good signatures."""
    settings = AppSettings()
    backend = AppBackend(settings, Clock(lambda: NOON), None)
    backend.address = "http://app.example"

    def send(method: str, path: str, document: object = None, key: str = "k1", **headers: str) -> Reply:
        body = b"" if document is None else json.dumps(document).encode()
        stamp = datetime.fromtimestamp(int(NOON.timestamp()), NOON.tzinfo)
        signature = Webhook(settings.webhook_secrets[0]).sign(key, stamp.astimezone(UTC), body.decode())
        signed = {
            "webhook-id": key,
            "webhook-timestamp": str(int(NOON.timestamp())),
            "webhook-signature": signature,
            "idempotency-key": f'"{key}"',
        }
        path, _, query = path.partition("?")
        asked = dict(pair.split("=") for pair in query.split("&")) if query else {}
        return backend.handle(Request(method, path, path, asked, {**signed, **headers}, body))

    return send


STATE = {"id": "7", "revision": 2, "title": "样例", "body_html": "<p>样例</p>", "files": [], "column": "news"}


def test_every_answer_of_the_reference_backend_is_documented(ask: Ask) -> None:
    answers = [
        ("/articles/{id}", "put", ask("PUT", "/articles/7", STATE), 201),
        ("/articles/{id}", "put", ask("PUT", "/articles/7", {**STATE, "revision": 3}, "k2"), 200),
        ("/articles/{id}", "put", ask("PUT", "/articles/7", {**STATE, "revision": 1}, "k3"), 409),
        ("/articles/{id}", "put", ask("PUT", "/articles/7", {**STATE, "revision": 9}, "k1"), 422),
        ("/articles/{id}", "put", ask("PUT", "/articles/7", {"revision": 0}, "k4"), 400),
        ("/articles/{id}", "put", ask("PUT", "/articles/7", STATE, "k5", **{"webhook-signature": "v1,x"}), 401),
        ("/articles/{id}", "get", ask("GET", "/articles/7"), 200),
        ("/articles/{id}", "get", ask("GET", "/articles/8"), 404),
        ("/articles", "get", ask("GET", "/articles?column=news"), 200),
        ("/articles", "get", ask("GET", "/articles?page=9"), 404),
        ("/feed.json", "get", ask("GET", "/feed.json"), 200),
        ("/articles/{id}", "delete", ask("DELETE", "/articles/8", None, "k6"), 404),
        ("/articles/{id}", "delete", ask("DELETE", "/articles/7", None, "k7"), 200),
        ("/articles/{id}", "delete", ask("DELETE", "/articles/7", None, "k8"), 410),
        ("/articles/{id}", "get", ask("GET", "/articles/7"), 410),
    ]
    assert [reply.status for _, _, reply, _ in answers] == [status for _, _, _, status in answers]
    for path, method, reply, status in answers:
        schema = response_schema(path, method, status)
        assert schema is not None
        obeys(json.loads(reply.body), schema)


@pytest.mark.parametrize("path", ["/articles", "/articles?column=news", "/feed.json", "/articles/7"])
def test_what_the_app_has_already_is_not_sent_again(ask: Ask, path: str) -> None:
    ask("PUT", "/articles/7", STATE)
    first = ask("GET", path)
    again = ask("GET", path, **{"if-none-match": f"W/{first.headers['ETag']}"})
    assert (again.status, again.body) == (304, b"")
    ask("PUT", "/articles/7", {**STATE, "revision": 3, "title": "更正"}, "k2")
    assert ask("GET", path, **{"if-none-match": first.headers["ETag"]}).status == 200


def test_a_list_is_read_page_by_page_to_its_end(ask: Ask) -> None:
    for number in range(1, 46):
        column = "news" if number % 2 else "notices"
        ask("PUT", f"/articles/{number}", {**STATE, "id": str(number), "revision": 1, "column": column}, f"k{number}")
    seen, path = [], "/articles"
    while path:
        page = json.loads(ask("GET", path).body)
        seen += [one["id"] for one in page["items"]]
        path = page["next"].removeprefix("http://app.example")
    assert seen == [str(number) for number in range(45, 0, -1)]
    assert json.loads(ask("GET", "/articles?column=notices").body)["total"] == 22
