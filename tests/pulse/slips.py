"""Slips for tests: a code on paper of a team in an open round."""

from tests.pulse.rounds import node_named
from tracker.core.db import db, transaction
from tracker.organisation.models import Person
from tracker.pulse.answering import code_hash
from tracker.pulse.codes import new_code
from tracker.pulse.models import PulseCode


def a_slip(round_id: int, team: str) -> str:
    code = new_code()
    node_id = node_named(round_id, team)
    with transaction():
        db.session.add(PulseCode(hash=code_hash(code), round_id=round_id, node_id=node_id))
    return code


def without_mail(person: Person) -> None:
    """Somebody who is asked on paper where a round uses codes."""
    with transaction():
        db.session.get_one(Person, person.id).email = None
