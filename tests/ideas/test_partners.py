"""Partner bodies of contests and papers: named in public, and their officers work on it."""

from __future__ import annotations

import pytest
from django.test import Client

from consultations.actions.paper import publish_paper
from consultations.models import ConsultationPage
from core.exceptions import Absent, Invalid
from ideas.access import access_contest_of_bureau
from participation.policies import can_reply_officially
from tests.api.conftest import Api
from tests.factories.consultations import edit_paper, make_paper, today, translate_all
from tests.factories.desk import make_officer
from tests.factories.engagements import make_account, make_bureau
from tests.factories.ideas import edit_contest, make_contest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]


def test_partners_are_named_and_their_officers_reach_the_desk(client: Client) -> None:
    partner, other = make_bureau("LCSD"), make_bureau("HAD")
    owner = make_bureau()
    # Neither the owner itself nor what is no body becomes a partner.
    page, engagement = make_contest(bureau=owner, partners=["LCSD", owner.code, "NOBODY"])
    assert [one.code for one in engagement.partners.all()] == ["LCSD"]
    for language, words in (
        ("en", "Together with: "),
        ("zh-hant", "合辦部門："),
        ("zh-hans", "合办部门："),
    ):
        said = client.get(engagement.paths[language]).content.decode()
        assert f"{words}{partner.name[language]}</p>" in said
    assert access_contest_of_bureau(engagement.public_id, make_officer(partner)) == engagement
    with pytest.raises(Absent):
        access_contest_of_bureau(engagement.public_id, make_officer(other))
    # Who runs it is one of the rules: after the opening a change is announced with its reason.
    edit_contest(page, partners=["LCSD", "HAD"])
    with pytest.raises(Invalid) as refused:
        publish_paper(page=page, by=None)
    assert refused.value.field == "rules_reason"
    edit_contest(page, rules_reason="The districts help.")
    translate_all(page, make_account())
    publish_paper(page=page, by=None)
    assert {one.code for one in engagement.partners.all()} == {"LCSD", "HAD"}
    assert engagement.contest.rules.first().rules["partners"] == ["HAD", "LCSD"]
    assert access_contest_of_bureau(engagement.public_id, make_officer(other)) == engagement


def test_a_paper_names_its_partners_who_stand_from_the_opening_on(client: Client) -> None:
    partner, officer = make_bureau("LCSD"), make_officer()
    make_bureau("HAD")
    page, engagement = make_paper(by=officer, partners=["LCSD"], opens=3)
    edit_paper(page, partners=["LCSD", "HAD"])
    publish_paper(page=page, by=None)
    assert {one.code for one in engagement.partners.all()} == {"LCSD", "HAD"}
    edit_paper(page, partners=["LCSD"], opens_on=today())
    engagement = publish_paper(page=page, by=None)
    said = client.get(engagement.paths["zh-hant"]).content.decode()
    assert f"合辦部門：{partner.name['zh-hant']}</p>" in said
    assert can_reply_officially(make_officer(partner), engagement).allowed
    for path in (f"consultations/{engagement.public_id}", "consultations"):
        found = Api().ask("GET", path)[1]
        row = found["items"][0] if "items" in found else found
        assert [one["code"] for one in row["partners"]] == ["LCSD"]
    # People wrote knowing who reads it: the editor says so at once, publishing refuses.
    edit_paper(page, partners=["HAD"])
    form_class = ConsultationPage.get_edit_handler().get_form_class()
    draft = page.get_latest_revision_as_object()
    form = form_class(instance=draft, for_user=officer, parent_page=page.get_parent())
    data = {name: form[name].value() or "" for name in form.fields}
    data |= {f"{name}-count": "0" for name in ("body", "statements", "key_dates", "questions")}
    bound = form_class(data, instance=draft, for_user=officer, parent_page=page.get_parent())
    assert not bound.is_valid()
    assert "partners" in bound.errors
    with pytest.raises(Invalid) as refused:
        publish_paper(page=page, by=None)
    assert refused.value.field == "partners"
    assert [one.code for one in engagement.partners.all()] == ["LCSD"]
