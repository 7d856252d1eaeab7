"""The service tracker. `create_app` is the only place that knows every package."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import Migrate
from flask_wtf import CSRFProtect

from config import ROOT, settings_from
from tracker import schedule
from tracker.access import login
from tracker.access import messages as access_messages
from tracker.access import people_routes as account_routes
from tracker.access import routes as access_routes
from tracker.api import clients as api_clients
from tracker.api import page_routes as api_page_routes
from tracker.api import report_routes as api_report_routes
from tracker.api import routes as api_routes
from tracker.api import token_routes
from tracker.cli import commands
from tracker.coaching import case_routes, team_messages, team_routes
from tracker.coaching import clock_routes as coaching_clock_routes
from tracker.coaching import effect_messages as coaching_effect_messages
from tracker.coaching import effect_routes as coaching_effect_routes
from tracker.coaching import feedback_routes as coach_feedback_routes
from tracker.coaching import messages as coaching_messages
from tracker.coaching import routes as coaching_routes
from tracker.core import audience, db, errors, headers, health, language, logs, outbox, pages
from tracker.courses import routes as course_routes
from tracker.disputes import messages as dispute_messages
from tracker.disputes import routes as dispute_routes
from tracker.falls import messages as fall_messages
from tracker.falls import routes as fall_routes
from tracker.home import credit_routes, navigation, own_routes
from tracker.home import routes as home_routes
from tracker.intake import complaint_mail, kiosk_cookie, kiosk_messages, no_more_routes
from tracker.intake import people_routes as people_import_routes
from tracker.intake import review_routes as review_import_routes
from tracker.intake import routes as intake_routes
from tracker.intake import shift_routes as shift_import_routes
from tracker.interviews import messages as interview_messages
from tracker.interviews import routes as interview_routes
from tracker.invitations import messages as invitation_messages
from tracker.invitations import routes as invitation_routes
from tracker.notifications import choice_routes as notification_choice_routes
from tracker.notifications import messages as notification_messages
from tracker.notifications import people_messages
from tracker.notifications import routes as notification_routes
from tracker.obstacles import messages as obstacle_messages
from tracker.obstacles import routes as obstacle_routes
from tracker.organisation import routes as organisation_routes
from tracker.posts import routes as post_routes
from tracker.pulse import answer_routes as pulse_answer_routes
from tracker.pulse import code_routes as pulse_code_routes
from tracker.pulse import health as pulse_health
from tracker.pulse import late as pulse_late
from tracker.pulse import messages as pulse_messages
from tracker.pulse import plan_messages as pulse_plan_messages
from tracker.pulse import plan_routes as pulse_plan_routes
from tracker.pulse import question_routes as pulse_question_routes
from tracker.pulse import reply_door_routes as pulse_reply_door_routes
from tracker.pulse import reply_messages as pulse_reply_messages
from tracker.pulse import reply_routes as pulse_reply_routes
from tracker.pulse import result_routes as pulse_result_routes
from tracker.pulse import round_messages as pulse_round_messages
from tracker.pulse import round_routes as pulse_round_routes
from tracker.recognition import messages as recognition_messages
from tracker.recognition import routes as recognition_routes
from tracker.recovery import limit_routes as giving_limit_routes
from tracker.recovery import messages as recovery_messages
from tracker.recovery import owner_routes as complaint_owner_routes
from tracker.recovery import reply_routes
from tracker.recovery import routes as recovery_routes
from tracker.reports import customer_routes as customer_report_routes
from tracker.reports import engagement_routes as engagement_report_routes
from tracker.reports import fairness_routes, pack_routes
from tracker.reports import file_routes as report_file_routes
from tracker.reports import mail_messages as report_mail_messages
from tracker.reports import mail_routes as report_mail_routes
from tracker.reports import routes as report_routes
from tracker.reviews import feed_routes as review_feed_routes
from tracker.reviews import messages as review_messages
from tracker.reviews import routes as review_routes
from tracker.scorm import content_site, taking
from tracker.scorm import routes as scorm_routes
from tracker.training import (
    certificate_messages,
    certificate_routes,
    publishing_messages,
    publishing_routes,
    rollout_messages,
    verify_routes,
)
from tracker.training import drivers as course_drivers
from tracker.training import messages as training_messages
from tracker.training import routes as training_routes
from tracker.webhooks import inbound, inbound_hook_routes, outbound_messages, outbound_routes, pack_facts
from tracker.webhooks import inbound_routes as door_routes

FORM_BYTES = 1_000_000


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """The application. `config` overrides the environment (settings in capitals, as in config.py) and Flask's own keys.

    Raises config.BadSetting with one sentence when a setting cannot be right.
    """
    given = dict(config or {})
    instance = Path(given.pop("INSTANCE_PATH", ROOT / "instance"))
    app = Flask(__name__, instance_path=str(instance))
    settings = settings_from(
        {**os.environ, **{key: str(value) for key, value in given.items() if value is not None}}, instance
    )
    app.config.from_mapping(_flask_settings(settings), **given)
    app.extensions["settings"] = settings

    logs.start(app)
    db.start(app)
    Migrate(app, db.db, directory=str(ROOT / "migrations"), render_as_batch=True, compare_type=True)
    _protect_forms(app)
    language.start(app)
    pages.start(app)
    errors.start(app)
    headers.start(app)
    outbox.start(app)
    login.start(app)
    audience.start(app, login.load_viewer)
    kiosk_cookie.start(app)
    course_drivers.start(app)
    taking.start(app)
    api_clients.start(app)
    inbound.start(app)

    for routes in _ROUTES:
        app.register_blueprint(routes.bp)
    for messages in _MESSAGES:
        messages.start(app)
    navigation.start(app)
    commands.start(app)
    content_site.start(app)
    app.extensions["timetable"] = schedule.TIMETABLE
    return app


def _protect_forms(app: Flask) -> None:
    """Every form needs its token, but where no cookie counts: there no other site can make a browser ask."""
    csrf = CSRFProtect(app)
    csrf.exempt(api_routes.bp)
    # RFC 8058: mail programs send it; the secret in its address is the whole right.
    csrf.exempt(no_more_routes.one_click)


_ROUTES = (
    health,
    pages,
    access_routes,
    organisation_routes,
    post_routes,
    account_routes,
    people_import_routes,
    shift_import_routes,
    review_import_routes,
    training_routes,
    coach_feedback_routes,
    coaching_routes,
    coaching_clock_routes,
    team_routes,
    coaching_effect_routes,
    case_routes,
    dispute_routes,
    obstacle_routes,
    pulse_answer_routes,
    pulse_code_routes,
    pulse_plan_routes,
    pulse_reply_routes,
    pulse_reply_door_routes,
    recovery_routes,
    complaint_owner_routes,
    giving_limit_routes,
    reply_routes,
    review_feed_routes,
    review_routes,
    scorm_routes,
    interview_routes,
    recognition_routes,
    pulse_round_routes,
    pulse_question_routes,
    pulse_result_routes,
    course_routes,
    publishing_routes,
    certificate_routes,
    verify_routes,
    intake_routes,
    invitation_routes,
    notification_routes,
    notification_choice_routes,
    fall_routes,
    customer_report_routes,
    engagement_report_routes,
    fairness_routes,
    report_routes,
    pack_routes,
    report_file_routes,
    report_mail_routes,
    home_routes,
    credit_routes,
    own_routes,
    token_routes,
    api_page_routes,
    api_routes,
    api_report_routes,
    door_routes,
    inbound_hook_routes,
    outbound_routes,
)
# Who writes which messages and mails, who tells of its health, and what the works-council pack is lent. The order is of no consequence:
# each kind belongs to one package.
_MESSAGES = (
    notification_messages,
    people_messages,
    access_messages,
    dispute_messages,
    obstacle_messages,
    pulse_messages,
    pulse_plan_messages,
    pulse_reply_messages,
    recovery_messages,
    review_messages,
    interview_messages,
    recognition_messages,
    pulse_round_messages,
    pulse_late,
    pulse_health,
    training_messages,
    publishing_messages,
    certificate_messages,
    rollout_messages,
    coaching_messages,
    team_messages,
    fall_messages,
    report_mail_messages,
    coaching_effect_messages,
    kiosk_messages,
    complaint_mail,
    invitation_messages,
    outbound_messages,
    pack_facts,
)


def _flask_settings(settings: Any) -> dict[str, Any]:
    """The typed settings under the names that Flask and its extensions read."""
    prefix = "__Host-" if settings.is_https else ""
    return {
        **{name.upper(): getattr(settings, name) for name in settings.__dataclass_fields__},
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": db.engine_options(settings.database_url),
        "SESSION_COOKIE_NAME": prefix + "session",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.is_https,
        "KIOSK_COOKIE_NAME": prefix + "kiosk",
        "TERMINAL_COOKIE_NAME": prefix + "terminal",
        "REMEMBER_COOKIE_NAME": prefix + "remember",
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_SECURE": settings.is_https,
        "MAX_CONTENT_LENGTH": FORM_BYTES,
        "MAX_FORM_MEMORY_SIZE": FORM_BYTES,
        # Pages that are somebody’s secret send no Referer, so none may be asked for: the token is what counts, and over https
        # its cookie (__Host-) can be planted by no other site.
        "WTF_CSRF_SSL_STRICT": False,
        "WTF_CSRF_TIME_LIMIT": None,  # a token lives as long as its session: a page left open all day still sends
    }
