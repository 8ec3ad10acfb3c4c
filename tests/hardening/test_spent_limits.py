"""Each act that names a limit is refused once it is spent: 429, nothing written, others go on."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions import close_account, grant_role, invite, revoke_invitation
from accounts.models import Account, Role
from config.limits import KAIFONG_LIMITS
from consultations.actions.approval import approve_paper, send_back, submit_paper, take_back
from consultations.actions.breaks import correct_breaks
from consultations.actions.extension import extend_paper
from consultations.actions.paper import start_paper
from consultations.actions.translation import confirm_sentence, save_translations
from core.exceptions import TooMany
from notifications.actions import mark_read
from notifications.models import Notice
from participation.actions.contributions import withdraw_contribution
from participation.actions.follows import confirm_follow, end_follow, follow_engagement
from participation.actions.outcomes import (
    approve_outcome,
    save_outcome,
    send_back_outcome,
    submit_outcome,
)
from participation.models import Contribution, Follow
from tests.factories.consultations import make_paper_draft
from tests.factories.desk import make_administrator, make_approver, make_officer
from tests.factories.engagements import make_bureau, make_engagement
from tests.factories.participation import make_citizen, make_receipt
from tests.factories.statements import make_statement

pytestmark = pytest.mark.django_db
#: Windows begin at fixed instants: none begins in the middle of a test.
AGES = 10**9


@pytest.fixture
def spent(settings):
    """Leaves nothing of a limit."""

    def leave_nothing(name: str, count: int = 0) -> None:
        settings.KAIFONG_LIMITS = {**KAIFONG_LIMITS, name: ((count, AGES),)}

    return leave_nothing


def test_searching_is_limited_by_address_and_the_register_itself_is_not(client, tree, spent):
    spent("search", 1)
    make_engagement(title="Bags")
    path = "/en/consultations/"
    assert client.get(path, {"q": "bags"}).status_code == 200
    # A kept page asks the database nothing.
    assert client.get(path, {"q": "bags"}).status_code == 200
    refused = client.get(path, {"q": "other"})
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert client.get(path).status_code == 200
    assert client.get(path, {"state": "open"}).status_code == 200
    elsewhere = client.get(path, {"q": "other"}, REMOTE_ADDR="198.51.100.7")
    assert elsewhere.status_code == 200


def test_searching_by_programs_has_the_same_limit(client, spent):
    spent("search", 1)
    path = "/api/v1/consultations"
    assert client.get(path, {"q": "bags"}).status_code == 200
    refused = client.get(path, {"q": "bags"})
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert client.get(path).status_code == 200


def test_choosing_before_signing_in_is_limited_by_address(client, tree, spent):
    spent("hold_vote", 1)
    engagement = make_engagement()
    path = reverse("consultations:statements", args=[engagement.public_id])
    answers = []
    for visit in (client, Client()):
        statement = make_statement(engagement)
        answers.append(visit.post(path, {"statement": statement.public_id, "choice": "agree"}))
    assert [each.status_code for each in answers] == [302, 429]


def test_withdrawing_is_limited_and_the_entry_stays(spent):
    citizen = make_citizen()
    entry = make_receipt(make_engagement(), account=citizen).contribution
    assert entry is not None
    spent("withdraw")
    with pytest.raises(TooMany):
        withdraw_contribution(contribution=entry, person=citizen.person, account=citizen)
    assert Contribution.objects.get().state != "withdrawn"


def test_each_follow_is_limited_by_itself(spent):
    engagement = make_engagement()
    follows = [
        follow_engagement(engagement=engagement, email=f"reader{number}@people.example", source="x")
        for number in range(2)
    ]
    spent("follow_change", 1)
    for follow in follows:
        confirm_follow(token=follow.token)
    with pytest.raises(TooMany):
        end_follow(token=follows[0].token)
    assert Follow.objects.filter(ended_at=None).count() == 2


def test_the_own_account_is_limited(spent):
    citizen = make_citizen()
    spent("settings_change")
    with pytest.raises(TooMany):
        close_account(account=citizen)
    spent("notice_read")
    with pytest.raises(TooMany):
        mark_read(notices=Notice.objects.all(), by=citizen)
    assert Account.objects.filter(pk=citizen.pk).exists()


def test_managing_people_is_limited_for_accounts_and_not_for_the_system(tree, spent):
    administrator, citizen = make_administrator(), make_citizen()
    sent = invite(email="new@people.example", role=Role.JUROR, by=administrator)
    spent("manage_people")
    with pytest.raises(TooMany):
        revoke_invitation(invitation=sent, by=administrator)
    with pytest.raises(TooMany):
        grant_role(account=citizen, role=Role.JUROR, by=administrator)
    assert grant_role(account=citizen, role=Role.JUROR, by="system")


def test_the_desk_is_limited_and_imports_are_not(spent):
    officer, approver = make_officer(), make_approver()
    page = make_paper_draft(by=officer)
    other = make_paper_draft(by=officer)
    waiting = submit_paper(page=page, by=officer)
    new: dict[str, Any] = {"bureau": make_bureau(), "title": "New", "source_language": "en"}
    spent("desk_step")
    for step in (
        lambda: start_paper(**new, by=officer),
        lambda: submit_paper(page=other, by=officer),
        lambda: take_back(submission=waiting, by=officer),
        lambda: approve_paper(submission=waiting, by=approver),
        lambda: send_back(submission=waiting, note="Why?", by=approver),
        lambda: extend_paper(page=page, last_day=None, response_due=None, reason={}, by=officer),
    ):
        with pytest.raises(TooMany):
            step()
    waiting.refresh_from_db()
    assert waiting.state == "waiting"
    assert start_paper(**new, by=None).pk
    spent("desk_write")
    with pytest.raises(TooMany):
        save_translations(page=other, language="zh-hant", texts={}, by=officer)
    with pytest.raises(TooMany):
        confirm_sentence(page=other, language="zh-hant", key="1-1", by=officer)
    with pytest.raises(TooMany):
        correct_breaks(page=other, typed=[], by=officer)


def test_outcomes_are_limited(spent):
    officer, approver = make_officer(), make_approver()
    engagement = make_engagement()
    spent("desk_write")
    with pytest.raises(TooMany):
        save_outcome(engagement=engagement, text={"en": "Done."}, by=officer)
    spent("desk_step")
    for step in (
        lambda: submit_outcome(engagement=engagement, by=officer),
        lambda: approve_outcome(engagement=engagement, by=approver),
        lambda: send_back_outcome(engagement=engagement, note="Why?", by=approver),
    ):
        with pytest.raises(TooMany):
            step()
    assert not hasattr(engagement, "outcome")
