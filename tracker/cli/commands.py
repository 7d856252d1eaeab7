"""The commands, by group."""

from flask import Flask

from tracker.cli.falls import falls
from tracker.cli.imports import people, ratings
from tracker.cli.links import link
from tracker.cli.operation import audit, demo, jobs
from tracker.cli.pulse import pulse
from tracker.demo.loading import demo_people
from tracker.demo.terminals import PIN


def start(app: Flask) -> None:
    """Register every group of commands, and tell the sign-in page who can be played in a demo."""
    ratings.add_command(link)
    for group in (people, ratings, falls, pulse, jobs, audit, demo):
        app.cli.add_command(group)
    app.extensions["demo_people"] = demo_people()
    app.extensions["demo_pin"] = PIN
