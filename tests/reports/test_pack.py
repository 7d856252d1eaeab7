"""What is measured, what is not, and what is set: from the schema, the matrix and the settings as they are."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Column, Integer, MetaData, String, Table

from tests.conftest import Cast
from tests.factories import a_person, a_team
from tests.reports.packs import links_of, rows_of
from tracker.access import jobs as access_jobs
from tracker.access.terminal_actions import make_terminal
from tracker.api import rules as api_rules
from tracker.api.models import ApiToken
from tracker.core import clock
from tracker.core.db import db, transaction
from tracker.core.models import HookSubscription
from tracker.home.own_file import LEFT_OUT, SECTIONS
from tracker.intake import set_aside, uploads
from tracker.invitations import rules as invitation_rules
from tracker.notifications import push_actions
from tracker.organisation.policy import matrix
from tracker.pulse import kept as of_pulse
from tracker.pulse.models import PulseSchedule
from tracker.ratings.fall_models import FallSettings
from tracker.recovery import rules as recovery_rules
from tracker.reports import pack_claims, pack_kept
from tracker.reports.pack_fact_words import LEFT_OUT_UNTIL, WORDS
from tracker.reports.pack_table_words import BESIDES, HANGING_ON
from tracker.reports.pack_worked_out import WORKED_OUT
from tracker.schedule import TIMETABLE
from tracker.webhooks import inbound_actions, outbound_jobs, outbound_rules
from tracker.webhooks.inbound_models import Door

PACK = "/reports/works-council"
ROOT = Path(__file__).parents[2] / "tracker"


def page(browse: Any, cast: Cast, url: str = PACK) -> str:
    answer = browse(cast.chloe).get(url)
    assert answer.status_code == 200
    return str(answer.text)


def test_every_table_and_column_of_the_database_stands_on_the_page_once(cast: Cast, browse: Any) -> None:
    lines = [line for row in rows_of(page(browse, cast))["kept"] for line in row[2].split("\n")]
    said = dict(line.split(": ") for line in lines if ": " in line)
    assert len(said) == len([line for line in lines if ": " in line]), "each once"
    assert said == {
        name: ", ".join(column.name for column in table.columns) for name, table in db.metadata.tables.items()
    }


def test_every_table_has_its_words_in_one_place() -> None:
    """A new table comes into a section of the own file, into its list of what is left out, or into the pack's words."""
    own = [table for section in SECTIONS for table in section.tables]
    named = [*own, *LEFT_OUT, *HANGING_ON, *BESIDES, *of_pulse.KEPT]
    assert sorted(named) == sorted(db.metadata.tables), "put the new table into tracker/reports/pack_table_words.py"
    assert {section.key for section in SECTIONS} == set(WORDS), (
        "say in tracker/reports/pack_fact_words.py what the section is"
    )
    assert set(LEFT_OUT_UNTIL) | set(of_pulse.LEFT_OUT_UNTIL) <= set(LEFT_OUT)


