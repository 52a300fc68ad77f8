"""`content/notices.yaml` → who hears of what, by which way, and where mail is handed in."""

from __future__ import annotations

import re
from datetime import timedelta
from ipaddress import ip_address

from syndicate.config.clock import TimeOfDay
from syndicate.config.patterns import BASE_ADDRESS, HOST, SECRET_NAME, WEB_ADDRESS
from syndicate.config.places import ConfigFile, Problems
from syndicate.config.shapes import Choice, Duration, Field, Many, Record, Text, Whole, note
from syndicate.config.yaml_nodes import MappingNode, Node, compose
from syndicate.model.notice import (
    ADDRESS,
    Addressee,
    Event,
    How,
    MailServer,
    NoticeRules,
    Routing,
    Security,
    Webhook,
    WeCom,
)
from syndicate.model.period import Span

_SENDER = Text(r"[^\x00-\x1f<>\"]{0,60}<[^\s<>@\x00-\x1f]{1,64}@[^\s<>@\x00-\x1f]{1,180}>", "sender", 250)


ROUTING = Record(
    Routing, {"to": Field(Many(Choice(Addressee), least=1), required=True), "how": Field(Choice(How), required=True)}
)
MAIL = Record(
    MailServer,
    {
        "host": Field(HOST, required=True),
        "port": Field(Whole(1, 65535), required=True),
        "security": Field(Choice(Security), required=True),
        "sender": Field(_SENDER, required=True),
        "user": Field(Text(longest=200)),
        "secret": Field(SECRET_NAME),
    },
)
WECOM = Record(
    WeCom,
    {
        "base_url": Field(BASE_ADDRESS, required=True),
        "secret": Field(SECRET_NAME, required=True),
        "events": Field(Many(Choice(Event), least=1), required=True),
    },
)
WEBHOOK = Record(Webhook, {"url": Field(WEB_ADDRESS, required=True), "secret": Field(SECRET_NAME, required=True)})
REPORTS: Record[dict[str, tuple[str, ...]]] = Record(
    dict, {span.value: Field(Many(Text(ADDRESS, "mail_address", 254), least=1)) for span in Span}
)
EVENTS: Record[dict[str, Routing]] = Record(dict, {event.value: Field(ROUTING) for event in Event})
SHAPE: Record[NoticeRules] = Record(
    NoticeRules,
    {
        "events": Field(EVENTS, required=True),
        "desk": Field(BASE_ADDRESS),
        "digest_at": Field(TimeOfDay()),
        "retry": Field(Many(Duration(least=timedelta(seconds=1)), least=1)),
        "give_up": Field(Duration(least=timedelta(minutes=1), most=timedelta(days=14))),
        "keep": Field(Duration(least=timedelta(days=7), most=timedelta(days=3660))),
        "mail": Field(MAIL),
        "wecom": Field(WECOM),
        "webhook": Field(WEBHOOK),
        "reports": Field(REPORTS),
    },
)


def read_notices(file: ConfigFile, problems: Problems) -> tuple[NoticeRules, tuple[tuple[Node, str], ...]]:
    """The rules, none after noting mistakes, and the secrets that they name with their places."""
    node = compose(file, problems)
    found = None if node is None else SHAPE.read(node, problems)
    if found is None or not isinstance(node, MappingNode):
        return NoticeRules(), ()
    if found.mail and found.mail.security is Security.NONE and not _is_here(found.mail.host):
        note(problems, node.at("mail"), "mail_in_the_open", host=found.mail.host)
    if found.mail and bool(found.mail.user) != bool(found.mail.secret):
        note(problems, node.at("mail"), "mail_half_a_login")
    if (found.mail or found.wecom or found.webhook) and not found.desk:
        note(problems, node, "missing_key", name="desk")
    parts = (("mail", found.mail), ("wecom", found.wecom), ("webhook", found.webhook))
    named = [(node.at(key), part.secret) for key, part in parts if part]
    events = {Event(name): routing for name, routing in found.events.items()}
    reports = {Span(name): tuple(dict.fromkeys(listed)) for name, listed in found.reports.items()}
    if reports and not found.mail:
        note(problems, node, "missing_key", name="mail")
    rules = NoticeRules(**{**vars(found), "events": events, "reports": reports})
    return rules, tuple((place, secret) for place, secret in named if secret)


def _is_here(host: str) -> bool:
    if re.fullmatch(r"localhost", host):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
