"""Every part of the look on a few pages with fixed data: rendered by the tests, and by hand into a folder to look at.

python -m tests.charts.gallery FOLDER
"""

import shutil
import sys
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    Form,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired
from wtforms.widgets import CheckboxInput, ListWidget

from tracker.charts import (
    Estimate,
    TrendPoint,
    before_after,
    range_bar,
    range_bar_small,
    sparkline,
    standing,
    star_bars,
    trend,
)

ROOT = Path(__file__).parents[2]
WEEKS = ["31 Aug", "7 Sep", "14 Sep", "21 Sep", "28 Sep", "5 Oct"]
WEEKS += ["12 Oct", "19 Oct", "26 Oct", "2 Nov", "9 Nov", "16 Nov"]
FACE_WORDS = ["Very bad", "Bad", "OK", "Good", "Very good"]
FACES = [SelectChoice(value=str(stars), label=words) for stars, words in enumerate(FACE_WORDS, start=1)]
# The inside of a card in the narrow column on a laptop, in pixels.
COLUMN = 470
SCORES = [4.1, 4.0, 4.1, 4.2, 4.1, 4.2, 4.3, 4.3, 4.4, 4.4, 4.4, 4.5]
LOWS = [4.0, 4.0, 4.1, 4.1, 4.1, 4.1, 4.1, 4.2, 4.2, 4.2, 4.2, 4.2]
HIGHS = [4.8, 4.7, 4.7, 4.7, 4.7, 4.7, 4.7, 4.6, 4.6, 4.6, 4.6, 4.6]


class Ticks(SelectMultipleField):
    """Several choices as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class SignInForm(Form):
    name = StringField("Staff number or email", [DataRequired()])
    pin = PasswordField("PIN or password", [DataRequired("Enter your PIN again")])
    own_phone = BooleanField("This is my own phone, keep me signed in")


class RateForm(Form):
    stars = RadioField("How was your visit today?", choices=FACES)
    feelings = Ticks(
        "How did it leave you feeling?", choices=["Cared for", "At ease", "Delighted", "Rushed", "Confused"]
    )
    went_well = Ticks("What went well?", choices=["Friendly", "Fast", "Knew their stuff", "Fixed a problem"])
    could_be_better = Ticks("What could be better?", choices=["Waiting time", "Explaining", "Kindness"])
    comment = TextAreaField("Anything we should know?")
    call_back = BooleanField("Please call me about this")
    phone = StringField("Phone number or email")


class TalkForm(Form):
    shared = TextAreaField("Shared with Kevin", default="Kevin feels fine alone and rushed at lunch.")
    private = TextAreaField("Private note")
    follow_up = SelectField("Follow up", choices=["In 3 weeks, Tue 15 Dec", "In 2 weeks", "No follow-up needed"])


class EveryFieldForm(Form):
    name = StringField("Name", [DataRequired("Write a name")], description="As it stands on the badge")
    due = DateField("Due", [DataRequired("Choose a date from today on")])
    team = SelectField("Team", choices=["Nairobi tills", "Mombasa floor"])
    why = RadioField("Choose one", [DataRequired("Choose one")], choices=["I did not serve them", "Wrong stars"])
    who = Ticks("Who?", choices=["Achieng Otieno", "Kevin Odhiambo"])
    note = TextAreaField("Anything to add?")
    file = FileField("File")
    keep = BooleanField("Remember this", description="For the next file")


def number(value: float) -> str:
    """One decimal, as English writes it."""
    return f"{value:.1f}"


def environment() -> Environment:
    """Jinja as the product runs it, without Flask: strict, escaping, with stand-ins for what the application gives."""
    loader = ChoiceLoader(
        [FileSystemLoader(ROOT / "tracker/templates"), FileSystemLoader(Path(__file__).parent / "gallery")]
    )
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, extensions=["jinja2.ext.i18n"])
    made.install_null_translations(newstyle=True)  # type: ignore[attr-defined]  # added by the i18n extension
    made.filters["long_day"] = lambda day: f"{day:%A %-d %B %Y}"
    made.globals["asset"] = lambda name: name
    made.globals["named_problem"] = lambda field: f"{field.label.text}: {field.errors[0]}"
    made.globals["csrf_token"] = lambda: "token"
    return made


def pages(*, comment: str = "Haraka na kwa upole.") -> dict[str, str]:
    """Every gallery page by name, as HTML. ``comment`` is what a customer wrote on the page "words"."""
    made = environment()
    told = contents() | {"words": {"words": comment}}
    return {name: made.get_template(f"{name}.html").render(common() | data) for name, data in told.items()}


def write(folder: Path) -> None:
    """Put the pages and the stylesheet into a folder, in the system's theme and in the dark one."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "tracker/static/tracker.css", folder)
    for name, html in pages().items():
        (folder / f"{name}.html").write_text(html)
        (folder / f"{name}-dark.html").write_text(html.replace('<html lang="en"', '<html lang="en" data-theme="dark"'))


