"""封存: encrypt a backup with a passphrase, piece by piece, so that it may lie where others can read it.

AES-256-GCM in the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015): every piece carries its number and
whether it is the last, so that pieces can be neither left out, swapped nor cut off. The key comes from the passphrase by
scrypt (RFC 7914; N 2^15, r 8, p 1: about 32 MB and a tenth of a second).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from syndicate.errors import NotAllowed, StorageError

_MARK = b"syndicate sealed 1\n"
_SALT, _PREFIX, _TAG = 16, 7, 16
_PIECE = 1 << 20


def is_sealed(path: Path) -> bool:
    """Whether a file was written by `seal`."""
    with path.open("rb") as file:
        return file.read(len(_MARK)) == _MARK


def seal(source: Path, target: Path, passphrase: str) -> None:
    """Encrypt one file into another."""
    salt, prefix = os.urandom(_SALT), os.urandom(_PREFIX)
    with source.open("rb") as plain, target.open("wb") as sealed:
        sealed.write(_MARK + salt + prefix)
        cipher = AESGCM(_key(passphrase, salt))
        for nonce, piece in _pieces(plain, _PIECE, prefix):
            sealed.write(cipher.encrypt(nonce, piece, None))


def unseal(source: Path, target: Path, passphrase: str) -> None:
    """Decrypt what `seal` wrote.

    Raises NotAllowed for another passphrase, StorageError where the file was cut short or changed after its beginning.
    """
    with source.open("rb") as sealed, target.open("wb") as plain:
        sealed.read(len(_MARK))
        salt, prefix = sealed.read(_SALT), sealed.read(_PREFIX)
        cipher = AESGCM(_key(passphrase, salt))
        for number, (nonce, piece) in enumerate(_pieces(sealed, _PIECE + _TAG, prefix)):
            try:
                plain.write(cipher.decrypt(nonce, piece, None))
            except InvalidTag as error:
                if number:
                    raise StorageError("restore.cut_short", path=source.name) from error
                raise NotAllowed("restore.passphrase", path=source.name) from error


def _pieces(file: BinaryIO, size: int, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Each piece with its nonce: the file's own prefix, the piece's number, and 1 for the last."""
    number, piece = 0, file.read(size)
    while following := file.read(size):
        yield prefix + number.to_bytes(4, "big") + b"\0", piece
        number, piece = number + 1, following
    yield prefix + number.to_bytes(4, "big") + b"\1", piece


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=1 << 15, r=8, p=1).derive(passphrase.encode())
