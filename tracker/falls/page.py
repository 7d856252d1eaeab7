"""The pages of the weekly check: what holds, what could be tried, and what a replay found."""

from typing import Any

from flask import render_template

from tracker.core import clock
from tracker.core.audience import viewer
from tracker.falls import policy, queries, sentences
from tracker.falls.forms import ThresholdsForm
from tracker.falls.models import FallReplay
from tracker.ratings import fall_sentences
from tracker.ratings.fall_queries import people_tested, settings_kept, thresholds_on
from tracker.ratings.thresholds import ALERT_ONE_IN, STRICT_FROM, Thresholds


def settings_page(form: ThresholdsForm | None = None) -> str:
    monday = queries.next_monday(clock.now())
    present, tested = thresholds_on(monday), people_tested()
    may_replay = policy.may_replay(viewer())
    blank = ThresholdsForm(offers_strict=tested >= STRICT_FROM, chosen=present, formdata=None) if may_replay else None
    return render_template(
        "falls/settings.html",
        present=present,
        tested=tested,
        budgets=[(one_in, Thresholds(one_in).budget(tested)) for one_in in ALERT_ONE_IN],
        kept=[(row, Thresholds.of(row)) for row in settings_kept()],
        replays=[(one, Thresholds.of(one)) for one in queries.replays_listed(policy.replays_seen_by(viewer()))],
        form=form or blank,
        monday=monday,
        strict_from=STRICT_FROM,
        say=sentences,
        rule=fall_sentences,
    )


def form_sent() -> ThresholdsForm:
    return ThresholdsForm(offers_strict=people_tested() >= STRICT_FROM)


def replay_page(replay: FallReplay) -> str:
    monday = queries.next_monday(clock.now())
    asked = Thresholds.of(replay)
    return render_template(
        "falls/replay.html",
        replay=replay,
        asked=asked,
        found=_found(replay, asked),
        last=clock.monday_of(replay.last_week + 1),
        monday=monday,
        holds=asked == thresholds_on(monday),
        may_save=policy.may_save(viewer()),
        may_replay=policy.may_replay(viewer()),
        say=sentences,
        rule=fall_sentences,
    )


def _found(replay: FallReplay, asked: Thresholds) -> list[tuple[str, Thresholds, dict[str, Any]]]:
    """(name, settings, counts) of what was tried and of what held then."""
    if replay.result is None:
        return []
    present = Thresholds(**replay.result["present_settings"])
    both = [("asked", asked, replay.result["asked"])]
    return both if present == asked else [*both, ("present", present, replay.result["present"])]
