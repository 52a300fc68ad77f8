from __future__ import annotations

import pytest

from syndicate.errors import ConfigurationError
from syndicate.render.templates import check_template, fill


def test_a_template_that_parses_has_no_problem() -> None:
    assert check_template("{{ title }}", "a.j2") is None


def test_a_template_that_does_not_parse_is_named_with_line_and_text() -> None:
    problem = check_template("甲\n{{ title\n", "a.j2", markup=True)
    assert problem is not None
    assert (problem.file, problem.line, problem.text) == ("a.j2", 2, "{{ title")


def test_in_html_every_value_but_the_body_is_escaped() -> None:
    assert fill("{{ title }}{{ body }}", {"title": "<b>"}, name="a", body="<i>") == "&lt;b&gt;<i>"


def test_in_plain_text_nothing_is_escaped() -> None:
    assert fill("{{ title }}", {"title": "<b>"}, name="a") == "<b>"


def test_a_template_cannot_change_the_values_it_is_given() -> None:
    with pytest.raises(ConfigurationError):
        fill("{{ values.append(1) }}", {"values": [1]}, name="a")
