"""Results of closed rounds: the map, one group, paper, files, and “Try to find me”. Everybody sees what is theirs to see.

Nothing in an address chooses people: there is a round, a group of its frozen tree and an order, and whatever else is asked for is not
looked at.
"""

from flask import abort, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.audience import Blueprint, find_or_404, members, viewer
from tracker.core.db import reading
from tracker.core.errors import Invalid
from tracker.core.sheets import MEDIA_TYPES
from tracker.pulse import find_page, plan_queries, plan_sentences
from tracker.pulse import result_page as page
from tracker.pulse import result_sentences as say
from tracker.pulse.exports import as_file, result_lines
from tracker.pulse.models import PulseNode
from tracker.pulse.policy import groups_seen_by, rounds_read_by
from tracker.pulse.result_actions import note_export
from tracker.pulse.result_table import ClosedRound, Table, closed_rounds, name_of, own_group, table
from tracker.pulse.try_to_find import search

bp = Blueprint("pulse_results", __name__, url_prefix="/pulse/results")


@bp.get("")
@members
def latest() -> ResponseReturnValue:
    """The newest round that has results."""
    rounds = closed_rounds(viewer())
    return _results(rounds[0], rounds) if rounds else render_template("pulse/results.html", table=None)


@bp.get("/<int:id>")
@members
def of_round(id: int) -> ResponseReturnValue:
    """`?sort=` a question’s key, or that with a minus before it."""
    this, rounds = _round(id)
    return _results(this, rounds)


@bp.get("/<int:id>/paper")
@members
def paper(id: int) -> ResponseReturnValue:
    """The same on A4, with every figure."""
    made = table(viewer(), *_round(id))
    return render_template("pulse/result_paper.html", **_shown(made), figures=list(result_lines(made)))


@bp.post("/<int:id>/files")
@members
def export(id: int) -> ResponseReturnValue:
    """All that the viewer reads of a round. A POST, since the audit remembers it."""
    this, rounds = _round(id)
    kind = request.form.get("file", "")
    if kind not in MEDIA_TYPES:
        raise Invalid(_("Choose an Excel file or a CSV file."))
    with reading():
        file, count = as_file(kind, table(viewer(), this, rounds))
    note_export(this.id, kind=kind, rows=count, by=viewer().person_id, at=clock.now())
    name = f"pulse-{this.month:%Y-%m}.{kind}"
    return send_file(file, mimetype=MEDIA_TYPES[kind], as_attachment=True, download_name=name)


@bp.get("/<int:id>/find-me")
@members
def find_me(id: int) -> ResponseReturnValue:
    """The attack on the viewer’s own answers. It is worked out for this page, and nothing of it is kept."""
    this, _rounds = _round(id)
    found = search(viewer(), this)
    return render_template(
        "pulse/find_me.html",
        round=this,
        found=found,
        sentence=find_page.find_sentence(found),
        steps=find_page.steps(found),
        own=name_of(found.own) if found.own else None,
        basis=say.basis(this),
    )


@bp.get("/groups/<int:id>")
@members
def group(id: int) -> ResponseReturnValue:
    """One group of a round: every question, and its comments for whoever may read them."""
    node: PulseNode = find_or_404(groups_seen_by(viewer()), id)
    this, rounds = _round(node.round_id)
    made = table(viewer(), this, rounds)
    row = made.row(id)
    if row is None:
        abort(404)
    questions, hears = page.questions(viewer(), row, [one for one in rounds if one.closed_at <= this.closed_at])
    return render_template(
        "pulse/result_team.html",
        round=this,
        row=row,
        name=name_of(row.node),
        sentence=say.headline(row),
        basis=say.basis(this),
        questions=questions,
        hears=hears,
        drivers=page.driver_scores(row),
        method=say.method(this),
        above=made.row(row.node.parent_id) if row.node.parent_id else None,
        beneath=[other for other in made.rows if other.node.parent_id == id],
        may_plan=id in dict(plan_queries.groups_to_plan(viewer(), round_id=this.id)),
        plan_rows=plan_queries.told_of_groups(viewer(), {(row.node.kind, row.node.team_id)}),
        plan_words=plan_sentences,
        name_of=name_of,
    )


def _round(id: int) -> tuple[ClosedRound, list[ClosedRound]]:
    """The round, and all that have results, newest first."""
    find_or_404(rounds_read_by(viewer()), id)
    rounds = closed_rounds(viewer())
    return next(one for one in rounds if one.id == id), rounds


def _results(this: ClosedRound, rounds: list[ClosedRound]) -> str:
    made = table(viewer(), this, rounds)
    return render_template(
        "pulse/results.html",
        rounds=rounds,
        **_shown(made),
        moved=page.moved(made),
        plan_rows=plan_queries.told_of_groups(viewer()),
        plan_words=plan_sentences,
    )


def _shown(made: Table) -> dict[str, object]:
    """What the map needs, on the screen and on paper."""
    sort, own = request.args.get("sort"), own_group(viewer(), made)
    first = made.row(own) if own else None
    lead = first if first and not viewer().roles and not viewer().manages else made.rows[0] if made.rows else None
    return {
        "table": made,
        "own": own,
        "sentence": say.headline(lead) if lead else "",
        "basis": say.basis(made.round),
        "columns": page.columns(made, sort=sort),
        "lines": page.map_lines(made, sort=sort, own=own),
        "steady": page.steady_words(made),
        "method": say.method(made.round),
    }
