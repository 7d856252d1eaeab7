"""The pages of rounds, put together: the list, the cadence, setting one up, watching one, its preview and its slips."""

from dataclasses import dataclass
from datetime import date, datetime

from flask import render_template, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.audience import viewer
from tracker.core.db import db
from tracker.core.language import month
from tracker.organisation.queries import the_organisation
from tracker.pulse import round_sentences as say
from tracker.pulse.bank import RECOMMENDING, Item, drivers, item_from, stage_items, stage_names
from tracker.pulse.jobs import REMINDED_AFTER
from tracker.pulse.losing import key_is_readable
from tracker.pulse.models import PulseRound
from tracker.pulse.policy import rounds_managed_by
from tracker.pulse.preparing import cadence_of
from tracker.pulse.queries import share_answered
from tracker.pulse.round_checks import LANGUAGES, checks_of
from tracker.pulse.round_forms import CadenceForm, RoundForm, begun, input_keys, inputs
from tracker.pulse.round_queries import last_asked, own_items, slips_by_node, staff_on, the_schedule
from tracker.pulse.rules import MOST_ITEMS, about_minutes, coming_slots

SMALL_SHOWN = 12
LISTED = 60


@dataclass(frozen=True)
class Choice:
    """One question on the setup page. note: why it is there, or when it was last asked."""

    key: str
    text: str
    note: str
    is_ticked: bool
    is_locked: bool = False


@dataclass(frozen=True)
class Group:
    name: str
    choices: list[Choice]


def zone() -> str:
    company = the_organisation()
    return company.time_zone if company else "UTC"


def rounds_page() -> str:
    schedule, today = the_schedule(), clock.local_day(clock.now(), zone())
    found = db.session.scalars(rounds_managed_by(viewer()).limit(LISTED)).all()
    return render_template(
        "pulse/rounds.html",
        rounds=[(one, _standing(one)) for one in found],
        has_draft=any(one.state == "draft" for one in found),
        schedule=schedule,
        coming=coming_slots(cadence_of(schedule), today, 1),
        zone=zone(),
        say=say,
    )


def _standing(pulse_round: PulseRound) -> str:
    """What has come of a round so far, of the whole company."""
    if pulse_round.state == "open":
        return say.share_so_far_words(*share_answered(pulse_round.id), pulse_round.k_score)
    if pulse_round.state == "closed":
        return say.share_words(pulse_round.answered or 0, pulse_round.invited or 0, pulse_round.k_score)
    return ""


def cadence_page(form: CadenceForm | None = None) -> str:
    schedule, today = the_schedule(), clock.local_day(clock.now(), zone())
    return render_template(
        "pulse/cadence.html",
        form=form or CadenceForm(kept=schedule, formdata=None),
        schedule=schedule,
        coming=coming_slots(cadence_of(schedule), today, 3),
        zone=zone(),
    )


def page_of_round(pulse_round: PulseRound, form: RoundForm | None = None) -> str:
    if pulse_round.state in {"draft", "planned"}:
        return setup_page(pulse_round, form)
    return watch_page(pulse_round)


def setup_page(pulse_round: PulseRound, form: RoundForm | None = None) -> str:
    at = clock.now()
    today = clock.local_day(at, zone())
    form = form or round_form(pulse_round, sent=False)
    staff = staff_on(today, k=pulse_round.k_score)
    items = [item_from(stored) for stored in pulse_round.items]
    return render_template(
        "pulse/round_setup.html",
        round=pulse_round,
        form=form,
        groups=_groups(form),
        count=len(items),
        minutes=about_minutes(len(items)),
        staff=staff,
        small=staff.small[:SMALL_SHOWN],
        more_small=max(0, len(staff.small) - SMALL_SHOWN),
        checks=checks_of(pulse_round, staff, at=at),
        zone=zone(),
        say=say,
        most=MOST_ITEMS,
    )


def round_form(pulse_round: PulseRound, *, sent: bool) -> RoundForm:
    """The form of a round: as it was sent, or as the round stands."""
    today = clock.local_day(clock.now(), zone())
    offered = _offered(pulse_round)
    if sent:
        return RoundForm(offered=offered, today=today)
    days = (clock.local_day(moment, zone()) for moment in (pulse_round.opens_at, pulse_round.closes_at))
    return RoundForm(offered=offered, today=today, formdata=None, data=begun(pulse_round, *days))