def common() -> dict[str, Any]:
    """What the application gives to every page."""
    return {
        "language": "en",
        "languages": [("en", "English", "?language=en"), ("sw", "Kiswahili", "?language=sw"), ("fr", "Français", "#")],
        "organisation_name": "Zawadora",
        "inbox_new": 2,
        "notices": [],
    }


def contents() -> dict[str, dict[str, Any]]:
    """The pages' own data."""
    amina, wanjiru = frontline(), manager()
    late = MultiDict({"name": "N-0412"})
    return {
        "my_feedback": amina | {"charts": feedback_charts()},
        "board": wanjiru | {"attention": attention(), "team": team()},
        "coaching": wanjiru | {"charts": coaching_charts(), "form": TalkForm()},
        "rate": {"form": RateForm(MultiDict({"stars": "2", "feelings": "At ease", "call_back": "y"}))},
        "sign_in": {"form": validated(SignInForm(late))},
        "error": {},
        "inbox": amina,
        "import": administrator() | {"notices": [("success", "The file is here.", "Undo", "#")]},
        "states": administrator() | {"form": validated(EveryFieldForm(MultiDict({"due": ""}))), "edge_charts": edges()},
    }


def validated(form: Form) -> Form:
    form.validate()
    return form


def item(label: str, icon: str, *, current: bool = False, badge: int | None = None) -> SimpleNamespace:
    return SimpleNamespace(label=label, url="#", icon=icon, current=current, badge=badge)


def group(heading: str, *items: SimpleNamespace) -> dict[str, Any]:
    return {"heading": heading, "items": list(items)}


def viewer(name: str, initials: str, place: str) -> SimpleNamespace:
    today = date(2026, 11, 26)
    first_name = name.split()[0]
    return SimpleNamespace(
        name=name, first_name=first_name, initials=initials, place=place, terminal_id=None, by_pin=False, today=today
    )


def frontline() -> dict[str, Any]:
    items = [item("My feedback", "feedback", current=True), item("Training", "training"), item("Pulse", "pulse")]
    return {
        "viewer": viewer("Achieng Otieno", "AO", "Nairobi Central · tills"),
        "navigation": [group("Me", *items, item("Inbox", "inbox", badge=2))],
    }


def manager() -> dict[str, Any]:
    items = [item("Team board", "people", current=True), item("Coaching", "coaching", badge=3)]
    more = [item("Training", "training"), item("Complaints", "flag", badge=2), item("My feedback", "feedback")]
    return {
        "viewer": viewer("Wanjiru Kamau", "WK", "Manager, Nairobi Central"),
        "navigation": [group("Team", *items, *more)],
    }


def administrator() -> dict[str, Any]:
    items = [item("Import", "import", current=True), item("People", "people"), item("Touchpoints", "place")]
    more = [item("Settings", "settings"), item("Audit log", "shield")]
    return {
        "viewer": viewer("Daniel Kiprop", "DK", "Admin"),
        "navigation": [group("Administration", *items, *more), group("Me", item("My feedback", "feedback"))],
    }


def weeks() -> list[TrendPoint]:
    return [
        TrendPoint(label=day, value=score, low=low, high=high)
        for day, score, low, high in zip(WEEKS, SCORES, LOWS, HIGHS, strict=True)
    ]


def feedback_charts() -> dict[str, Any]:
    told: dict[str, Any] = {
        "title": "Your score, last 12 weeks",
        "description": "From 4.1 in the week of 31 Aug to 4.5 in the week of 16 Nov.",
        "points": weeks(),
        "range_label": "expected range",
        "number": number,
        "event": (4, "“Listening first” course"),
    }
    return {
        "range_bar": a_range_bar("score", 4.5, 4.2, 4.6),
        "range_bar_wide": a_range_bar("score-wide", 4.5, 4.2, 4.6, width=COLUMN),
        "trend": trend(prefix="weeks", **told),
        "trend_wide": trend(prefix="weeks-wide", width=COLUMN, height=150, **told),
        "trend_rows": [[p.label, number(p.value or 0), f"{p.low} to {p.high}"] for p in weeks()],
        "stars": some_stars("stars", width=326),
        "stars_wide": some_stars("stars-wide", width=COLUMN),
    }


def some_stars(prefix: str, *, width: float) -> Markup:
    return star_bars(
        prefix=prefix,
        title="Your ratings by stars",
        description="5 stars: 29, 4 stars: 12, 3 stars: 2, 2 stars: 2, 1 star: 1.",
        rows=[("5 stars", 29), ("4 stars", 12), ("3 stars", 2), ("2 stars", 2), ("1 star", 1)],
        number=str,
        width=width,
    )


