"""Whether a delivery comes from whom it says: each helpdesk's own signature, its age, and what tells a second one. Pure.

Chatwoot: X-Chatwoot-Signature is sha256= and the HMAC in hexadecimal of “timestamp.body”. Zendesk: X-Zendesk-Webhook-Signature is
the HMAC in base64 of the timestamp followed by the body. Freshdesk signs nothing: it sends the secret itself, in a header.
Everything else: Standard Webhooks.
"""

import binascii
import hashlib
import hmac
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook

WINDOW = timedelta(minutes=5)
LONGEST_ID = 200


class Headers(Protocol):
    """A request's headers, whose names have no case."""

    def get(self, name: str, /) -> str | None: ...


@dataclass(frozen=True)
class Proof:
    """A delivery that is what it says. `digest` is made of what was signed, so the same thing always has the same."""

    digest: str
    delivery_id: str | None = None
    sent_at: datetime | None = None


class Unproven(Exception):
    """Why not: missing, old or wrong."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def proven(kind: str, secrets: Sequence[str], headers: Headers, body: bytes, *, at: datetime) -> Proof:
    """Raises Unproven. `secrets`: all that are good now, while one takes over from another."""
    if not secrets:
        raise Unproven("no_secret")
    return PROOFS[kind](secrets, headers, body, at)


def _chatwoot(secrets: Sequence[str], headers: Headers, body: bytes, at: datetime) -> Proof:
    given, stamp = _needed(headers, "X-Chatwoot-Signature"), _needed(headers, "X-Chatwoot-Timestamp")
    signed = stamp.encode() + b"." + body
    _matches(given, ["sha256=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in secrets])
    return Proof(_digest(signed), _id(headers, "X-Chatwoot-Delivery"), _fresh(_seconds(stamp), at))


def _zendesk(secrets: Sequence[str], headers: Headers, body: bytes, at: datetime) -> Proof:
    given = _needed(headers, "X-Zendesk-Webhook-Signature")
    stamp = _needed(headers, "X-Zendesk-Webhook-Signature-Timestamp")
    signed = stamp.encode() + body
    made = [hmac.new(secret.encode(), signed, hashlib.sha256).digest() for secret in secrets]
    _matches(given, [b64encode(one).decode() for one in made])
    try:
        sent_at = datetime.fromisoformat(stamp)
    except ValueError:
        raise Unproven("old") from None
    sent_at = sent_at if sent_at.tzinfo else sent_at.replace(tzinfo=UTC)
    return Proof(_digest(signed), _id(headers, "X-Zendesk-Webhook-Invocation-Id"), _fresh(sent_at, at))


def _freshdesk(secrets: Sequence[str], headers: Headers, body: bytes, at: datetime) -> Proof:
    """Nothing is signed, so nothing tells a second sending but the body, within its five minutes."""
    given = headers.get("X-Hook-Secret") or _password(headers.get("Authorization") or "")
    if not given:
        raise Unproven("missing")
    _matches(given, list(secrets))
    return Proof(unsigned_digest(body, at))


def _standard(secrets: Sequence[str], headers: Headers, body: bytes, at: datetime) -> Proof:
    number, stamp = _needed(headers, "webhook-id"), _needed(headers, "webhook-timestamp")
    given = _needed(headers, "webhook-signature").split()
    sent_at = _seconds(stamp)
    try:
        text = body.decode()
        made = [Webhook(secret).sign(number, sent_at, text) for secret in secrets]
    except (UnicodeDecodeError, EmptyWebhookSecretError, binascii.Error, ValueError):
        raise Unproven("wrong") from None
    if not any(_same(one, mine) for one in given for mine in made):
        raise Unproven("wrong")
    signed = f"{number}.{stamp}.".encode() + body
    return Proof(_digest(signed), number[:LONGEST_ID], _fresh(sent_at, at))


PROOFS = {"chatwoot": _chatwoot, "zendesk": _zendesk, "freshdesk": _freshdesk, "standard": _standard}


def unsigned_digest(body: bytes, at: datetime) -> str:
    """The same for the same body in the same five minutes by the clock."""
    return _digest(f"{int(at.timestamp() // WINDOW.total_seconds())}.".encode() + body)


def _digest(signed: bytes) -> str:
    return hashlib.sha256(signed).hexdigest()


def _needed(headers: Headers, name: str) -> str:
    found = headers.get(name)
    if not found:
        raise Unproven("missing")
    return found


def _id(headers: Headers, name: str) -> str | None:
    return (headers.get(name) or "")[:LONGEST_ID] or None


def _matches(given: str, made: Sequence[str]) -> None:
    if True not in [_same(given, one) for one in made]:  # each is compared, whichever was right
        raise Unproven("wrong")


def _same(given: str, made: str) -> bool:
    return hmac.compare_digest(given.encode(), made.encode())


def _seconds(stamp: str) -> datetime:
    """A moment in seconds since 1970."""
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12):
        raise Unproven("old")
    return datetime.fromtimestamp(int(stamp), UTC)


def _fresh(sent_at: datetime, at: datetime) -> datetime:
    """Asked last: only now it is known that the moment is the signed one."""
    if abs(at - sent_at) > WINDOW:
        raise Unproven("old")
    return sent_at


def _password(authorization: str) -> str:
    """The password of Basic authentication, whatever the name."""
    kind, _space, given = authorization.partition(" ")
    try:
        pair = b64decode(given, validate=True).decode() if kind.casefold() == "basic" else ""
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return pair.partition(":")[2]
