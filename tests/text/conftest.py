"""Makers of office files as fixtures."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from tests.text import office_files


@pytest.fixture
def make_docx() -> Callable[..., bytes]:
    return office_files.docx


@pytest.fixture
def make_pdf() -> Callable[..., bytes]:
    return office_files.pdf


@pytest.fixture
def make_ofd() -> Callable[..., bytes]:
    return office_files.ofd


@pytest.fixture
def make_zip() -> Callable[[Mapping[str, str | bytes]], bytes]:
    return office_files.zipped
