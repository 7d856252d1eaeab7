"""Word to everybody who may give another amount on the spot than before."""

from datetime import datetime
from itertools import islice

from tracker.core.db import reading, transaction
from tracker.recovery.limit_actions import AT_A_TIME, mark_told, others_now, tell_of_limits, untold


def tell_new_limits(at: datetime) -> int:
    """Some thousands of people a transaction; the number of people told. Killed half way, it begins again: nobody is told twice."""
    with reading():
        rows = untold(at)
        concerned = others_now(rows, at=at) if rows else {}
    people = iter(concerned.items())
    while some := dict(islice(people, AT_A_TIME)):
        with transaction():
            tell_of_limits(some, row=max(rows), at=at)
    if rows:
        with transaction():
            mark_told(rows, at=at)
    return len(concerned)