def test_a_table_without_words_says_so(cast: Cast, browse: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Not described yet" not in page(browse, cast)
    schema = MetaData()
    for table in db.metadata.tables.values():
        table.to_metadata(schema)
    Table("mood", schema, Column("id", Integer), Column("keystrokes", String))
    for where in (pack_kept, pack_claims):
        monkeypatch.setattr(where, "db", type("Database", (), {"metadata": schema}))
    shown = page(browse, cast)
    assert ["Not described yet", "For good", "mood: id, keystrokes"] in rows_of(shown)["kept"]
    (marked,) = [row for row in rows_of(shown)["denied"] if "Does not hold here" in row[0]]
    assert marked[0].startswith("Neither what is typed or clicked is measured")
    assert "Of 14 sentences on what is not measured, 13 hold here; the others are marked." in shown


@pytest.mark.parametrize(
    ("words", "length"),
    [
        (WORDS["sign_ins"][1], access_jobs.KEPT),
        (HANGING_ON["account_link"][1], access_jobs.KEPT),
        (HANGING_ON["push_delivery"][1], push_actions.KEPT),
        (WORDS["complaints_put_right"][1], recovery_rules.CONTACT_KEPT),
        (LEFT_OUT_UNTIL["import_draft"], uploads.KEPT),
        (BESIDES["invitation"][1], invitation_rules.HASH_KEPT),
        (BESIDES["vote_origin"][1], set_aside.ORIGINS_KEPT),
        (BESIDES["api_answer"][1], api_rules.ANSWERS_KEPT),
        (BESIDES["hook_delivery"][1], outbound_rules.LOG_KEPT),
        (BESIDES["hook_subscription"][1], outbound_jobs.REMOVED_KEPT),
        (BESIDES["webhook_delivery"][1], inbound_actions.KEPT),
    ],
)
def test_what_is_deleted_after_a_while_says_the_time_that_the_program_goes_by(words: Any, length: timedelta) -> None:
    said = re.search(r"(\d+) (days|hours)|\b[Aa] day\b", str(words))
    assert said
    assert timedelta(**{said[2]: int(said[1])} if said[1] else {"days": 1}) == length


def test_what_the_program_deletes_by_itself_is_never_said_to_be_kept_for_good() -> None:
    """Tables that a job empties, without anybody’s doing."""
    deleted = {
        "sign_in_session",
        "account_link",
        "throttle",
        "push_delivery",
        "push_subscription",
        "vote_origin",
        "api_answer",
    }
    deleted |= {"customer_contact", "hook_delivery", "hook_subscription", "import_draft", "coach_feedback_answer"}
    deleted |= {"pulse_box", "pulse_member", "pulse_code"}
    until = {table: words[1] for table, words in {**HANGING_ON, **BESIDES, **of_pulse.KEPT}.items()}
    until |= LEFT_OUT_UNTIL | of_pulse.LEFT_OUT_UNTIL
    until |= {table: WORDS[section.key][1] for section in SECTIONS for table in section.tables}
    assert [table for table in deleted if until.get(table) is None] == []


def test_every_kind_of_figure_has_its_words_and_its_explanation() -> None:
    """A new file of the arithmetic comes into an entry of tracker/reports/pack_worked_out.py."""
    files = {path.stem for path in (ROOT / "statistics").glob("*.py")} - {"__init__"}
    named = [file for one in WORKED_OUT for file in one.files]
    assert sorted(named) == sorted(files)
    templates = [ROOT / "templates" / "home" / "explained.html", ROOT / "templates" / "reports" / "_explained_why.html"]
    explained = "".join(template.read_text(encoding="utf-8") for template in templates)
    assert [one.anchor for one in WORKED_OUT if one.anchor and f'id="{one.anchor}"' not in explained] == []


def test_links_lead_to_how_it_is_worked_out(cast: Cast, browse: Any) -> None:
    links = links_of(page(browse, cast))
    assert {f"/explained#{one.anchor}" for one in WORKED_OUT if one.anchor} <= set(links)


def test_what_is_not_measured_holds(app: Flask) -> None:
    assert [claim.key for claim in pack_claims.CLAIMS if not claim.holds()] == []


@pytest.mark.parametrize(
    ("table", "column", "key"),
    [
        ("interaction", "latitude", "places"),
        ("sign_in_session", "mouse_clicks", "devices"),
        ("shift", "break_minutes", "hours"),
        ("absence", "reason", "absence"),
        ("person", "birthday", "lives"),
        ("score_card", "rank", "ranks"),
        ("sign_in_session", "remote_ip", "networks"),
        ("pulse_result", "person_id", "pulse"),
        ("coaching_effect", "person_id", "effects"),
    ],
)
def test_each_claim_about_the_database_can_fail(
    app: Flask, monkeypatch: pytest.MonkeyPatch, table: str, column: str, key: str
) -> None:
    schema = MetaData()
    for one in db.metadata.tables.values():
        one.to_metadata(schema)
    schema.tables[table].append_column(Column(column, Integer))
    monkeypatch.setattr(pack_claims, "db", type("Database", (), {"metadata": schema}))
    assert [claim.key for claim in pack_claims.CLAIMS if not claim.holds()] == [key]


@pytest.mark.parametrize(
    ("action", "relation", "key"),
    [
        ("pulse_answer.read", "self", "ballots"),
        ("rating.read", "hr", "office"),
        ("coaching_note.read", "admin", "office"),
        ("score.read", "mgr_then", "former"),
        ("alert.read", "peer", "colleagues"),
        ("audit.delete", "admin", "log"),
    ],
)
def test_each_claim_about_rights_can_fail(
    monkeypatch: pytest.MonkeyPatch, action: str, relation: str, key: str
) -> None:
    changed = matrix() | {action: matrix()[action] | {relation: "A"}}
    monkeypatch.setattr(pack_claims, "matrix", lambda: changed)
    monkeypatch.setattr(pack_claims, "cell", lambda action, relation: changed[action][relation])
    assert [claim.key for claim in pack_claims.CLAIMS if not claim.holds()] == [key]


def test_browsers_are_forbidden_what_the_pack_says(cast: Cast, browse: Any) -> None:
    headers = browse(cast.chloe).get(PACK).headers
    assert headers["Permissions-Policy"] == "camera=(), geolocation=(), microphone=()"


def test_no_script_on_staffs_pages_listens_to_keys_or_to_the_mouse() -> None:
    own = [*(ROOT / "static").glob("*.js"), *(ROOT / "scorm" / "player").glob("*.js")]
    scripts = [file for file in own if file.name != "kiosk.js"]  # the customers', who are cleared away by it
    listened = (
        r"key(down|up|press)|mouse(move|over|enter)|pointermove|touchmove|geolocation|getUserMedia|\bscroll\b[\"']"
    )
    assert len(scripts) > 5
    assert [file.name for file in scripts if re.search(listened, file.read_text(encoding="utf-8"))] == []


def test_everything_that_happens_by_itself_is_listed(cast: Cast, browse: Any) -> None:
    assert rows_of(page(browse, cast))["alone"] == [[job.says, job.name] for job in TIMETABLE]


def setting(browse: Any, cast: Cast, name: str) -> list[str]:
    (found,) = [row[1:] for row in rows_of(page(browse, cast))["set"] if row[0] == name]
    return found


def test_settings_are_read_as_they_are(cast: Cast, browse: Any) -> None:
    assert "0.2 stars" in setting(browse, cast, "When a talk is suggested")[0]
    assert setting(browse, cast, "Rounds come") == ["not by themselves; HR opens each", "Allowed: HR."]
    assert setting(browse, cast, "A result is shown")[0] == "from 5 answers on; the program takes no less than 5"
    with transaction():
        chosen = {"alert_one_in": 800, "least_fall": 0.4, "strict": False, "cooldown_weeks": 16}
        monday = clock.monday_of(clock.week_of(clock.now().date()))
        db.session.add(FallSettings(from_monday=monday, saved_at=clock.now(), saved_by_id=cast.ruth.id, **chosen))
        plan = {"week": 2, "weekday": 3, "every_months": 3, "open_days": 10, "k_score": 7, "k_comment": 9}
        db.session.add(PulseSchedule(id=1, is_on=True, uses_codes=True, **plan))
        a_person("Njeri Kariuki", team=cast.root, roles=["hr"])
    assert "0.4 stars" in setting(browse, cast, "When a talk is suggested")[0]
    assert "800" in setting(browse, cast, "When a talk is suggested")[0]
    assert "16 weeks" in setting(browse, cast, "Rest after a suggestion")[0]
    rounds = "Every three months: January, April, July, October; Wednesday number 2 of the month"
    assert setting(browse, cast, "Rounds come")[0] == rounds
    assert setting(browse, cast, "A round is open")[0] == "10 days"
    assert setting(browse, cast, "A result is shown")[0] == "from 7 answers on; the program takes no less than 5"
    assert setting(browse, cast, "Comments are shown")[0].startswith("from 9 people")
    assert setting(browse, cast, "People with the role HR")[0] == "2"


def test_programs_and_terminals_are_counted_while_they_work(cast: Cast, browse: Any) -> None:
    now = clock.now()
    ruth, yesterday = cast.ruth.id, now - timedelta(days=1)
    with transaction():
        for number, ends in enumerate(
            ({}, {"revoked_at": now}, {"expires_at": yesterday}, {"expires_at": now + timedelta(days=1)})
        ):
            token = {
                "name": "Till",
                "token_hash": f"{number}",
                "hint": "abcd",
                "scopes": [],
                "made_by_id": ruth,
                "made_at": now,
            }
            db.session.add(ApiToken(**token, **ends))
        for number, ends in enumerate(({}, {}, {}, {"paused_at": now}, {"removed_at": now})):
            made = {"made_by_id": ruth, "made_at": now}
            db.session.add(Door(address=f"door-{number}", kind="standard", name=f"Desk {number}", **made, **ends))
        for ends in ({}, {"paused_at": now, "paused_because": "asked"}, {"removed_at": now}):
            told = {"name": "Chat", "url": "https://chat.example", "kinds": [], "secret": "sealed"}
            db.session.add(HookSubscription(**told, made_by_id=ruth, made_at=now, **ends))
        for number, paired in enumerate((now, now, None)):
            make_terminal(name=f"Till {number}", team_id=cast.tills.id, by=ruth, at=now).paired_at = paired
    assert setting(browse, cast, "Other programs with a token")[0] == "2"
    assert setting(browse, cast, "Doors for helpdesks")[0] == "3"
    assert setting(browse, cast, "Other programs that are told what happens")[0] == "1"
    assert setting(browse, cast, "Shared terminals in use") == [
        "2",
        "Allowed: who leads the person today, administrators.",
    ]


def test_in_short_counts_what_the_page_shows(cast: Cast, browse: Any) -> None:
    shown = page(browse, cast)
    rows = rows_of(shown)
    assert "All 14 sentences on what is not measured hold here." in shown
    assert len(rows["denied"]) == 14
    own = rows["kept"][: sum(1 for _section in SECTIONS)]
    good = sum(row[1] == "For good" for row in own)
    assert f"{len(own)} kinds of fact are kept on, or worked out for, each person who works here." in shown
    assert f"{good} are kept for good." in shown
    hr = sum(cells["hr"] == "A" for cells in matrix().values())
    assert f"HR has {hr}, and administrators have" in shown
    assert f"Of {len(matrix())} rights" in shown


def test_a_company_with_nobody_in_it_has_a_pack(cast: Cast, browse: Any) -> None:
    with transaction():
        a_team("Nobody yet")
    shown = page(browse, cast)
    assert "Nothing was recorded in these months" in shown
    assert setting(browse, cast, "Other programs with a token") == ["0", "Allowed: administrators."]


def test_it_says_when_it_was_made(cast: Cast, browse: Any) -> None:
    noon = datetime.fromisoformat("2026-11-18T09:00:00+00:00")
    with clock.set_to(noon):
        assert "Made on Wednesday 18 November 2026, 12:00" in browse(cast.chloe, at=noon).get(PACK).text
