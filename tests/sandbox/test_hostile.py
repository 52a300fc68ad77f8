"""Garbage gets a refusal, never a server error and never a traceback."""

from __future__ import annotations

import json
import socket

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syndicate.sandbox.catalogue import endpoints
from syndicate.sandbox.multipart import Part, read_multipart

PLATFORMS = ("weibo", "wechat", "app", "led")
FEW = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
ADDRESSES = [(name, path) for name in PLATFORMS for path in endpoints(name)]


def raw(address, data):
    """Send bytes as they are; the first line of what comes back."""
    host, _, port = address.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        return connection.makefile("rb").readline().decode("latin-1").strip()


@pytest.fixture(autouse=True)
def _no_traceback(capfd):
    yield
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize(
    ("data", "statuses"),
    [
        (b"garbage\r\n\r\n", {"400"}),
        (b"\x16\x03\x01\x02\x00\x01\r\n\r\n", {"400"}),
        (b"GET / HTTP/9.9\r\n\r\n", {"505"}),
        (b"BREW /articles/1 HTTP/1.1\r\nHost: a\r\n\r\n", {"501"}),
        (b"POST /x HTTP/1.1\r\nContent-Length: many\r\n\r\n", {"400"}),
        (b"POST /x HTTP/1.1\r\nContent-Length: -5\r\n\r\n", {"400"}),
        (b"POST /x HTTP/1.1\r\nContent-Length: 99999999999999\r\n\r\n", {"413"}),
        (b"POST /x HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc", {"400"}),
        (b"POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", {"411"}),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", {"414"}),
        (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 200 + b"\r\n", {"431"}),
        (b"GET http://[broken/ HTTP/1.1\r\nHost: a\r\n\r\n", {"400", "404", "200"}),
        (b"GET //[ HTTP/1.1\r\nHost: a\r\n\r\n", {"400", "404", "200"}),
    ],
)
def test_what_is_no_proper_request_is_refused(running, platform, data, statuses):
    line = raw(getattr(running.addresses, platform), data)
    assert line.split(" ")[1] in statuses


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_body_of_13_megabytes_is_refused(running, platform):
    line = raw(getattr(running.addresses, platform), b"POST /x HTTP/1.1\r\nContent-Length: 13631488\r\n\r\n")
    assert " 413 " in line


@FEW
@given(
    target=st.sampled_from(ADDRESSES),
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE"]),
    body=st.binary(max_size=200),
    kind=st.sampled_from(
        ["application/json", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "x"]
    ),
)
def test_any_body_at_any_address_is_answered(running, target, method, body, kind):
    platform, path = target
    url = getattr(running.addresses, platform) + path.replace("{", "").replace("}", "")
    reply = running.http.request(method, url, content=body, headers={"Content-Type": kind})
    assert reply.status_code < 500


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
_NAMES = ("media_id", "articles", "index", "offset", "count", "no_content", "publish_id", "article_id", "filter")
_NAMES += ("mpnews", "msgtype", "clientmsgid", "msg_id", "article_idx", "cgi_path", "appid")
_POSTS = [path for path, endpoint in endpoints("wechat").items() if endpoint.methods == ("POST",)]


