"""The works-council pack: what is measured, who sees it, what is set, and what the log says, each read from where the program reads it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import current_app

from tracker.core import clock
from tracker.core.tasks import Job
from tracker.organisation.queries import the_organisation
from tracker.reports import pack_kept, pack_log, pack_pages, pack_rights, pack_settings
from tracker.reports.pack_claims import CLAIMS
from tracker.reports.pack_worked_out import WORKED_OUT, Worked


@dataclass(frozen=True)
class Denial:
    """What is not done, where one can see it, and whether it holds here and now."""

    says: str
    because: str
    holds: bool


@dataclass(frozen=True)
class ByItself:
    """One job of the timetable."""

    name: str
    says: str


@dataclass(frozen=True)
class Pack:
    """All of it, as of one moment. log: of the months that were asked for."""

    kept: Sequence[pack_kept.Theme]
    worked_out: Sequence[Worked]
    denials: Sequence[Denial]
    jobs: Sequence[ByItself]
    rights: Sequence[pack_rights.Area]
    pages: Sequence[pack_pages.Pages]
    settings: Sequence[pack_settings.Settings]
    log: pack_log.Log

    @property
    def tables(self) -> int:
        return sum(len(fact.tables) for theme in self.kept for fact in theme.facts)

    @property
    def addresses(self) -> int:
        return sum(one.count for one in self.pages)

    @property
    def right_count(self) -> int:
        return sum(len(area.rights) for area in self.rights)


def pack_of(months: Sequence[date], *, at: datetime) -> Pack:
    """months: the first days of those whose log is shown, oldest first."""
    return Pack(
        kept=pack_kept.themes(),
        worked_out=WORKED_OUT,
        denials=[Denial(str(one.says), str(one.because), one.holds()) for one in CLAIMS],
        jobs=[ByItself(job.name, job.says) for job in _timetable()],
        rights=pack_rights.areas(),
        pages=pack_pages.pages(),
        settings=pack_settings.settings(at),
        log=pack_log.log(months, zone=zone()),
    )


def zone() -> str:
    """By whose clock months begin."""
    company = the_organisation()
    return company.time_zone if company else "UTC"


def today_here(at: datetime) -> date:
    return clock.local_day(at, zone())


def _timetable() -> Sequence[Job]:
    timetable: Sequence[Job] = current_app.extensions["timetable"]
    return timetable
