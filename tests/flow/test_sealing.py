"""封存: a sealed file opens with its passphrase and with nothing else, and only whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate.errors import NotAllowed, StorageError
from syndicate.flow.sealing import is_sealed, seal, unseal

PIECE = 1 << 20
HEAD = len(b"syndicate sealed 1\n") + 16 + 7


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    (tmp_path / "plain").write_bytes(bytes(range(256)) * (PIECE // 100))
    seal(tmp_path / "plain", tmp_path / "sealed", "样例口令")
    return tmp_path / "sealed"


@settings(max_examples=12, deadline=None)
@given(size=st.sampled_from([0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE]), passphrase=st.text(min_size=1, max_size=9))
def test_what_was_sealed_opens_again(tmp_path_factory: pytest.TempPathFactory, size: int, passphrase: str) -> None:
    folder = tmp_path_factory.mktemp("sealing")
    passphrase = passphrase.encode("utf-8", "replace").decode()
    (folder / "plain").write_bytes(b"x" * size)
    seal(folder / "plain", folder / "sealed", passphrase)
    unseal(folder / "sealed", folder / "again", passphrase)
    assert (folder / "again").read_bytes() == b"x" * size


def test_a_sealed_file_is_known_by_its_beginning(sealed: Path) -> None:
    assert (is_sealed(sealed), is_sealed(sealed.with_name("plain"))) == (True, False)


def test_nothing_of_the_text_can_be_read(sealed: Path) -> None:
    assert bytes(range(64)) not in sealed.read_bytes()


def test_another_passphrase_is_told_apart_from_damage(sealed: Path) -> None:
    with pytest.raises(NotAllowed) as error:
        unseal(sealed, sealed.with_name("again"), "别的口令")
    assert error.value.message.key == "restore.passphrase"


@pytest.mark.parametrize("left", [HEAD + PIECE + 16, HEAD + PIECE + 17, HEAD + 2 * PIECE])
def test_a_file_that_was_cut_is_refused(sealed: Path, left: int) -> None:
    sealed.write_bytes(sealed.read_bytes()[:left])
    with pytest.raises((StorageError, NotAllowed)):
        unseal(sealed, sealed.with_name("again"), "样例口令")


def test_swapped_pieces_are_refused(sealed: Path) -> None:
    data = sealed.read_bytes()
    size = PIECE + 16
    first, second = data[HEAD : HEAD + size], data[HEAD + size : HEAD + 2 * size]
    sealed.write_bytes(data[:HEAD] + second + first + data[HEAD + 2 * size :])
    with pytest.raises(NotAllowed):
        unseal(sealed, sealed.with_name("again"), "样例口令")


def test_a_changed_byte_in_a_later_piece_is_damage(sealed: Path) -> None:
    data = bytearray(sealed.read_bytes())
    data[-1] ^= 1
    sealed.write_bytes(data)
    with pytest.raises(StorageError) as error:
        unseal(sealed, sealed.with_name("again"), "样例口令")
    assert error.value.message.key == "restore.cut_short"