@FEW
@given(path=st.sampled_from(_POSTS), document=st.dictionaries(st.sampled_from(_NAMES), _JSON, max_size=5))
def test_any_document_at_a_wechat_address_has_an_errcode_or_a_result(running, wechat, path, document):
    reply = wechat.send(path, json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    assert reply.status_code == 200
    assert isinstance(reply.json(), dict)


_ARTICLE = st.sampled_from(
    ["title", "author", "digest", "content", "content_source_url", "thumb_media_id", "article_type", "image_info"]
)


@FEW
@given(articles=st.lists(st.dictionaries(_ARTICLE, _JSON, max_size=6), max_size=3))
def test_any_article_is_kept_or_refused(running, wechat, articles):
    assert {"errcode", "media_id"} & set(wechat.add(*articles))


@FEW
@given(markup=st.text(alphabet="<>/=\"' aimgscriptonx&;!-#\n中", min_size=1, max_size=80))
def test_any_markup_is_kept_or_refused(running, wechat, markup):
    reply = wechat.add(wechat.article(content=markup))
    assert {"errcode", "media_id"} & set(reply)


@FEW
@given(
    fields=st.dictionaries(
        st.sampled_from(["status", "rip", "id", "access_token", "visible"]), st.text(max_size=40), max_size=5
    )
)
def test_any_form_at_weibo_is_answered(weibo, running, fields):
    for path in ("/2/statuses/share.json", "/2/statuses/destroy.json", "/oauth2/access_token"):
        reply = running.http.post(weibo.url(path), data={"access_token": weibo.token} | fields)
        assert reply.status_code < 500


@pytest.mark.parametrize("body", [b"status=%ff&rip=1", b"\xff", b"&".join([b"a=b"] * 60)])
def test_a_form_that_cannot_be_read_is_refused(weibo, running, body):
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    reply = running.http.post(weibo.url("/2/statuses/share.json"), content=body, headers=headers)
    assert reply.json()["error_code"] == 10008


def test_a_picture_outside_a_multipart_form_is_refused(weibo, running):
    reply = running.http.post(weibo.url("/2/statuses/share.json"), data={"pic": "x"})
    assert reply.json()["error_code"] == 20007


def test_another_media_type_is_refused(weibo, running):
    assert running.http.post(weibo.url("/2/statuses/share.json"), json={"a": 1}).json()["error_code"] == 10007


@pytest.mark.parametrize("query", ["count=x", "count=101", "page=-1", "since_id=" + "9" * 30])
def test_a_timeline_with_a_bad_number_is_refused(weibo, running, query):
    url = weibo.url(f"/2/statuses/user_timeline.json?access_token={weibo.token}&{query}")
    assert running.http.get(url).json()["error_code"] == 10017


HEAD = b'--x\r\nContent-Disposition: form-data; name="pic"; filename="a.png"\r\n\r\n'


def test_a_form_gives_its_parts_byte_by_byte():
    content = b"\r\n-- x--x\r\n\x00\xff"
    assert read_multipart(HEAD + content + b"\r\n--x--\r\n", "multipart/form-data; boundary=x") == (
        Part("pic", "a.png", content),
    )


def test_file_names_in_any_script_are_read():
    head = "--x\r\nContent-Disposition: form-data; name=media; filename*=utf-8''%E6%A0%B7%E4%BE%8B.png\r\n\r\n"
    (part,) = read_multipart(head.encode() + b"1\r\n--x--", "multipart/form-data; boundary=x")
    assert part.file_name == "样例.png"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "multipart/form-data"),
        (b"", "multipart/form-data; boundary=" + "x" * 71),
        (b"--x\r\n", "multipart/form-data; boundary=x"),
        (HEAD + b"1", "multipart/form-data; boundary=x"),
        (b"--x\r\nContent-Type: a/b\r\n\r\n1\r\n--x--", "multipart/form-data; boundary=x"),
        (b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--", "multipart/form-data; boundary=x"),
        (b"--x" + b"\r\n--x" * 30 + b"--", "multipart/form-data; boundary=x"),
    ],
)
def test_an_incomplete_form_is_refused(body, kind):
    with pytest.raises(ValueError, match=r"form|part|boundary"):
        read_multipart(body, kind)


@given(st.binary(max_size=200), st.text(max_size=30))
def test_any_form_gives_parts_or_a_value_error(body, boundary):
    try:
        parts = read_multipart(body, f"multipart/form-data; boundary={boundary}")
    except ValueError:
        return
    assert all(isinstance(part, Part) for part in parts)


@given(st.binary(max_size=120), st.binary(max_size=40))
def test_any_part_head_gives_parts_or_a_value_error(head, content):
    body = b"--x\r\nContent-Disposition:" + head + b"\r\n\r\n" + content + b"\r\n--x--"
    try:
        parts = read_multipart(body, "multipart/form-data; boundary=x")
    except ValueError:
        return
    assert all(isinstance(part, Part) for part in parts)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_look_at_the_head_only_gets_no_body(running, platform):
    reply = running.http.head(f"{getattr(running.addresses, platform)}/")
    assert (reply.content, int(reply.headers["content-length"]) >= 0) == (b"", True)


@pytest.mark.parametrize(
    "body", [b"broken", HEAD + b"1", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\r\n--x--']
)
def test_a_multipart_form_that_cannot_be_read_is_refused(weibo, running, body):
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    reply = running.http.post(weibo.url("/2/statuses/share.json"), content=body, headers=headers)
    assert reply.json()["error_code"] == 20007
