"""Partner bodies of a contest: named in public, and their officers work on it."""

from __future__ import annotations

import pytest
from django.test import Client

from consultations.actions.paper import publish_paper
from core.exceptions import Absent, Invalid
from ideas.access import access_contest_of_bureau
from tests.factories.consultations import translate_all
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
