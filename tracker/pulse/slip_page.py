"""The paper: for each team how to hand the slips out, and the slips themselves, each in the three languages of staff."""

from collections.abc import Sequence
from datetime import datetime

from flask import render_template
from flask_babel import force_locale

from tracker.core.language import moment
from tracker.pulse import round_sentences as say
from tracker.pulse.models import PulseRound
from tracker.pulse.round_checks import LANGUAGES
from tracker.pulse.slips import TeamSlips


def slips_page(pulse_round: PulseRound, teams: Sequence[TeamSlips], *, address: str, zone: str) -> str:
    """One page to print; the words of a slip are the same on each, so that they are written once."""
    return render_template(
        "pulse/slips_print.html",
        round=pulse_round,
        teams=teams,
        count=sum(len(team.codes) for team in teams),
        address=address,
        handing_out=_in_each("pulse/_handing_out.html", pulse_round.closes_at, zone),
        on_slip=_in_each("pulse/_on_slip.html", pulse_round.closes_at, zone),
        say=say,
    )


def _in_each(template: str, closes_at: datetime, zone: str) -> list[tuple[str, str]]:
    """(language, words)."""
    found = []
    for language in LANGUAGES:
        with force_locale(language):
            found.append((language, render_template(template, closes=moment(closes_at, zone))))
    return found