def a_range_bar(
    prefix: str, value: float | None, low: float | None, high: float | None, *, width: float = 326
) -> Markup:
    return range_bar(
        width=width,
        prefix=prefix,
        title=f"Your score {value}",
        description=f"Expected range {low} to {high}.",
        value=value,
        low=low,
        high=high,
        value_label=f"you {value}",
        range_label=f"expected {low} to {high}",
        number=lambda stars: f"{stars:.0f}",
    )


def coaching_charts() -> dict[str, Any]:
    rows = [
        Estimate(label="6 weeks before", note="41 ratings", value=3.6, low=3.3, high=3.9),
        Estimate(label="4 weeks after", note="38 ratings", value=3.9, low=3.6, high=4.2),
    ]
    told: dict[str, Any] = {
        "title": "Score before and after the first talk",
        "description": "Before: 3.6 from 41 ratings, likely 3.3 to 3.9. After: 3.9 from 38 ratings, likely 3.6 to 4.2.",
        "rows": rows,
        "expected_low": 4.1,
        "expected_high": 4.5,
        "range_label": "expected range",
        "number": number,
    }
    return {
        "before_after": before_after(prefix="change", **told),
        "before_after_narrow": before_after(prefix="change-narrow", width=326, **told),
    }


def attention() -> list[SimpleNamespace]:
    kevin = [4.3, 4.3, 4.2, 4.2, 4.0, 3.8, 3.7, 3.6, 3.6, 3.7, 3.8, 3.9]
    joseph = [4.3, 4.3, 4.4, 4.5, 4.4, 4.5, 4.6, 4.6, 4.7, 4.7, 4.8, 4.8]
    zainab = [4.3, 4.3, 4.4, None, None, 4.4, 4.5, 4.4, 4.4, 4.4, 4.4, 4.4]
    told = [
        ("Kevin Odhiambo", "KO", kevin, 4.5, "Open talk", "Below the expected range, but rising since your talk."),
        ("Zainab Ali", "ZA", zainab, 4.6, "Plan a talk", "Score is fine. Asked for help with returns."),
        ("Joseph Wekesa", "JW", joseph, 4.6, "Say thanks", "Above the expected range for 4 weeks."),
    ]
    return [
        SimpleNamespace(
            name=name,
            initials=initials,
            place="tills",
            reason=reason,
            action=action,
            figures=(number(values[-1] or 0), f"expected 4.1 to {high}"),
            chart=sparkline(
                sentence=f"{name}: 12 weeks, from {values[0]} to {values[-1]}",
                values=values,
                low=[4.1] * 12,
                high=[high] * 12,
            ),
        )
        for name, initials, values, high, action, reason in told
    ]


def team() -> list[SimpleNamespace]:
    told = [
        ("Achieng Otieno", 4.5, 4.2, 4.6, 46, "1 due Fri", ""),
        ("Brian Mutua", 4.3, 4.1, 4.5, 38, "Up to date", "good"),
        ("Joseph Wekesa", 4.8, 4.1, 4.6, 44, "Up to date", "good"),
        ("Kevin Odhiambo", 3.9, 4.1, 4.5, 38, "1 due Mon", ""),
        ("Lucy Atieno", None, None, None, 3, "2 of 4 done", ""),
        ("Zainab Ali", 4.4, 4.1, 4.6, 35, "6 days late", "attn"),
    ]
    return [
        SimpleNamespace(
            name=name,
            score=None if score is None else number(score),
            ratings=ratings,
            training=training,
            tone=tone,
            talk="22 Oct",
            bar=range_bar_small(
                sentence=f"{name} {score}, {standing(score, low=low, high=high)}, expected {low} to {high}",
                value=score,
                low=low,
                high=high,
                ends=(3, 5),
            ),
        )
        for name, score, low, high, ratings, training, tone in told
    ]


def edges() -> list[Markup]:
    """The cases that break pictures: nothing known, gaps, a wide range, long words, the ends of the scale."""
    gaps = [
        TrendPoint(label=day, value=score if index not in (3, 7, 8, 10) else None, low=low, high=high)
        for index, (day, score, low, high) in enumerate(zip(WEEKS, [s - 1.6 for s in SCORES], LOWS, HIGHS, strict=True))
    ]
    one = [TrendPoint(label="5 Oct", value=4.2, low=4.1, high=4.4)]
    told: dict[str, Any] = {"title": "T", "description": "D", "range_label": "fourchette attendue", "number": number}
    return [
        a_range_bar("edge-a", 4.95, 4.6, 5.0),
        a_range_bar("edge-b", 2.1, 2.6, 3.4),
        a_range_bar("edge-c", 4.2, None, None),
        a_range_bar("edge-d", 3.0, 3.0, 5.0),
        trend(prefix="edge-e", points=gaps, **told),
        trend(prefix="edge-f", points=one, **told),
        trend(prefix="edge-g", points=[], **told),
    ]


if __name__ == "__main__":
    write(Path(sys.argv[1]))
