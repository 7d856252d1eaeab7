"""What the doors need of the application."""

from flask import Flask

from tracker.core import health
from tracker.webhooks import inbound_demo, inbound_hook_routes, inbound_refusals
from tracker.webhooks.inbound_queries import health_of_doors


def start(app: Flask) -> None:
    # The signature is the right there, and no cookie counts, so no other site can make a browser ask.
    app.extensions["csrf"].exempt(inbound_hook_routes.bp)
    inbound_refusals.start(app)
    inbound_demo.start(app)
    health.tells(app, health_of_doors)
