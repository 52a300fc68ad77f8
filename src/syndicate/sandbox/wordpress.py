"""The drill CMS: WordPress's posts and media as its REST interface shows them to an editor, and its public pages.

As in the real one: a slug that is taken gets a number, a trashed post's slug gets `__trashed` and is not among `any`,
drafts are seen by nobody, an unknown category is refused, files have no trash.
"""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass, field
from html import escape
from threading import RLock
from typing import Any

from syndicate.model.hashing import digest
from syndicate.sandbox.clock import Clock
from syndicate.sandbox.effects import Effects, Journal
from syndicate.sandbox.exchange import Reply, Request, html_reply, json_reply, read_object
from syndicate.sandbox.multipart import read_multipart
from syndicate.sandbox.settings import WordPressSettings

_API = "/wp-json/wp/v2"
_ONE = re.compile(rf"{_API}/(posts|media)/(\d{{1,9}})")
_TRASHED = "__trashed"
_STATUSES = {
    "incorrect_password": 401,
    "rest_no_route": 404,
    "rest_post_invalid_id": 404,
    "rest_already_trashed": 410,
    "rest_invalid_param": 400,
    "rest_term_invalid": 400,
    "rest_trash_not_supported": 501,
    "rest_upload_no_data": 400,
}


@dataclass
class _Post:
    number: int
    slug: str
    status: str = "draft"
    fields: dict[str, Any] = field(default_factory=dict)

    @property
    def content(self) -> str:
        return digest([self.fields.get("title", ""), self.fields.get("content", "")])


@dataclass
class _File:
    number: int
    slug: str
    name: str
    alt: str
    data: bytes


class _Refused(Exception):
    """A refusal with one of WordPress's own codes."""


