"""Lent to the works-council pack, which lies beneath: what the own file speaks for, and how many other programs are let in."""

from datetime import datetime

from flask import Flask
from sqlalchemy import func, or_, select

from tracker.api.models import ApiToken
from tracker.core.db import db
from tracker.core.models import HookSubscription
from tracker.demo.files_taken import take_files
from tracker.demo.loading import adds
from tracker.home.own_file import LEFT_OUT, SECTIONS
from tracker.reports.pack_ports import Programs, plug_own_file, plug_programs
from tracker.webhooks.inbound_models import Door


def start(app: Flask) -> None:
    plug_own_file(app, ((section.key, section.tables) for section in SECTIONS), LEFT_OUT)
    plug_programs(app, count)
    adds(app, take_files)


def count(at: datetime) -> Programs:
    """Those that work at a moment; what is paused is not told or let in."""
    runs = or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > at)
    tokens = select(func.count()).where(ApiToken.revoked_at.is_(None), runs).select_from(ApiToken)
    doors = select(func.count()).where(Door.removed_at.is_(None), Door.paused_at.is_(None)).select_from(Door)
    told = HookSubscription
    webhooks = select(func.count()).where(told.removed_at.is_(None), told.paused_at.is_(None)).select_from(told)
    return Programs(*(db.session.scalar(one) or 0 for one in (tokens, doors, webhooks)))
