from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path

import pytest

from syndicate.config.notices import read_notices
from syndicate.config.places import ConfigFile, Problems
from syndicate.model.notice import Addressee, Event, How, NoticeRules, Security

ROOT = Path(__file__).parents[2]
EVENTS = "events:\n  submitted: {to: [deciders], how: now}\n"
MAIL = (
    "desk: https://desk.example.gov.cn\nmail:\n  host: smtp.example.gov.cn\n  port: 465\n  security: tls\n"
    "  sender: 编辑工作台 <desk@example.gov.cn>\n  user: desk\n  secret: smtp-password\n"
)


def read(text: str) -> tuple[NoticeRules, list[str], list[str]]:
    problems = Problems()
    rules, named = read_notices(ConfigFile("content/notices.yaml", text), problems)
    return rules, [problem.message.key for problem in problems.found], [secret for _, secret in named]


def test_the_default_file_tells_every_event_to_somebody_and_sends_nothing() -> None:
    rules, mistakes, secrets = read((ROOT / "content" / "notices.yaml").read_text("utf-8"))
    assert (mistakes, secrets, rules.mail, rules.wecom) == ([], [], None, None)
    assert set(rules.events) == set(Event)


def test_who_hears_of_what_and_how() -> None:
    rules, mistakes, _ = read(EVENTS + 'digest_at: "07:45"\nretry: [1m, 1h]\ngive_up: 2d\n')
    assert mistakes == []
    routing = rules.events[Event.SUBMITTED]
    assert (routing.to, routing.how) == ((Addressee.DECIDERS,), How.NOW)
    assert (rules.digest_at, rules.retry) == (time(7, 45), (timedelta(minutes=1), timedelta(hours=1)))
    assert set(rules.events) == {Event.SUBMITTED}


def test_a_mail_server_names_its_password() -> None:
    rules, mistakes, secrets = read(EVENTS + MAIL)
    assert (mistakes, secrets) == ([], ["smtp-password"])
    assert rules.mail
    assert (rules.mail.host, rules.mail.security) == ("smtp.example.gov.cn", Security.TLS)


@pytest.mark.parametrize(
    ("change", "mistake"),
    [
        (("tls", "none"), "config.mail_in_the_open"),
        (("  user: desk\n", ""), "config.mail_half_a_login"),
        (("  secret: smtp-password\n", ""), "config.mail_half_a_login"),
        (("desk: https://desk.example.gov.cn\n", ""), "config.missing_key"),
        (("编辑工作台 <desk@example.gov.cn>", "desk"), "config.form_sender"),
        (("编辑工作台 <desk@example.gov.cn>", '"甲\\r\\nBcc: a@b.cn <desk@example.gov.cn>"'), "config.form_sender"),
        (("smtp-password", "S3cret!"), "config.form_secret_name"),
        (("port: 465", "port: 0"), "config.out_of_range"),
    ],
)
def test_a_mail_server_that_cannot_be_is_a_mistake(change: tuple[str, str], mistake: str) -> None:
    assert mistake in read(EVENTS + MAIL.replace(*change))[1]


def test_this_very_machine_may_be_spoken_to_in_the_open() -> None:
    text = MAIL.replace("smtp.example.gov.cn\n  port", "127.0.0.1\n  port").replace("tls", "none")
    assert read(EVENTS + text)[1] == []


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("digest_at: 25:00\n", "config.form_time_of_day"),
        ("retry: []\n", "config.list_too_short"),
        ("evnts: {}\n", "config.unknown_key_close"),
    ],
)
def test_other_mistakes_are_told(text: str, mistake: str) -> None:
    assert read(EVENTS + text)[1] == [mistake]


def test_an_event_that_nobody_knows_is_a_mistake() -> None:
    assert read("events:\n  submited: {to: [author], how: now}\n")[1] == ["config.unknown_key_close"]
