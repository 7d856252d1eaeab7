"""Examples of each request as a line for the shell; they work as printed, once TOKEN holds a token."""

import json
from datetime import datetime, timedelta
from typing import Any


def example(method: str, path: str, *, base: str, at: datetime, has_limit: bool = True) -> str:
    """The example of one request. `base` is the address of this instance; moments lie an hour before `at`."""
    address = f"{base}{path}".format(name="customers")
    if method == "GET":
        return f'curl -H "Authorization: Bearer $TOKEN" "{address}{"?limit=2" if has_limit else ""}"'
    body = json.dumps(_bodies(at)[path.rsplit("/", 1)[-1]], indent=1, ensure_ascii=False)
    headers = '-H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json"'
    return f'curl {headers} -H "Idempotency-Key: {_key(path, at)}" \\\n -d \'{body}\' \\\n "{address}"'


def _key(path: str, at: datetime) -> str:
    return f"{path.rsplit('/', 1)[-1]}-{at:%Y%m%d%H%M%S}"


def _bodies(at: datetime) -> dict[str, dict[str, Any]]:
    """What an example sends: somebody and something that the demo knows."""
    served, number = at - timedelta(hours=1), f"visit-{at:%Y%m%d%H%M%S}"
    visit = {"source": "pos", "external_id": number}
    return {
        "interactions": {
            **visit,
            "employee": "N-0412",
            "touchpoint": "Tills",
            "place": "till 4",
            "ended_at": f"{served:%Y-%m-%dT%H:%M:%SZ}",
            "queue_length": 3,
            "outcome": "sold",
        },
        "transfers": {
            **visit,
            "employee": "N-0398",
            "transferred_at": f"{served + timedelta(minutes=10):%Y-%m-%dT%H:%M:%SZ}",
        },
        "ratings": {
            "source": "survey tool",
            "external_id": number,
            "rated_at": f"{served + timedelta(minutes=20):%Y-%m-%dT%H:%M:%SZ}",
            "value": 9,
            "scale": "nps",
            "interaction": visit,
            "employee": "N-0412",
            "comment": "Quick and kind.",
        },
        "reviews": {
            "source": "review site",
            "external_id": number,
            "published_at": f"{served:%Y-%m-%dT%H:%M:%SZ}",
            "stars": 4,
            "title": "Kind people",
            "text": "The queue was long, and everybody stayed friendly.",
            "language": "en",
            "link": f"https://reviews.example.org/{number}",
        },
    }
