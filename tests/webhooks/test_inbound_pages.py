"""The pages of doors: set up by admins alone, the secret shown once, and what became of each delivery."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.conftest import Cast
from tests.webhooks import payloads
from tests.webhooks.conftest import NOW, Helpdesk
from tracker.audit.models import AuditEntry
from tracker.core.db import db
from tracker.ratings.models import Rating
from tracker.webhooks.inbound_jobs import work_off
from tracker.webhooks.inbound_models import Delivery, Door

Make = Callable[..., Helpdesk]
DOOR = {"kind": "freshdesk", "name": "Freshdesk", "touchpoint": "", "channel": "", "scale": "words"}


def the_door() -> Door:
    db.session.rollback()
    return db.session.scalars(select(Door)).one()


def test_an_admin_makes_a_door_and_sees_its_secret_once(cast: Cast, browse: Any) -> None:
    ruth = browse(cast.ruth)
    assert "No door yet" in ruth.get("/settings/doors").text
    page = ruth.post("/settings/doors", DOOR)
    assert page.status_code == 200
    secret = re.search(r'id="shown-secret"[^>]*value="([0-9a-f]{48})"', page.text)
    assert secret
    door = the_door()
    assert f"/hooks/{door.address}" in page.text
    assert "X-Hook-Secret" in page.text
    again = ruth.get(f"/settings/doors/{door.id}")
    assert again.status_code == 200
    assert secret[1] not in again.text
    assert "Freshdesk" in ruth.get("/settings/doors").text
    assert "/settings/doors" in ruth.get("/settings").text


def test_a_secret_of_the_helpdesk_is_pasted(cast: Cast, browse: Any) -> None:
    ruth = browse(cast.ruth)
    made = ruth.post("/settings/doors", {**DOOR, "kind": "zendesk", "name": "Zendesk"})
    assert made.status_code == 303
    door = the_door()
    assert "refuses everything" in ruth.get(made.location).text
    assert "Paste the secret" in ruth.post(f"/settings/doors/{door.id}/secret", {"secret": ""}).text
    assert ruth.post(f"/settings/doors/{door.id}/secret", {"secret": "too short"}).status_code == 422
    assert ruth.post(f"/settings/doors/{door.id}/secret", {"secret": "a" * 40}).status_code == 303
    assert the_door().secret
    assert "a" * 40 not in ruth.get(f"/settings/doors/{door.id}").text


def test_a_new_secret_of_ours(cast: Cast, browse: Any) -> None:
    ruth = browse(cast.ruth)
    ruth.post("/settings/doors", {**DOOR, "kind": "standard", "name": "tool"})
    id = the_door().id
    before = the_door().secret
    assert 'value="whsec_' in ruth.post(f"/settings/doors/{id}/secret", {"secret": ""}).text
    assert the_door().old_secret == before
    assert ruth.post(f"/settings/doors/{id}/secret", {"secret": "whsec_!!!!!!!!!!!!!!!!!!!"}).status_code == 422
    assert (
        ruth.post(f"/settings/doors/{id}/secret", {"secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}).status_code
        == 303
    )


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name": ""}, "Fill this in"),
        ({"name": "Kiosk"}, "The product itself uses this name"),
        ({"name": "x" * 81}, "Use 80 characters at most"),
        ({"kind": "fax"}, "Not a valid choice"),
        ({"scale": "thumbs"}, "Not a valid choice"),
        ({"touchpoint": "77"}, "Choose one from the list"),
    ],
)
def test_a_door_that_cannot_be_is_refused(cast: Cast, browse: Any, change: dict[str, str], says: str) -> None:
    answer = browse(cast.ruth).post("/settings/doors", {**DOOR, **change})
    assert answer.status_code == 422
    assert says in answer.text
    assert db.session.scalars(select(Door)).all() == []


def test_two_doors_have_two_names_until_one_is_removed(cast: Cast, browse: Any) -> None:
    ruth = browse(cast.ruth)
    ruth.post("/settings/doors", DOOR)
    assert "of that name already" in ruth.post("/settings/doors", {**DOOR, "name": "FRESHDESK"}).text
    assert ruth.post(f"/settings/doors/{the_door().id}/removal").status_code == 303
    assert ruth.post("/settings/doors", DOOR).status_code == 200


def test_its_settings_change_and_its_name_does_not(helpdesk: Make, cast: Cast, browse: Any) -> None:
    id, ruth = helpdesk("zendesk").door_id, browse(cast.ruth)
    changed = {"touchpoint": "", "channel": "", "scale": "csat7", "name": "Other"}
    assert ruth.post(f"/settings/doors/{id}", changed).status_code == 303
    assert (the_door().scale, the_door().touchpoint_id, the_door().name) == ("csat7", None, "Zendesk")
    assert ruth.post(f"/settings/doors/{id}", {**changed, "scale": "no"}).status_code == 422


def test_pause_resume_remove(helpdesk: Make, cast: Cast, browse: Any) -> None:
    one, ruth = helpdesk("chatwoot"), browse(cast.ruth)
    assert ruth.post(f"/settings/doors/{one.door_id}/pause").status_code == 303
    assert ruth.post(f"/settings/doors/{one.door_id}/pause").status_code == 409
    assert one.send(payloads.chatwoot_answer()).status_code == 202
    assert ruth.post(f"/settings/doors/{one.door_id}/resumption").status_code == 303
    assert ruth.post(f"/settings/doors/{one.door_id}/resumption").status_code == 409
    assert ruth.post(f"/settings/doors/{one.door_id}/removal").status_code == 303
    assert one.send(payloads.chatwoot_answer()).status_code == 404
    assert ruth.get(f"/settings/doors/{one.door_id}").status_code == 404
    assert (the_door().secret, one.last().body, one.last().why) == (None, None, "forgotten")
    of_doors = select(AuditEntry.action).where(AuditEntry.action.startswith("webhook_door")).order_by(AuditEntry.id)
    said = db.session.scalars(of_doors).all()
    assert said == [f"webhook_door.{verb}" for verb in ("made", "secret_set", "paused", "resumed", "removed")]


def test_the_list_says_what_became_of_each(helpdesk: Make, cast: Cast, browse: Any) -> None:
    one, ruth = helpdesk("chatwoot"), browse(cast.ruth)
    url = f"/settings/doors/{one.door_id}/deliveries"
    assert "Nothing came in yet" in ruth.get(url).text
    one.tell(payloads.chatwoot_answer(5, words="Very kind"))
    one.tell(payloads.chatwoot_answer(4, message=2, conversation=11, agent="Njeri"))
    one.tell(payloads.chatwoot_answer("fine", message=3))
    one.send(payloads.chatwoot_answer(message=4), secret="wrong" * 8)
    page = ruth.get(url).text
    for words in ("Credited to Amina Otieno", "In the tray", "Not understood", "csat_survey_response.rating: fine"):
        assert words in page
    assert "Very kind" not in page
    only = ruth.get(f"{url}?state=tray").text
    assert "In the tray" in only
    assert "Credited to Amina" not in only
    assert ruth.get(f"{url}?state=nonsense").status_code == 200
    door = ruth.get(f"/settings/doors/{one.door_id}").text
    assert "1 delivery refused since" in door
    assert "the signature was wrong" in door


def test_a_delivery_shows_its_body_without_what_belongs_to_the_rated(helpdesk: Make, cast: Cast, browse: Any) -> None:
    one, ruth = helpdesk("chatwoot"), browse(cast.ruth)
    rated = one.tell(payloads.chatwoot_answer(2, words="Rude on the phone")).id
    page = ruth.get(f"/settings/deliveries/{rated}").text
    assert "message_updated" in page
    assert "Rude on the phone" not in page
    assert "&#34;csat_survey_response&#34;: &#34;…&#34;" in page
    unread = one.tell(payloads.chatwoot_answer("fine", words="<script>alert(1)</script>", message=2)).id
    page = ruth.get(f"/settings/deliveries/{unread}").text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_what_was_not_understood_is_worked_off_again_after_mending(helpdesk: Make, cast: Cast, browse: Any) -> None:
    one, ruth = helpdesk("zendesk", scale="words"), browse(cast.ruth)
    told = [one.tell(payloads.zendesk_trigger(rating=7, ticket_id=number)) for number in (1, 2)]
    assert [row.state for row in told] == ["not_understood"] * 2
    ruth.post(f"/settings/doors/{one.door_id}", {"touchpoint": "", "channel": "", "scale": "csat7"})
    assert ruth.post(f"/settings/deliveries/{told[0].id}/again").status_code == 303
    assert work_off(NOW + timedelta(minutes=1)) == 1
    assert ruth.post(f"/settings/doors/{one.door_id}/deliveries").status_code == 303
    assert work_off(NOW + timedelta(minutes=1)) == 1
    assert ruth.post(f"/settings/doors/{one.door_id}/deliveries").status_code == 409
    assert ruth.post(f"/settings/deliveries/{told[0].id}/again").status_code == 409
    db.session.rollback()
    assert db.session.scalars(select(Rating.stars)).all() == [5, 5]


def test_only_admins_see_any_of_it(helpdesk: Make, cast: Cast, browse: Any) -> None:
    one = helpdesk("chatwoot")
    id = one.tell(payloads.chatwoot_answer()).id
    pages = [
        f"/settings/doors/{one.door_id}",
        f"/settings/doors/{one.door_id}/deliveries",
        f"/settings/deliveries/{id}",
    ]
    for person in (cast.amina, cast.brian, cast.chloe, cast.dora):
        browser = browse(person)
        assert [browser.get(url).status_code for url in ["/settings/doors", *pages]] == [403] * 4
        assert browser.post(f"{pages[0]}/secret", {"secret": ""}).status_code == 403
    assert [browse(cast.ruth).get(url).status_code for url in pages] == [200] * 3
    assert browse(cast.ruth).get("/settings/deliveries/987654321").status_code == 404


def test_a_list_has_pages(helpdesk: Make, cast: Cast, browse: Any) -> None:
    one = helpdesk("chatwoot")
    for number in range(27):
        one.send({"event": "contact_created", "id": number})
    work_off(NOW)
    first = browse(cast.ruth).get(f"/settings/doors/{one.door_id}/deliveries").text
    assert first.count("contact_created") == 25
    second = browse(cast.ruth).get(f"/settings/doors/{one.door_id}/deliveries?page=2").text
    assert second.count("contact_created") == 2
    assert len(db.session.scalars(select(Delivery)).all()) == 27


def test_health_tells_what_waits(helpdesk: Make, browse: Any) -> None:
    helpdesk("chatwoot").send(payloads.chatwoot_answer())
    report = browse(None).get("/healthz/ready").json
    assert (report["webhooks_waiting"], report["webhooks_oldest_received_at"]) == (1, NOW.isoformat())
