"""Whether a vote by a mailed link looks as if a program had sent it. Pure rules.

Mail scanners and link previews open links, run scripts and press buttons, often within seconds of the mail. What can really be
known of one POST are these signs. A strong sign is enough; of the weak ones, each of which a real customer may show, it takes two:

| sign | strong | what it is |
|---|---|---|
| `known_program` | yes | names itself as a mail scanner, link preview, crawler or library, or names itself not at all |
| `filled_decoy` | yes | filled in a field that nobody can see |
| `no_page` | yes | sent the form without a page that we signed for this link |
| `too_soon` | no | within 5 seconds of handing the mail to its server |
| `too_quick` | no | within a second of loading the page |
| `no_language` | no | wants no language; every browser does |
| `no_hand` | no | the browser says that no hand sent the form (Fetch Metadata: no user activation) |
| `many_links` | no | the same sender answered three or more other invitations within ten minutes |

A fast customer shows `too_quick` at most, and counts. Whoever is set aside wrongly is asked to press Send once more.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

STRONG = ("known_program", "filled_decoy", "no_page")
WEAK = ("too_soon", "too_quick", "no_language", "no_hand", "many_links")
TOO_SOON, TOO_QUICK = timedelta(seconds=5), timedelta(seconds=1)
MANY_LINKS, MANY_WITHIN = 3, timedelta(minutes=10)
NEEDED = 2
PROGRAMS = re.compile(
    r"barracuda|mimecast|proofpoint|fireeye|trendmicro|symantec|forcepoint|ironport|safelinks|cloudmark|urlscan|"
    r"bingpreview|skypeuripreview|slackbot|telegrambot|twitterbot|linkedinbot|discordbot|whatsapp|facebookexternalhit|"
    r"googleimageproxy|google-read-aloud|headlesschrome|phantomjs|python|curl|wget|go-http-client|java|okhttp|libwww|"
    r"axios|node-fetch|guzzle|scanner|crawler|spider|bot\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Sending:
    """One POST by a mailed link: its headers, and what is known about when and from where."""

    at: datetime
    mailed_at: datetime
    opened_at: datetime | None  # when the page was made that the form came from; None when that is not ours
    headers: Mapping[str, str]
    has_decoy: bool
    other_links: int


def evidence_of(sending: Sending) -> dict[str, Any]:
    """What speaks for a program, as it is kept: signs and the figures behind them, no address and nothing of the customer."""
    program = _program(sending.headers)
    opened = sending.opened_at
    signs = {
        "known_program": program is not None,
        "filled_decoy": sending.has_decoy,
        "no_page": opened is None,
        "too_soon": sending.at - sending.mailed_at < TOO_SOON,
        "too_quick": opened is not None and sending.at - opened < TOO_QUICK,
        "no_language": not sending.headers.get("Accept-Language"),
        "no_hand": bool(sending.headers.get("Sec-Fetch-Mode")) and sending.headers.get("Sec-Fetch-User") != "?1",
        "many_links": sending.other_links >= MANY_LINKS,
    }
    return {
        "signs": [sign for sign in (*STRONG, *WEAK) if signs[sign]],
        "program": program,
        "seconds_after_mail": int((sending.at - sending.mailed_at).total_seconds()),
        "seconds_on_page": None if opened is None else int((sending.at - opened).total_seconds()),
        "other_links": sending.other_links,
    }


def is_set_aside(evidence: Mapping[str, Any]) -> bool:
    return sum(NEEDED if sign in STRONG else 1 for sign in evidence["signs"]) >= NEEDED


def _program(headers: Mapping[str, str]) -> str | None:
    """The name by which a program gives itself away; "" when it has none at all."""
    name = headers.get("User-Agent", "")
    if not name.strip():
        return ""
    found = PROGRAMS.search(name)
    return found.group().lower() if found else None
