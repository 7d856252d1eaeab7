"""What is set at this moment: read from where the program reads it, with who may change it. Nothing here is a copy."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from tracker.access import terminal_rules
from tracker.access.queries import people_with_role
from tracker.access.terminal_models import SharedTerminal
from tracker.coaching.rules import HEAD_START, OPEN_AT_MOST, STEPS
from tracker.coaching.turns import the_capacity
from tracker.core import clock
from tracker.core.db import db
from tracker.core.language import number
from tracker.disputes.rules import ANSWERED_WITHIN, APPEALED_WITHIN, ASKED_WITHIN, UNCHECKED_FOR
from tracker.notifications.groups import GROUPS
from tracker.notifications.quiet_rules import Quiet
from tracker.organisation.queries import the_organisation
from tracker.pulse.round_forms import EVERY_MONTHS, WEEKDAYS
from tracker.pulse.round_queries import the_schedule
from tracker.ratings.fall_queries import thresholds_on
from tracker.ratings.fall_sentences import rest_sentence, rule_sentence
from tracker.recovery.limit_sentences import amount
from tracker.recovery.limits import ROLES, limits_at
from tracker.recovery.rules import CONTACT_WITHIN
from tracker.reports.pack_ports import programs
from tracker.reports.pack_rights import right
from tracker.statistics.cards import FEWEST_BASELINE_RATINGS, FEWEST_RATINGS
from tracker.statistics.disclosure import SMALLEST_GROUP
from tracker.training.certificate_rules import REMINDED_DAYS

MINUTE, HOUR = timedelta(minutes=1), "%H:%M"


@dataclass(frozen=True)
class Setting:
    """by: who may change it; where nobody can, that it is fixed in the program."""

    name: str
    value: str
    by: str


@dataclass(frozen=True)
class Settings:
    name: str
    rows: tuple[Setting, ...]


def settings(at: datetime) -> list[Settings]:
    return [
        Settings(_("Scores and the weekly check"), _checks(at)),
        Settings(_("Talks and second looks"), _talks()),
        Settings(_("Complaints"), _complaints(at)),
        Settings(_("The pulse"), _pulse()),
        Settings(_("Messages"), _messages()),
        Settings(_("Who is let in"), _let_in(at)),
    ]


def _checks(at: datetime) -> tuple[Setting, ...]:
    company = the_organisation()
    today = clock.local_day(at, company.time_zone if company else "UTC")
    chosen, by = thresholds_on(today), _who("fall_settings.edit")
    return (
        Setting(_("When a talk is suggested"), rule_sentence(chosen), by),
        Setting(_("Rest after a suggestion"), rest_sentence(chosen), by),
        Setting(_("A score is shown"), _("from %(count)s ratings on", count=FEWEST_RATINGS), _fixed()),
        Setting(
            _("A score is checked"),
            _("with %(count)s ratings or more of the time before", count=FEWEST_BASELINE_RATINGS),
            _fixed(),
        ),
        Setting(
            _("The person hears of it"),
            _("%(hours)s hours before anybody else", hours=HEAD_START // timedelta(hours=1)),
            _fixed(),
        ),
    )


def _talks() -> tuple[Setting, ...]:
    above, hr = (step.after_working_days for step in STEPS if step.told in {"above", "hr"})
    capacity = the_capacity().talks_a_week
    turns = (
        ngettext("%(num)d talk a week", "%(num)d talks a week", capacity)
        if capacity
        else _("everybody’s turn comes at once")
    )
    return (
        Setting(_("Turns by lot where more talks are due than can be held"), turns, _who("coaching.turns")),
        Setting(
            _("Word that a talk waits, without the employee’s name"),
            _("after %(above)s working days to who leads above, after %(hr)s to HR", above=above, hr=hr),
            _fixed(),
        ),
        Setting(_("A case is open"), _("for %(weeks)s weeks at most", weeks=OPEN_AT_MOST.days // 7), _fixed()),
        Setting(_("Smallest group in counts of talks"), number(SMALLEST_GROUP, 0), _fixed()),
        Setting(
            _("A second look can be asked for"),
            _("for %(days)s days, once more within %(more)s", days=ASKED_WITHIN.days, more=APPEALED_WITHIN.days),
            _fixed(),
        ),
        Setting(
            _("A second look is answered"),
            _(
                "within %(days)s working days; meanwhile, and for %(most)s at most, the weekly check leaves the rating out",
                days=ANSWERED_WITHIN,
                most=UNCHECKED_FOR,
            ),
            _fixed(),
        ),
    )


def _complaints(at: datetime) -> tuple[Setting, ...]:
    limits, by = limits_at(at), _who("giving_limit.choose")
    staff, leads = (amount(limits.amount(None, role), limits.currency) for role in ROLES)
    return (
        Setting(
            _("Somebody speaks with the customer"),
            _("within %(hours)s working hours", hours=CONTACT_WITHIN // timedelta(hours=1)),
            _fixed(),
        ),
        Setting(_("What staff may give on the spot for one complaint, without asking"), staff, by),
        Setting(_("The same for who leads a team, or stands in there"), leads, by),
        Setting(_("Teams with a limit of their own"), number(len(limits.teams_of_their_own), 0), by),
    )


def _pulse() -> tuple[Setting, ...]:
    plan, by = the_schedule(), _who("pulse_round.manage")
    when = _("not by themselves; HR opens each")
    if plan.is_on:
        every, weekday = str(EVERY_MONTHS[plan.every_months]), str(WEEKDAYS[plan.weekday])
        when = _("%(every)s; %(weekday)s number %(week)s of the month", every=every, weekday=weekday, week=plan.week)
    return (
        Setting(_("Rounds come"), when, by),
        Setting(_("A round is open"), ngettext("%(num)d day", "%(num)d days", plan.open_days), by),
        Setting(
            _("A result is shown"),
            _("from %(count)s answers on; the program takes no less than 5", count=plan.k_score),
            _("%(who)s Not while a round is open.", who=by),
        ),
        Setting(
            _("Comments are shown"),
            _("from %(count)s people who answered on; the program takes no less than 8", count=plan.k_comment),
            _("%(who)s Not while a round is open.", who=by),
        ),
        Setting(_("Slips for staff without a mail address"), _("yes") if plan.uses_codes else _("no"), by),
    )


def _messages() -> tuple[Setting, ...]:
    quiet, own = Quiet(), _("Each for themselves.")
    always = ", ".join(f"“{group.label}”" for group in GROUPS if group.must_reach)
    return (
        Setting(_("Mail, until somebody chooses"), _("once a day in working hours; what is urgent at once"), own),
        Setting(_("Push, until somebody chooses"), _("only in browsers that they set up for it"), own),
        Setting(
            _("Quiet hours, until somebody chooses"),
            _("from %(starts)s to %(ends)s", starts=quiet.starts.strftime(HOUR), ends=quiet.ends.strftime(HOUR)),
            own,
        ),
        Setting(_("Messages nobody can turn off"), always, _fixed()),
        Setting(
            _("Reminders of certificates that end"),
            _("%(days)s days before", days=", ".join(str(days) for days in REMINDED_DAYS)),
            _fixed(),
        ),
    )


def _let_in(at: datetime) -> tuple[Setting, ...]:
    by, others = _who("user.edit_roles"), programs(at)
    in_use = select(func.count()).where(SharedTerminal.revoked_at.is_(None), SharedTerminal.paired_at.is_not(None))
    terminals = db.session.scalar(in_use.select_from(SharedTerminal)) or 0
    return (
        Setting(_("People with the role HR"), number(len(people_with_role("hr")), 0), by),
        Setting(_("People with the role of administrator"), number(len(people_with_role("admin")), 0), by),
        Setting(_("Shared terminals in use"), number(terminals, 0), _who("terminal.manage")),
        Setting(
            _("A sign-in at a shared terminal ends"),
            _(
                "after %(silence)s minutes without a tap, and after %(most)s in all",
                silence=terminal_rules.SILENCE // MINUTE,
                most=terminal_rules.SESSION_LENGTH // MINUTE,
            ),
            _fixed(),
        ),
        Setting(_("Other programs with a token"), number(others.tokens, 0), _who("api_token.manage")),
        Setting(_("Doors for helpdesks"), number(others.doors, 0), _who("webhook_door.manage")),
        Setting(_("Other programs that are told what happens"), number(others.webhooks, 0), _who("webhook.manage")),
    )


def _who(action: str) -> str:
    """Who may change it, from the matrix."""
    return right(action).who[0]


def _fixed() -> str:
    return _("Fixed in the program.")
