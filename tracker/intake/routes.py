"""The doors by page: the customer's rating page, links, kiosks, the tray, files.

Naming the modules here puts their routes on the blueprint.
"""

from tracker.intake import (
    customers_routes,
    draft_routes,
    import_routes,
    kiosk_lock_routes,
    kiosk_routes,
    kiosk_setup_routes,
    link_routes,
    no_more_routes,
    rate_routes,
    set_aside_routes,
    survey_routes,
    tray_routes,
)
from tracker.intake.blueprint import bp

__all__ = [
    "bp",
    "customers_routes",
    "draft_routes",
    "import_routes",
    "kiosk_lock_routes",
    "kiosk_routes",
    "kiosk_setup_routes",
    "link_routes",
    "no_more_routes",
    "rate_routes",
    "set_aside_routes",
    "survey_routes",
    "tray_routes",
]
