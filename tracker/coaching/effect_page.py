"""Before and after on the page of a case: for the person at once, for whoever leads them 24 hours later."""

from dataclasses import dataclass

from flask_babel import gettext as _
from markupsafe import Markup

from tracker.charts import Estimate, before_after
from tracker.coaching import effect_contents as say
from tracker.coaching.effect_contents import Contents, contents_of
from tracker.coaching.effect_models import CaseEffect
from tracker.coaching.effect_policy import case_effects_seen_by
from tracker.coaching.effect_rules import CaseFigures
from tracker.coaching.effect_told import figures_told
from tracker.coaching.models import CoachingCase
from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.core.language import number

PHONE, WIDE = 326, 586


@dataclass(frozen=True)
class EffectShown:
    """The finding in words, and the same drawn for phone and laptop."""

    contents: Contents
    drawing: Markup
    drawing_wide: Markup
    basis: str


def effect_shown(case: CoachingCase, viewer: Viewer) -> EffectShown | None:
    """As far as the viewer has it; None before anything was worked out."""
    row: CaseEffect | None = db.session.scalar(case_effects_seen_by(viewer).where(CaseEffect.case_id == case.id))
    found = figures_told(row, case, viewer) if row else None
    if found is None:
        return None
    figures, decided_on = found
    contents = contents_of(figures, decided_on=decided_on, today=viewer.today)
    return EffectShown(contents, _drawn(figures, PHONE), _drawn(figures, WIDE), say.basis())


def _drawn(figures: CaseFigures, width: int) -> Markup:
    return before_after(
        prefix=f"effect-{width}",
        title=_("Score before and after the first talk"),
        description=say.description(figures),
        rows=_rows(figures),
        expected_low=figures.expected_range[0],
        expected_high=figures.expected_range[1],
        range_label=_("expected range"),
        number=number,
        width=width,
    )


def _rows(figures: CaseFigures) -> list[Estimate]:
    before = figures.likely(figures.observed, figures.n)
    rows = [
        Estimate(
            label=say.before_label(figures),
            note=say.ratings(figures.n),
            value=figures.observed,
            low=before[0],
            high=before[1],
        )
    ]
    if figures.has_after:
        after, usual = figures.likely(figures.after_score, figures.n_after), figures.usual_range or (None, None)
        rows.append(
            Estimate(
                label=say.after_label(figures),
                note=say.ratings(figures.n_after),
                value=figures.after_score,
                low=after[0],
                high=after[1],
                usual_low=usual[0],
                usual_high=usual[1],
                usual_label=say.usual_label(),
            )
        )
    return rows