class WordPress:
    """One CMS."""

    name = "wordpress"

    def __init__(self, settings: WordPressSettings, clock: Clock, journal: Journal | None) -> None:
        self.address = ""
        self._settings = settings
        self._clock = clock
        self._effects = Effects(self.name, journal)
        self._lock = RLock()
        self._start()

    def _start(self) -> None:
        self._posts: dict[int, _Post] = {}
        self._files: dict[int, _File] = {}
        self._last = 0

    def endpoint(self, method: str, path: str) -> str:
        """The row of `endpoints.tsv`."""
        one = _ONE.fullmatch(path)
        if one:
            return f"{_API}/{one[1]}/{{id}}"
        return path if path.startswith("/wp-json/") else "/page"

    def handle(self, request: Request) -> Reply:
        """Answer one request."""
        with self._lock:
            if not request.path.startswith("/wp-json/"):
                return self._page(request.path)
            try:
                return json_reply(self._answer(request), 201 if request.method == "POST" else 200)
            except _Refused as refused:
                code = str(refused)
                return json_reply({"code": code, "message": "drill", "data": {}}, _STATUSES[code])

    def refuse(self, code: int, request: Request) -> Reply:
        """An HTTP error, with the code of a wrong password where it is one."""
        said = "incorrect_password" if code == 401 else "drill"
        return json_reply({"code": said, "message": "drill", "data": {"status": code}}, code)

    def state(self) -> dict[str, object]:
        """What the public sees, every draft, every file, and every effect ever."""
        with self._lock:
            visible = [self._shown(post) for post in self._posts.values() if post.status == "publish"]
            drafts = [post.slug for post in self._posts.values() if post.status == "draft"]
            files = [{"id": one.number, "slug": one.slug, "alt": one.alt} for one in self._files.values()]
        return {"visible": visible, "drafts": drafts, "files": files} | self._effects.report()

    def reset(self) -> None:
        """An empty CMS."""
        with self._lock:
            self._effects.reset(self._clock.now())
            self._start()

    def _answer(self, request: Request) -> object:
        self._check_password(request)
        one = _ONE.fullmatch(request.path)
        if one:
            return self._change(one[1], int(one[2]), request)
        match request.path.removeprefix(_API), request.method:
            case "/posts", "GET":
                return self._found(request.query)
            case "/posts", "POST":
                return self._create(_document(request.body))
            case "/media", "GET":
                wanted = request.query.get("slug", "").split(",")
                return [self._file(one) for one in self._files.values() if one.slug in wanted]
            case "/media", "POST":
                return self._upload(request)
        raise _Refused("rest_no_route")

    def _check_password(self, request: Request) -> None:
        """The blanks that WordPress shows in a password do not count."""
        for password in (self._settings.password, self._settings.password.replace(" ", "")):
            basic = b64encode(f"{self._settings.user}:{password}".encode()).decode()
            if request.headers.get("authorization", "") == f"Basic {basic}":
                return
        raise _Refused("incorrect_password")

    def _found(self, query: Any) -> list[dict[str, object]]:
        slugs, status = query.get("slug", "").split(","), query.get("status", "publish")
        statuses = ("publish", "draft", "pending") if status == "any" else status.split(",")
        return [self._shown(one) for one in self._posts.values() if one.slug in slugs and one.status in statuses]

    def _create(self, document: dict[str, Any]) -> dict[str, object]:
        post = _Post(self._number(), self._free_slug(str(document.get("slug") or "post")))
        self._posts[post.number] = post
        self._set(post, {name: value for name, value in document.items() if name != "slug"})
        return self._shown(post)

    def _change(self, kind: str, number: int, request: Request) -> object:
        if kind == "media":
            return self._change_file(number, request)
        post = self._posts.get(number)
        if post is None:
            raise _Refused("rest_post_invalid_id")
        if request.method == "POST":
            self._set(post, _document(request.body))
        elif request.method == "DELETE":
            self._trash(post)
        return self._shown(post)

    def _change_file(self, number: int, request: Request) -> object:
        if number not in self._files:
            raise _Refused("rest_post_invalid_id")
        if request.method == "DELETE":
            if request.query.get("force") != "true":
                raise _Refused("rest_trash_not_supported")
            return {"deleted": True, "previous": self._file(self._files.pop(number))}
        return self._file(self._files[number])

    def _set(self, post: _Post, document: dict[str, Any]) -> None:
        """New values of a post, and what the public sees of it."""
        if any(one not in self._settings.categories for one in document.get("categories", [])):
            raise _Refused("rest_term_invalid")
        before, shown = post.content, post.status == "publish"
        post.fields |= {name: value for name, value in document.items() if name not in ("slug", "status")}
        if document.get("slug", post.slug) != post.slug:
            post.slug = self._free_slug(str(document["slug"]))
        post.status = str(document.get("status", post.status))
        if post.status == "publish" and not self._settings.may_publish:
            post.status = "pending"
        now = self._clock.now()
        if post.status == "publish" and not (shown and before == post.content):
            if shown:
                self._effects.add("replaced", str(post.number), now, before)
            self._effects.add("published", str(post.number), now, post.content, title=post.fields.get("title", ""))

    def _trash(self, post: _Post) -> None:
        if post.status == "trash":
            raise _Refused("rest_already_trashed")
        if post.status == "publish":
            self._effects.add("deleted", str(post.number), self._clock.now(), post.content)
        post.status, post.slug = "trash", post.slug + _TRASHED

    def _upload(self, request: Request) -> dict[str, object]:
        try:
            parts = read_multipart(request.body, request.headers.get("content-type", ""))
        except ValueError:
            raise _Refused("rest_upload_no_data") from None
        texts = {part.name: part.content.decode("utf-8", "replace") for part in parts if part.file_name is None}
        sent = next((part for part in parts if part.file_name), None)
        if sent is None or not sent.content:
            raise _Refused("rest_upload_no_data")
        slug = self._free_slug(texts.get("slug") or str(sent.file_name).rpartition(".")[0])
        file = _File(self._number(), slug, str(sent.file_name), texts.get("alt_text", ""), sent.content)
        self._files[file.number] = file
        self._effects.add("uploaded", str(file.number), self._clock.now(), slug)
        return self._file(file)

    def _page(self, path: str) -> Reply:
        for post in self._posts.values():
            if post.status == "publish" and self._path(post.slug) == path:
                title = escape(str(post.fields.get("title", "")))
                body = f'<div class="entry-content">{post.fields.get("content", "")}</div>'
                return html_reply(f"<!DOCTYPE html><title>{title}</title><article><h1>{title}</h1>{body}</article>")
        for file in self._files.values():
            if path == f"/wp-content/uploads/{file.name}":
                return Reply(200, file.data, "application/octet-stream", {"X-Content-Type-Options": "nosniff"})
        return html_reply("<!DOCTYPE html><title>404</title>", 404)

    def _shown(self, post: _Post) -> dict[str, object]:
        """A post as `context=edit` shows it."""
        public = post.status == "publish"
        texts = {name: {"raw": str(post.fields.get(name, ""))} for name in ("title", "content", "excerpt")}
        return {
            "id": post.number,
            "slug": post.slug,
            "status": post.status,
            "link": self.address + (self._path(post.slug) if public else f"/?p={post.number}"),
            "permalink_template": self.address + self._path("%pagename%"),
            "generated_slug": post.slug,
            "categories": post.fields.get("categories", [1]),
            **texts,
        }

    def _file(self, file: _File) -> dict[str, object]:
        address = f"{self.address}/wp-content/uploads/{file.name}"
        return {"id": file.number, "slug": file.slug, "source_url": address, "alt_text": file.alt}

    def _path(self, slug: str) -> str:
        return self._settings.permalink.replace("{slug}", slug)

    def _number(self) -> int:
        self._last += 1
        return self._last

    def _free_slug(self, wanted: str) -> str:
        """The slug, with a number behind it where a post or a file has it already."""
        taken = {post.slug for post in self._posts.values()} | {file.slug for file in self._files.values()}
        free, number = wanted, 1
        while free in taken:
            number += 1
            free = f"{wanted}-{number}"
        return free


def _document(body: bytes) -> dict[str, Any]:
    document = read_object(body)
    if document is None:
        raise _Refused("rest_invalid_param")
    return document
