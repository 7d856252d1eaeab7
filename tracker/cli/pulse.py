"""pulse lose: ending a round whose key is gone, or that cannot be counted."""

import click
from flask.cli import AppGroup

from tracker.cli.output import answer, as_json, refusing
from tracker.core import clock
from tracker.core.db import transaction
from tracker.pulse.losing import lose_unreadable

pulse = AppGroup("pulse", help="Rounds of the pulse.")


@pulse.command("lose")
@click.option("--uncounted", is_flag=True, help="Also with its key there, if it has been ended but cannot be counted.")
@as_json
@refusing
def lose(uncounted: bool, as_json: bool) -> None:
    """End the running round as lost, where its key cannot be read; for instance after a restore. Refuses while the key is there."""
    with transaction():
        lost = lose_unreadable(uncounted=uncounted, at=clock.now())
    if lost is None:
        answer({"lost": None}, "No round is running, so nothing is lost.", as_json=as_json)
    else:
        told = f"The round of {lost.month} is ended as lost. HR is told."
        answer({"lost": lost.round_id, "month": lost.month}, told, as_json=as_json)
