"""Structured logs without personal data: events, ids and counts, never names, addresses or words."""

import logging
import sys
import traceback

import structlog
from flask import Flask


def where(error: BaseException) -> dict[str, str]:
    """What an error was and where, without its message: a database's message quotes names and addresses."""
    kind = type(getattr(error, "orig", None) or error).__name__
    return {"error": kind, "at": "".join(traceback.format_tb(error.__traceback__))}


def start(app: Flask) -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer()
            if app.extensions["settings"].in_production
            else structlog.dev.ConsoleRenderer(colors=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING if app.testing else logging.INFO),
        # Looked up at each line: tests and servers swap standard error.
        logger_factory=lambda *_names: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