def _offered(pulse_round: PulseRound) -> list[Item]:
    """Everything that can be ticked: those the round has first, so that none is lost when the bank changes."""
    locked = input_keys()
    own = {item.key: item for item in own_items()}
    of_bank = [item for driver in drivers().values() for item in driver.items] + list(stage_items())
    kept = [item for item in map(item_from, pulse_round.items) if item.key not in locked]
    every = {item.key: item for item in (*kept, *of_bank, *own.values())}
    return [own.get(key, item) for key, item in every.items() if key not in locked]


def _groups(form: RoundForm) -> list[Group]:
    """Those of this round in one list; then the rest, by what they are about."""
    asked, ticked = last_asked(), set(form.items.data or [])
    offered = list(form.offered.values())
    first = [
        Choice(item.key, item.text("en"), _("Asked every time, to stand beside the customers’ ratings"), True, True)
        for item in inputs()
    ]
    first += [_choice(item, asked, about=_about(item)) for item in offered if item.key in ticked]
    rest: dict[str, list[Choice]] = {}
    for item in offered:
        if item.key not in ticked:
            rest.setdefault(_about(item), []).append(_choice(item, asked))
    return [Group(_("In this round"), first), *(Group(name, choices) for name, choices in rest.items())]


def _choice(item: Item, asked: dict[str, date], *, about: str = "") -> Choice:
    """`about`: of a ticked one, which stands under no heading of its own."""
    last = asked.get(item.key)
    note = _("last asked in %(month)s", month=month(last)) if last else _("not asked yet")
    said = _("%(about)s · %(note)s", about=about, note=note) if about else note
    return Choice(item.key, item.text("en"), said, is_ticked=bool(about))


def _about(item: Item) -> str:
    if item.driver:
        return drivers()[item.driver].names["en"] if item.driver in drivers() else item.driver
    return stage_names()[item.key]["en"] if item.key in stage_names() else _("Your own questions")


def watch_page(pulse_round: PulseRound) -> str:
    at = clock.now()
    is_running = bool(pulse_round.is_running)
    items = [item_from(stored) for stored in pulse_round.items]
    return render_template(
        "pulse/round.html",
        round=pulse_round,
        share=_standing(pulse_round),
        invited=pulse_round.invited or 0,
        items=items,
        minutes=about_minutes(len(items)),
        reminders=_reminders(pulse_round, at),
        slips=sum(count for _node, _name, count in slips_by_node(pulse_round.id)) if is_running else 0,
        key_is_there=not is_running or key_is_readable(pulse_round),
        zone=zone(),
        say=say,
    )


def _reminders(pulse_round: PulseRound, at: datetime) -> list[tuple[datetime, bool]]:
    """(when, whether it has gone out) of the reminders that fit into the round."""
    opened = pulse_round.opened_at
    if opened is None:
        return []
    moments = [opened + after for after in REMINDED_AFTER if opened + after < pulse_round.closes_at]
    return [(moment, number < pulse_round.reminders and moment <= at) for number, moment in enumerate(moments)]


def preview_page(pulse_round: PulseRound, language: str) -> str:
    """As staff will see it. Nothing of it can be sent or stored."""
    items = [item_from(stored) for stored in pulse_round.items]
    with force_locale(language):
        shown = render_template(
            "pulse/_preview.html", items=items, language=language, recommending=RECOMMENDING, ten=range(11)
        )
    return render_template(
        "pulse/round_preview.html",
        round=pulse_round,
        shown=shown,
        minutes=about_minutes(len(items)),
        offered=[(say.language_name(code), _preview_url(pulse_round, code), code == language) for code in LANGUAGES],
        chosen=language,
        incomplete=[item.text("en") for item in items if not item.texts.get(language)],
        say=say,
    )


def _preview_url(pulse_round: PulseRound, language: str) -> str:
    return url_for("pulse_rounds.preview", id=pulse_round.id, language=language)
