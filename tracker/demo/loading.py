"""Loading the demo company, and letting its managers live through the last weeks with the product's own actions.

Facts go in as a file import would leave them; then every Monday's check since the spring is run at its own time, and the
talks that follow are booked, held and written up. So whatever a page of the demo shows, the product worked out.
"""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

from flask import Flask, current_app
from sqlalchemy import insert, update

from tracker.access.actions import open_account, set_roles
from tracker.access.models import Account
from tracker.access.rules import hash_password, new_token, token_hash
from tracker.audit.actions import record
from tracker.audit.jobs import seal_audit
from tracker.coaching.effect_jobs import share_effects
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.core.errors import Refused
from tracker.demo.asking import note_who_was_asked
from tracker.demo.checks import try_other_settings
from tracker.demo.company import generate
from tracker.demo.complaints import take_complaints
from tracker.demo.credits import show_credits
from tracker.demo.interviews import note_interviews
from tracker.demo.invitations import ask_customers
from tracker.demo.living import live_through
from tracker.demo.obstacles import name_obstacles
from tracker.demo.own_words import add_own_words
from tracker.demo.public_reviews import put_public_reviews
from tracker.demo.pulse_setup import live_with_the_pulse
from tracker.demo.recognition import say_thanks
from tracker.demo.records import Company
from tracker.demo.reports import work_out_reports
from tracker.demo.second_looks import take_second_looks
from tracker.demo.talk_notes import note_talks
from tracker.demo.terminals import share_a_terminal
from tracker.demo.training import give_training
from tracker.demo.webhooks import place_a_webhook
from tracker.intake.kiosk_actions import make_kiosk
from tracker.intake.kiosk_rules import to_the_hour
from tracker.notifications.models import Message
from tracker.organisation.models import Absence, Holiday, Membership, Organisation, Person, Team, Tenure
from tracker.organisation.queries import the_organisation
from tracker.ratings import rollup
from tracker.ratings.models import Channel, Customer, Driver, Rating, Touchpoint
from tracker.ratings.survey_actions import ensure_default_drivers, ensure_default_surveys

PASSWORD = "karibu zawadora"  # noqa: S105 - shown on the demo's own sign-in page
KIOSK_PIN = "2580"
SHOWN = (
    ("N-0412", "Amina Otieno", "Works at the tills: sees her own feedback"),
    ("N-0107", "Brian Kamau", "Manages the tills, Amina and Kevin among them"),
    ("N-0398", "Kevin Odhiambo", "Works at the tills: has had a harder few weeks"),
    ("M-0204", "Dora Mwangi", "Manages another team: finds nothing of Brian’s"),
    ("H-0007", "Chloe Yusuf", "HR"),
    ("H-0011", "Ruth Kiprop", "Admin"),
)
WEEKS_LIVED = 38  # the fall that healed is found, talked about and closed in these
FACTS_SHARE = 0.2  # of the time it takes, for the progress bar
OLD_AFTER = timedelta(days=4)
Progress = Callable[[float], None]
Extra = Callable[[datetime], None]


# What stands beside the ratings, in this order: the later ones find what the earlier ones made.
SHOWN_AFTERWARDS: tuple[Extra, ...] = (
    take_second_looks,
    take_complaints,
    give_training,
    show_credits,
    ask_customers,
    put_public_reviews,
    note_interviews,
    say_thanks,
    name_obstacles,
    add_own_words,
    note_talks,
    place_a_webhook,
    share_a_terminal,
    try_other_settings,
    live_with_the_pulse,
    work_out_reports,
)


def adds(app: Flask, extra: Extra) -> None:
    """Packages above say what they put into the demo company once it is there."""
    app.extensions.setdefault("demo_extras", []).append(extra)


def demo_people() -> list[dict[str, str]]:
    """Who to be in the demo, for the sign-in page and the command line."""
    return [{"staff_number": number, "name": name, "role": role, "password": PASSWORD} for number, name, role in SHOWN]


