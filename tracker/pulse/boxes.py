"""Ballots and the boxes they are sealed in: AES-256-GCM under the round's key, every box as long as every other."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES, TAG_BYTES, LENGTH_BYTES = 12, 16, 4
BOX_BYTES = 8192
ROOM_BYTES = BOX_BYTES - NONCE_BYTES - TAG_BYTES - LENGTH_BYTES


class TooLong(Exception):
    """What was written does not fit into a box; by how many bytes."""


class Broken(Exception):
    """A box that this key does not open, or that lay elsewhere when it was sealed."""


@dataclass(frozen=True)
class Ballot:
    """answers: item key -> number on its scale as it was clicked; skipped ones are left out. comments: item key -> words.
    replies: item key -> hash by which the writer asks for replies to that comment."""

    node_id: int
    answers: Mapping[str, int]
    comments: Mapping[str, str] = field(default_factory=dict)
    replies: Mapping[str, str] = field(default_factory=dict)


def seal(ballot: Ballot, *, key: bytes, k: bytes) -> bytes:
    """The box, bound to the row `k` in which it will lie; TooLong when it does not fit."""
    text = _written(ballot)
    if len(text) > ROOM_BYTES:
        raise TooLong(len(text) - ROOM_BYTES)
    nonce = os.urandom(NONCE_BYTES)
    padded = len(text).to_bytes(LENGTH_BYTES, "big") + text.ljust(ROOM_BYTES, b"\0")
    return nonce + AESGCM(key).encrypt(nonce, padded, k)


def _written(ballot: Ballot) -> bytes:
    parts = [ballot.node_id, dict(ballot.answers), dict(ballot.comments), dict(ballot.replies)]
    return json.dumps(parts, ensure_ascii=False).encode()


def opened(sealed: bytes, *, key: bytes, k: bytes) -> Ballot:
    """The ballot in a box; Broken when that cannot be."""
    try:
        padded = AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], k)
    except (InvalidTag, ValueError) as error:
        raise Broken from error
    length = int.from_bytes(padded[:LENGTH_BYTES], "big")
    return Ballot(*json.loads(padded[LENGTH_BYTES : LENGTH_BYTES + length]))
