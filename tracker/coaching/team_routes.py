"""The page of a team that fell as a whole, for who leads above it."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.charts import difference
from tracker.coaching.team_policy import team_falls_seen_by
from tracker.core import clock
from tracker.core.audience import Blueprint, find_or_404, managers, viewer
from tracker.core.language import number
from tracker.ratings.fall_models import TeamFall
from tracker.ratings.fall_sentences import team_notice_sentence
from tracker.ratings.team_falls import said_of, with_team

bp = Blueprint("team_falls", __name__)
SCALE_END = 1.0


@bp.get("/team-falls/<int:id>")
@managers
def notice(id: int) -> ResponseReturnValue:
    found: TeamFall = find_or_404(with_team(team_falls_seen_by(viewer())), id)
    said = said_of(found)
    sentence = team_notice_sentence(said, found.team.name)
    return render_template(
        "coaching/team_fall.html",
        team_fall=found,
        said=said,
        sentence=sentence,
        monday=clock.monday_of(found.week + 1),
        drawing=difference(
            prefix="team",
            title=_("How far the team lies from what was expected"),
            description=sentence,
            value=said["shift"],
            low=said["low"],
            high=said["high"],
            end=SCALE_END,
            zero_label=_("as expected"),
            number=number,
        ),
    )