def load_demo(*, at: datetime, again: bool = False, progress: Progress) -> bool:
    """Load the demo as of `at`; False when it is there already. Refuses any database that is not a demo's."""
    organisation = the_organisation()
    if organisation is not None and organisation.kind != "demo":
        raise Refused(
            "This database holds a real organisation. The demo goes into a database of its own (DATABASE_URL)."
        )
    if organisation is not None and not again:
        return False
    company = generate(today=clock.local_day(at, "Africa/Nairobi"))
    progress(0)
    with transaction():
        _empty()
        _store(company, at)
    progress(FACTS_SHARE)
    live_through(
        company,
        weeks=WEEKS_LIVED,
        until=at,
        step=lambda done: progress(FACTS_SHARE + (1 - FACTS_SHARE) * done / WEEKS_LIVED),
    )
    share_effects(at)
    for show in SHOWN_AFTERWARDS:
        show(at)
    for extra in current_app.extensions.get("demo_extras", ()):
        extra(at)
    _put_behind(at)
    seal_audit(at)
    progress(1)
    return True


def _empty() -> None:
    """Throw the old demo away, children first."""
    db.session.execute(update(Team).values(parent_id=None))
    for table in reversed(db.metadata.sorted_tables):
        db.session.execute(table.delete())
    db.session.expunge_all()


def _store(company: Company, at: datetime) -> None:
    start = datetime.combine(company.started_on, time(), UTC)
    db.session.add(Organisation(name=company.name, kind="demo", time_zone=company.zone, created_at=start))
    teams = _store_teams(company)
    people = _store_people(company, start)
    _store_belonging(company, teams, people)
    _store_ratings(company, teams, people)
    note_who_was_asked(company, people, teams)
    _store_kiosk(at)
    record(
        "demo.loaded", by=None, about="organisation", at=at, ratings=len(company.ratings), people=len(company.people)
    )


def _store_teams(company: Company) -> dict[str, int]:
    teams: dict[str, int] = {}
    for team in company.teams:  # parents come before their children
        row = Team(
            name=team.name,
            parent_id=teams.get(team.parent_key or ""),
            time_zone=team.zone,
            working_days=team.working_days,
            work_starts=team.work_starts,
            work_ends=team.work_ends,
        )
        db.session.add(row)
        db.session.flush()
        teams[team.key] = row.id
    return teams


def _store_people(company: Company, start: datetime) -> dict[str, int]:
    people: dict[str, int] = {}
    shown = {number for number, _name, _role in SHOWN}
    password_hash = hash_password(PASSWORD)  # one for all: it stands on the sign-in page
    for one in company.people:
        person = Person(
            staff_number=one.staff_number,
            name=one.name,
            email=one.email.lower() if one.email else None,
            language=one.language,
            contract=one.contract.replace("_", " "),
            started_on=one.started_on,
            ended_on=one.ended_on,
        )
        db.session.add(person)
        db.session.flush()
        people[one.staff_number] = person.id
        account: Account = open_account(person, by=None, at=start)
        if one.staff_number in shown:
            account.password_hash, account.password_set_at = password_hash, start
        set_roles(person, set(one.roles) & {"hr", "admin"}, by=None, at=start)
    return people


def _store_belonging(company: Company, teams: dict[str, int], people: dict[str, int]) -> None:
    """Memberships, tenures, deputies, absences and holidays."""
    rows: list[object] = [
        Membership(
            person_id=people[m.staff_number], team_id=teams[m.team_key], started_on=m.started_on, ended_on=m.ended_on
        )
        for m in company.memberships
    ]
    rows += [
        Tenure(
            person_id=people[t.staff_number], team_id=teams[t.team_key], started_on=t.started_on, ended_on=t.ended_on
        )
        for t in company.tenures
    ]
    rows += [
        Tenure(
            person_id=people[d.staff_number],
            team_id=teams[d.team_key],
            kind="deputy",
            started_on=d.started_on,
            ended_on=d.ended_on,
        )
        for d in company.deputies
    ]
    rows += [
        Absence(person_id=people[a.staff_number], started_on=a.started_on, ended_on=a.ended_on)
        for a in company.absences
    ]
    rows += [
        Holiday(on=h.day, name=h.name, team_id=team) for h in company.holidays for team in _closed_teams(company, teams)
    ]
    db.session.add_all(rows)
    db.session.flush()


