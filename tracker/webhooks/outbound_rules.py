"""The rules of sending: when it is tried again, what an answer means, what a signed message looks like."""

import base64
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from standardwebhooks import Webhook

# The waits that Standard Webhooks advises: ten tries within a little more than three days.
WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
JITTER = 0.2  # so that what failed together does not come back together
GIVES_UP_AFTER = timedelta(days=5)  # of nothing but failures: then the webhook is paused
OVERLAP = timedelta(hours=24)  # in which the old secret signs as well
LOG_KEPT = timedelta(days=30)
GONE = 410
TEST = "webhook.test"


@dataclass(frozen=True)
class Outcome:
    """What became of one try: the status answered, if any, and one sentence unless it was taken."""

    status: int | None
    error: str | None

    @property
    def is_taken(self) -> bool:
        return self.error is None

    @property
    def is_gone(self) -> bool:
        return self.status == GONE


def wait_after(attempt: int, *, chance: float) -> timedelta | None:
    """How long to wait after so many failed tries (from 1); None when it was the last. `chance`: from 0 to 1, by luck."""
    if attempt > len(WAITS):
        return None
    return WAITS[attempt - 1] * (1 + JITTER * chance)


def new_secret() -> str:
    """256 bits, in the form that Standard Webhooks gives secrets."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"


def message(kind: str, *, at: datetime, data: Mapping[str, Any]) -> str:
    """The body: what happened, when it did, and what may be said of it."""
    return json.dumps({"type": kind, "timestamp": at.isoformat(), "data": data}, ensure_ascii=False)


def signed(body: str, *, message_id: str, keys: Sequence[str], at: datetime) -> dict[str, str]:
    """The headers of a message, with one signature for each secret. `at`: this moment in UTC, against replays."""
    signatures = [Webhook(key).sign(message_id, at, body) for key in keys]
    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
