"""Interviews and observations in words: whole sentences, one for each case."""

from collections.abc import Mapping
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.core.audience import viewer
from tracker.core.language import locale, number
from tracker.interviews.forms import MARKS
from tracker.interviews.models import Encounter, EncounterChange
from tracker.interviews.rules import Seen
from tracker.ratings.drivers import DEFAULT_DRIVERS
from tracker.ratings.rules import LOW_STARS
from tracker.ratings.survey_words import effort_word, emotion_word
from tracker.ratings.surveys import Survey, answer_words

TONES = {"well": "good", "partly": "", "not": "attn", "unseen": ""}


def counts_words(interviews: int, observations: int) -> str:
    """“3 interviews and 2 observations”, or that there are none."""
    asked = ngettext("%(num)d interview", "%(num)d interviews", interviews)
    watched = ngettext("%(num)d observation", "%(num)d observations", observations)
    if interviews and observations:
        return _("%(interviews)s and %(observations)s", interviews=asked, observations=watched)
    if interviews or observations:
        return asked if interviews else watched
    return _("No interviews or observations")


def kind_words(encounter: Encounter) -> str:
    return _("Interview") if encounter.kind == "interview" else _("Observation")


def noted_by(encounter: Encounter, viewer_id: int) -> str:
    """By whom: an interview about one's own service is always marked as such."""
    if encounter.is_own_account:
        if encounter.person_id == viewer_id:
            return _("Noted by yourself")
        return _("Noted by %(name)s about their own service", name=encounter.by.name)
    return _("Noted by you") if encounter.by_id == viewer_id else _("Noted by %(name)s", name=encounter.by.name)


def feelings(encounter: Any) -> str | None:
    return ", ".join(emotion_word(code) for code in encounter.emotions) or None


def about(encounter: Any, survey: Mapping[str, Any] | None) -> str | None:
    """What the customer named, in the words of the question that was asked."""
    words = answer_words(encounter.drivers, stars=encounter.stars, content=survey, language=locale().language)
    if not words:
        return None
    named = " · ".join(words)
    is_low = encounter.stars <= LOW_STARS
    return _("Could be better: %(named)s", named=named) if is_low else _("Went well: %(named)s", named=named)


def effort(encounter: Any) -> str | None:
    return _("How easy it was: %(word)s", word=effort_word(encounter.effort)) if encounter.effort else None


def marks(encounter: Any, survey: Mapping[str, Any] | None) -> list[tuple[str, str, str]]:
    """(point, mark, tone) in the words of the checklist."""
    words = {choice.value: str(choice.label) for choice in MARKS}
    asked = dict(Survey(survey).praises(locale().language)) if survey else {}
    return [
        (asked.get(key, DEFAULT_DRIVERS.get(key, key)), words[mark], TONES[mark])
        for key, mark in encounter.marks.items()
    ]


def before(change: EncounterChange) -> SimpleNamespace:
    """What stood there before a correction, in the shape of an entry."""
    kept = {**change.before, "happened_at": datetime.fromisoformat(change.before["happened_at"])}
    return SimpleNamespace(**kept)


def well_words(seen: Seen) -> str:
    """How often it was done well; with a share from five on."""
    if seen.share is None:
        return _("%(well)s of %(n)s", well=seen.well, n=seen.n)
    return _("%(well)s of %(n)s (%(share)s %%)", well=seen.well, n=seen.n, share=number(100 * seen.share, 0))


def list_url(encounter: Encounter) -> str:
    """The list that an entry stands in, for whoever reads it."""
    if encounter.person_id == viewer().person_id:
        return url_for("interviews.own")
    return url_for("interviews.of_person", id=encounter.person_id)