def _closed_teams(company: Company, teams: dict[str, int]) -> list[int]:
    """Teams that do not work on public holidays; the shops stay open."""
    return [teams[team.key] for team in company.teams if team.holiday_hours is None]


def _store_ratings(company: Company, teams: dict[str, int], people: dict[str, int]) -> None:
    touchpoints = _named(Touchpoint, [{"name": t.name, "stage": t.stage} for t in company.touchpoints])
    channels = _named(Channel, [{"name": channel.name} for channel in company.channels])
    db.session.add_all([Driver(key=driver.key, name=driver.name) for driver in company.drivers])
    ensure_default_drivers()
    ensure_default_surveys(at=datetime.combine(company.started_on, time(), UTC))
    touchpoint_by_key = {t.key: touchpoints[t.name] for t in company.touchpoints}
    channel_by_key = {c.key: channels[c.name] for c in company.channels}
    references = sorted({rating.customer for rating in company.ratings})
    db.session.execute(insert(Customer), [{"reference": reference} for reference in references])
    customers = dict(db.session.execute(db.select(Customer.reference, Customer.id)).all())
    rows = [
        {
            "source": "demo",
            "external_id": rating.reference,
            "rated_at": rating.rated_at,
            "rated_on": clock.local_day(rating.rated_at, company.zone),
            "stars": rating.stars,
            "original_value": str(rating.stars),
            "handled_by_id": people[rating.staff_number],
            "handled_how": "explicit",
            "person_id": people[rating.staff_number],
            "team_id": teams[rating.team_key],
            "touchpoint_id": touchpoint_by_key[rating.touchpoint],
            "channel_id": channel_by_key[rating.channel],
            "customer_id": customers[rating.customer],
            "place": rating.place,
            "comment": rating.comment,
            "comment_language": rating.language,
            "emotions": [rating.emotion] if rating.emotion else [],
            "drivers": [*rating.praised, *rating.blamed],
            "received_at": rating.rated_at,
        }
        for rating in company.ratings
    ]
    db.session.execute(insert(Rating), rows)
    rollup.add_counts(rollup.by_week(rollup.facts()))


def _store_kiosk(at: datetime) -> None:
    """The tablet at the tills, whose answers are among the ratings. To hold it in your hand, make a new code for it."""
    kiosk = make_kiosk(
        place="Till 2",
        team_id=db.session.scalars(db.select(Team.id).where(Team.name == "Nairobi Central tills")).one(),
        touchpoint_id=db.session.scalar(db.select(Touchpoint.id).where(Touchpoint.name == "Tills")),
        asks_who=True,
        language="en",
        pin_hash=hash_password(KIOSK_PIN),
        by=None,
        at=at,
    )
    kiosk.token_hash, kiosk.waiting = token_hash(new_token()), 0
    kiosk.paired_at, kiosk.last_seen_at = at, to_the_hour(at)


def _named(model: type[Touchpoint] | type[Channel], rows: list[dict[str, str]]) -> dict[str, int]:
    db.session.execute(insert(model), rows)
    return dict(db.session.execute(db.select(model.name, model.id)).all())


def _put_behind(at: datetime) -> None:
    """What was told in the past has been read, and no mail goes out about it now."""
    with transaction():
        db.session.execute(update(Message).where(Message.visible_at < at).values(mailed_at=at))
        db.session.execute(
            update(Message).where(Message.visible_at < at - OLD_AFTER).values(read_at=Message.visible_at)
        )
