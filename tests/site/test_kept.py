"""`{% kept %}`: what is the same on many pages is made once for each value."""

from __future__ import annotations

import pytest
from jinja2 import DictLoader, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from syndicate.site import kept
from syndicate.site.kept import Kept


def environment(**templates: str) -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(loader=DictLoader(templates), autoescape=True, extensions=[Kept])


def test_a_piece_is_made_once_for_the_same_values() -> None:
    page = environment(page="{% kept key %}{{ text }}{% endkept %}").get_template("page")
    assert [page.render(key=1, text=text) for text in ("甲", "乙")] == ["甲", "甲"]


def test_another_value_makes_another_piece() -> None:
    page = environment(page="{% kept key, 2 %}{{ text }}{% endkept %}").get_template("page")
    assert [page.render(key=key, text=key) for key in ("甲", "乙", "甲")] == ["甲", "乙", "甲"]


def test_two_pieces_of_one_template_are_two() -> None:
    page = environment(page="{% kept key %}甲{% endkept %}\n{% kept key %}乙{% endkept %}").get_template("page")
    assert page.render(key=1) == "甲\n乙"


def test_pieces_of_two_templates_are_two() -> None:
    both = environment(one="{% kept key %}甲{% endkept %}", two="{% kept key %}乙{% endkept %}")
    assert [both.get_template(name).render(key=1) for name in ("one", "two")] == ["甲", "乙"]


def test_what_is_kept_is_escaped_once() -> None:
    page = environment(page="{% kept key %}<b>{{ text }}</b>{% endkept %}").get_template("page")
    assert [page.render(key=1, text="<i>") for _ in range(2)] == ["<b>&lt;i&gt;</b>"] * 2


def test_no_more_pieces_are_held_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_MOST", 1)
    page = environment(page="{% kept key %}{{ text }}{% endkept %}").get_template("page")
    rendered = [page.render(key=key, text=text) for key, text in ((1, "甲"), (2, "乙"), (2, "丙"), (1, "丁"))]
    assert rendered == ["甲", "乙", "丙", "甲"]


def test_a_tag_that_is_not_closed_is_a_mistake_of_syntax() -> None:
    with pytest.raises(TemplateSyntaxError):
        environment().from_string("{% kept key %}甲")
