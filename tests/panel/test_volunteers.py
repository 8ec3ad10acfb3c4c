"""Volunteering: two things to begin, seen, changed and erased by their owner alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from accounts import export
from accounts.actions import close_account
from accounts.merging import settle_all
from accounts.models import Level
from core import audit, clock
from core.exceptions import Invalid, Refused
from crowdtasks.panel import rules
from crowdtasks.panel.actions.keeping import erase_old, tell_before_erasing
from crowdtasks.panel.actions.volunteering import leave_panel
from crowdtasks.panel.models import Volunteer
from notifications.models import Notice
from tests.factories.panel import volunteer
from tests.factories.participation import make_citizen

pytestmark = pytest.mark.django_db
BACKEND = "accounts.backends.AccountBackend"


def _sign_in(client: Any, account: Any) -> None:
    client.force_login(account, backend=BACKEND)


def test_the_page_joins_changes_and_erases_without_a_script(client) -> None:
    account = make_citizen()
    assert client.get(reverse("panel:own")).status_code == 302
    _sign_in(client, account)
    page = client.get(reverse("panel:own")).content.decode()
    assert "csrfmiddlewaretoken" in page
    refused = client.post(reverse("panel:own"), {"devices": ["tablet"], "district": "sha-tin"})
    assert refused.status_code == 422
    # Nothing that was chosen is lost, and nothing is kept.
    assert 'value="sha-tin" selected' in refused.content.decode()
    assert 'value="tablet" checked' in refused.content.decode()
    assert not Volunteer.objects.exists()
    sent = {"age": "65-over", "devices": ["computer", "tablet"], "languages": ["cantonese"]}
    answer = client.post(reverse("panel:own"), sent)
    assert answer.status_code == 302
    row = Volunteer.objects.get(person=account.person)
    assert (row.age, row.devices, row.district) == ("65-over", ["tablet", "computer"], "")
    shown = client.get(answer.headers["Location"]).content.decode()
    assert "Thank you. You are a volunteer" in shown
    assert 'value="cantonese" checked' in shown
    client.post(reverse("panel:own"), {**sent, "languages": []})
    row.refresh_from_db()
    assert row.languages == []
    left = client.post(reverse("panel:leave"))
    assert not Volunteer.objects.exists()
    assert "You are no volunteer any more" in client.get(left.headers["Location"]).content.decode()
    assert audit.verify().ok


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"age": "under-18"}, "age"),
        ({"age": "12"}, "age"),
        ({"devices": []}, "devices"),
        ({"devices": ["toaster"]}, "devices"),
        ({"district": "elsewhere"}, "district"),
        ({"languages": ["latin"]}, "languages"),
        ({"assistive": ["x" * 5000]}, "assistive"),
    ],
)
def test_what_is_not_on_the_lists_is_refused_with_its_field(said, field) -> None:
    with pytest.raises(Invalid) as refused:
        volunteer(**said)
    assert refused.value.field == field
    assert not Volunteer.objects.exists()


def test_a_throw_away_address_cannot_be_invited_and_so_not_volunteer() -> None:
    account = make_citizen()
    account.person.level = Level.ANYONE
    with pytest.raises(Refused):
        volunteer(account)


def test_own_data_holds_what_was_said_and_a_closed_account_leaves_nothing() -> None:
    account, other = make_citizen(), make_citizen()
    volunteer(account, district="tai-po", assistive=["voice"])
    volunteer(other, district="sha-tin")
    (said,) = export.export_of(account)["volunteer"]
    assert (said["volunteer_district"], said["volunteer_assistive"]) == ("tai-po", ["voice"])
    close_account(account=account)
    assert list(Volunteer.objects.values_list("person", flat=True)) == [other.person_id]
    assert audit.verify().ok


def test_of_two_profiles_of_one_person_the_one_saved_last_stands() -> None:
    first, second = make_citizen(), make_citizen()
    volunteer(first, age="18-24")
    with clock.travel(dt.timedelta(hours=1)):
        volunteer(second, age="55-64")
    settle_all(keep=first.person, gone=second.person)
    row = Volunteer.objects.get()
    assert (row.person, row.age) == (first.person, "55-64")
    assert not leave_panel(person=second.person)


@pytest.mark.db
def test_what_nobody_looked_at_is_told_about_and_erased() -> None:
    account = make_citizen()
    row = volunteer(account)
    assert (tell_before_erasing(), erase_old()) == (0, 0)
    with clock.travel(rules.KEPT - rules.TOLD + dt.timedelta(minutes=1)):
        assert (tell_before_erasing(), tell_before_erasing()) == (1, 0)
        assert Notice.objects.filter(kind="volunteer-ends", account=account).count() == 1
        assert erase_old() == 0
    with clock.travel(rules.KEPT + dt.timedelta(minutes=2)):
        # Saved again at the last moment: it stands, and is told about anew in its time.
        other = volunteer(account)
        assert (other.pk, other.told_at) == (row.pk, None)
        assert erase_old() == 0
    with clock.travel(2 * rules.KEPT + dt.timedelta(days=1)):
        # The schedule stood still: nobody loses what they were not told about.
        assert erase_old() == 0
        assert tell_before_erasing() == 1
    with clock.travel(2 * rules.KEPT + rules.TOLD + dt.timedelta(days=2)):
        assert erase_old() == 1
    assert not Volunteer.objects.exists()
    assert audit.verify().ok


def test_what_it_is_for_is_public_the_same_for_everybody_and_linked(client, tree) -> None:
    pages = [client.get(f"/{language}/volunteers/") for language in ("en", "zh-hant", "zh-hans")]
    for page in pages:
        assert page.status_code == 200
        assert "csrfmiddlewaretoken" not in page.content.decode()
        assert not page.cookies
    assert "at most 3 times within 90 days" in pages[0].content.decode()
    assert "/en/volunteers/" in client.get("/en/products/").content.decode()
    _sign_in(client, make_citizen())
    assert client.get("/en/volunteers/").content.decode() == pages[0].content.decode()
    assert reverse("panel:own") in client.get("/en/account/").content.decode()
