"""Teams, opening hours, touchpoints and channels of the demo company, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from tracker.demo.records import Channel, Driver, Hours, Team, Touchpoint

COMPANY = "Zawadora"
ZONE = "Africa/Nairobi"


def _week(days: range, opens_at: time, closes_at: time) -> tuple[Hours, ...]:
    return tuple(Hours(day, opens_at, closes_at) for day in days)


CENTRAL = (*_week(range(6), time(8, 30), time(20)), *_week(range(6, 7), time(10), time(18)))
MALL = (*_week(range(6), time(9), time(20)), *_week(range(6, 7), time(10), time(19)))
COAST = _week(range(6), time(8, 30), time(18, 30))
LAKE = _week(range(6), time(9), time(18))
ROAD = _week(range(6), time(8), time(18))
OFFICE = _week(range(5), time(8), time(18))
SHORT_DAY = (time(10), time(17))
MORNING = (time(9), time(14))


@dataclass(frozen=True, slots=True)
class Work:
    """What a leaf team does: usual ratings per person in four weeks, title of its staff, share of each touchpoint."""

    usual: float
    title: str
    mix: dict[str, float]
    ability: float = 0.0


TEAMS = (
    Team("zawadora", "Zawadora", None, False, "all", ZONE, OFFICE, None),
    Team("head-office", "Head office", "zawadora", True, "nairobi", ZONE, OFFICE, None),
    Team("nairobi", "Nairobi", "zawadora", False, "nairobi", ZONE, CENTRAL, SHORT_DAY),
    Team("nairobi-central", "Nairobi Central", "nairobi", False, "nairobi", ZONE, CENTRAL, SHORT_DAY),
    Team(
        "nairobi-central-tills", "Nairobi Central tills", "nairobi-central", True, "nairobi", ZONE, CENTRAL, SHORT_DAY
    ),
    Team(
        "nairobi-central-floor", "Nairobi Central floor", "nairobi-central", True, "nairobi", ZONE, CENTRAL, SHORT_DAY
    ),
    Team("westlands", "Westlands", "nairobi", True, "nairobi", ZONE, MALL, SHORT_DAY),
    Team("mombasa", "Mombasa", "zawadora", False, "mombasa", ZONE, COAST, MORNING),
    Team("mombasa-tills", "Mombasa tills", "mombasa", True, "mombasa", ZONE, COAST, MORNING),
    Team("mombasa-floor", "Mombasa floor", "mombasa", True, "mombasa", ZONE, COAST, MORNING),
    Team("kisumu-lakeside", "Kisumu Lakeside", "zawadora", True, "kisumu", ZONE, LAKE, MORNING),
    Team("delivery", "Delivery", "zawadora", False, "all", ZONE, ROAD, None),
    Team("nairobi-delivery", "Nairobi delivery", "delivery", True, "nairobi", ZONE, ROAD, None),
    Team("mombasa-delivery", "Mombasa delivery", "delivery", True, "mombasa", ZONE, ROAD, None),
    Team("support-centre", "Support centre", "zawadora", False, "all", ZONE, OFFICE, None),
    Team("support-phone", "Support phone", "support-centre", True, "all", ZONE, OFFICE, None),
    Team("support-chat", "Support chat", "support-centre", True, "all", ZONE, OFFICE, None),
    Team("complaints-desk", "Complaints desk", "support-centre", True, "all", ZONE, OFFICE, None),
)

WORK = {
    "nairobi-central-tills": Work(31, "Cashier", {"tills": 0.86, "returns": 0.14}, 0.05),
    "nairobi-central-floor": Work(15, "Sales adviser", {"advice": 0.9, "returns": 0.1}, 0.08),
    "westlands": Work(16, "Store assistant", {"tills": 0.52, "advice": 0.36, "returns": 0.12}, 0.0),
    "mombasa-tills": Work(20, "Cashier", {"tills": 0.84, "returns": 0.16}, -0.12),
    "mombasa-floor": Work(14, "Sales adviser", {"advice": 0.92, "returns": 0.08}, 0.05),
    "kisumu-lakeside": Work(
        16, "Store assistant", {"tills": 0.4, "advice": 0.3, "returns": 0.1, "delivery": 0.2}, 0.15
    ),
    "nairobi-delivery": Work(14, "Driver and fitter", {"delivery": 1.0}, 0.0),
    "mombasa-delivery": Work(13, "Driver and fitter", {"delivery": 1.0}, -0.05),
    "support-phone": Work(16, "Phone agent", {"phone": 0.8, "complaints": 0.12, "chat": 0.08}, 0.0),
    "support-chat": Work(15, "Chat agent", {"chat": 0.8, "phone": 0.12, "complaints": 0.08}, 0.08),
    "complaints-desk": Work(13, "Complaints adviser", {"complaints": 0.82, "phone": 0.18}, 0.0),
}

STAGES = ("pre_purchase", "purchase", "post_purchase")
TOUCHPOINTS = (
    Touchpoint("advice", "Product advice", "pre_purchase"),
    Touchpoint("tills", "Tills", "purchase"),
    Touchpoint("returns", "Returns and guarantees", "post_purchase"),
    Touchpoint("delivery", "Delivery and fitting", "post_purchase"),
    Touchpoint("phone", "Support phone", "post_purchase"),
    Touchpoint("chat", "Support chat", "post_purchase"),
    Touchpoint("complaints", "Complaints desk", "post_purchase"),
)
CHANNELS = (
    Channel("mailed_link", "Mailed link", "survey"),
    Channel("text_link", "Link by text message", "survey"),
    Channel("qr", "QR code", "survey"),
    Channel("kiosk", "Kiosk", "survey"),
    Channel("phone_survey", "Phone survey", "survey"),
    Channel("interview", "Face-to-face interview", "interview"),
)

# Share of each channel at a touchpoint, and how hard the touchpoint is (latent; the kind of customer, not the staff).
CHANNEL_MIX = {
    "advice": {"qr": 0.45, "mailed_link": 0.33, "kiosk": 0.16, "interview": 0.06},
    "tills": {"kiosk": 0.42, "qr": 0.34, "text_link": 0.2, "interview": 0.04},
    "returns": {"qr": 0.4, "mailed_link": 0.35, "kiosk": 0.25},
    "delivery": {"text_link": 0.72, "phone_survey": 0.28},
    "phone": {"phone_survey": 0.6, "text_link": 0.4},
    "chat": {"mailed_link": 0.35, "text_link": 0.65},
    "complaints": {"mailed_link": 0.6, "phone_survey": 0.4},
}
TOUCHPOINT_EASE = {
    "advice": 0.22, "tills": 0.1, "returns": -0.22, "delivery": 0.05, "phone": -0.1, "chat": 0.02, "complaints": -0.75,
}  # fmt: skip
CHANNEL_EASE = {
    "mailed_link": -0.08, "text_link": -0.02, "qr": 0.03, "kiosk": 0.04, "phone_survey": -0.05, "interview": 0.28,
}  # fmt: skip

DRIVERS = (
    Driver("promise_kept", "Kept what was promised", STAGES),
    Driver("knowledge", "Knew their stuff", STAGES),
    Driver("effort", "Made it easy", STAGES),
    Driver("felt_as_an_individual", "Saw me as a person", STAGES),
    Driver("friendliness", "Friendly", STAGES),
    Driver("speed", "Fast", STAGES),
    Driver("options_explained", "Explained my options", ("pre_purchase",)),
    Driver("price_clear", "Price was clear", ("pre_purchase", "purchase")),
    Driver("returns_clear", "Returns and guarantee were clear", ("purchase", "post_purchase")),
    Driver("no_pressure", "No pressure", ("pre_purchase", "purchase")),
    Driver("answers_right", "Gave the right answers", ("post_purchase",)),
    Driver("staff_there_when_needed", "Somebody was there when needed", STAGES),
)
EMOTIONS = ("cared_for", "at_ease", "delighted", "rushed", "confused", "frustrated")
