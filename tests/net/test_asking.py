"""Search interfaces that want POST: asked once, never repeated, redirected as HTTP says."""

from collections.abc import Callable

import pytest

from syndicate.errors import FetchLater
from syndicate.net.fetcher import Fetcher
from tests.net.conftest import ScriptedServer, answer

ASKING = (b'{"pageNum": 1}', "application/json")


def test_a_question_carries_its_body_and_type(serve: Callable[..., ScriptedServer], fetcher: Fetcher) -> None:
    server = serve(answer("200 OK", b"[]"))
    assert fetcher.get(server.url(), allow=server.allow, asking=ASKING).body == b"[]"
    request = server.requests[0].lower()
    assert request.startswith(b"post / ")
    assert b"content-type: application/json" in request
    assert b"content-length: 14" in request


def test_a_question_is_never_repeated(serve: Callable[..., ScriptedServer], fetcher: Fetcher) -> None:
    server = serve(answer("500 Oops"))
    with pytest.raises(FetchLater):
        fetcher.get(server.url(), allow=server.allow, asking=ASKING)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("status", "method"), [("303 See Other", b"GET"), ("302 Found", b"GET"), ("307 Keep", b"POST")]
)
def test_a_redirected_question_is_asked_again_only_where_http_says_so(
    serve: Callable[..., ScriptedServer], fetcher: Fetcher, status: str, method: bytes
) -> None:
    server = serve(answer(status, Location="/there"), answer("200 OK", b"[]"))
    fetcher.get(server.url(), allow=server.allow, asking=ASKING)
    assert server.requests[1].startswith(method)
