"""Own statements: similar ones first, sign-in last, then the queue and what a decision does."""

import pytest
from django.urls import reverse

from accounts.models import Role
from consultations.actions.statements import (
    clean_statement,
    propose_statement,
    similar_statements,
)
from consultations.models import Statement
from core import audit, clock
from core.exceptions import Absent, Closed, Invalid, Refused
from moderation import registry
from moderation.models import Item
from participation.actions.contributions import withdraw_contribution
from participation.actions.votes import cast_vote
from participation.models import Contribution, PendingAct, Receipt
from search.writing import rebuild
from tests.factories.engagements import grant, make_account, make_engagement
from tests.factories.statements import make_statement

pytestmark = [pytest.mark.db, pytest.mark.django_db]

WORDS = "Every estate should have a recycling point."


@pytest.fixture
def engagement():
    return make_engagement()


def propose(engagement, text=WORDS, account=None, **options) -> Receipt:
    account = account or make_account()
    return propose_statement(
        engagement=engagement,
        person=account.person,
        account=account,
        text=text,
        language=options.pop("language", "en"),
        **options,
    )


def test_a_proposed_statement_waits_in_the_register_and_the_queue(engagement):
    account = make_account()
    receipt = propose(engagement, account=account, idempotency_key="k")
    statement = Statement.objects.get()
    entry = receipt.contribution
    assert (statement.state, entry.state, entry.kind) == ("held", "held", "statement")
    assert (statement.text, statement.author) == ({"en": WORDS}, account.person)
    assert entry.author_name == ""
    assert Item.objects.get(kind="statement").target_id == entry.public_id
    with pytest.raises(Absent):
        cast_vote(ballot=statement.ballot, person=account.person, choice=1)
    assert propose(engagement, account=account, idempotency_key="k") == receipt
    assert Statement.objects.count() == 1
    assert audit.verify().ok


def test_a_moderator_puts_it_to_people_or_seals_it(engagement):
    moderator = make_account()
    grant(moderator, Role.MODERATOR)
    target = registry.find("statement")
    first = propose(engagement).contribution
    view = target.load(first.public_id)
    assert (view.text, view.language, view.version, view.public) == (WORDS, "en", 1, False)
    target.publish(first.public_id, moderator, 1)
    statement = Statement.objects.select_related("ballot").get()
    assert statement.state == "published"
    cast_vote(ballot=statement.ballot, person=make_account().person, choice=1)
    assert target.load(first.public_id).public
    target.withhold(first.public_id, moderator, 1, "r1", "")
    statement = Statement.objects.select_related("ballot").get()
    assert statement.state == "withheld"
    with pytest.raises(Absent):
        cast_vote(ballot=statement.ballot, person=make_account().person, choice=1)
    assert statement.ballot.votes.count() == 1
    assert target.load("nothing") is None
    with pytest.raises(Absent):
        target.publish("nothing", moderator, 1)
    assert audit.verify().ok


def test_its_author_takes_it_back(engagement):
    account = make_account()
    entry = propose(engagement, account=account).contribution
    withdraw_contribution(contribution=entry, person=account.person, account=account)
    statement = Statement.objects.get()
    assert statement.state == "withheld"
    assert statement.retired_at is not None
    assert registry.find("statement").load(entry.public_id) is None
    assert audit.verify().ok


def test_under_the_policy_after_it_is_put_to_people_at_once():
    engagement = make_engagement(moderation_policy="after")
    propose(engagement)
    assert Statement.objects.get().state == "published"


def test_what_is_there_already_is_answered_not_said_twice(engagement):
    make_statement(engagement, texts={"en": "One.", "zh-hant": "膠袋應該收費。"})
    for same in ("膠袋應該收費。", "胶袋应该收费。", "  ONE.  "):
        with pytest.raises(Invalid) as refusal:
            propose(engagement, text=same)
        assert refusal.value.code == "statement_there"
    assert not Contribution.objects.exists()


@pytest.mark.parametrize(
    "text", ["", "   ", "\u200b\u200b", "a\x00b", "\ud800", "x" * 141, "𨋢" * 141, None, 7, ["a"]]
)
def test_words_that_cannot_be_put_to_people(engagement, text):
    with pytest.raises(Invalid):
        propose(engagement, text=text)
    assert not Contribution.objects.exists()


def test_a_hundred_and_forty_code_points_in_one_line():
    assert clean_statement("𨋢" * 140) == "𨋢" * 140
    assert clean_statement("two\r\nlines") == "two lines"


def test_levels_and_phases_hold(engagement):
    strict = make_engagement(levels={"statement": 3})
    with pytest.raises(Refused):
        propose(strict)
    account = make_account()
    with clock.freeze(engagement.closes_at), pytest.raises(Closed):
        propose(engagement, account=account)
    assert not Contribution.objects.exists()


def test_similar_ones_are_found_in_either_script(engagement):
    near = make_statement(engagement, texts={"zh-hant": "每個屋苑都應該設有回收點。"})
    make_statement(engagement, texts={"zh-hant": "巴士應該減價。"})
    make_statement(engagement, texts={"zh-hant": "每個屋苑應該設有回收點。"}, state="held")
    rebuild()
    assert similar_statements(engagement, "每个屋苑应该设有回收点") == [near]


# --- pages ------------------------------------------------------------------------------------


@pytest.fixture
def path(engagement, tree):
    return reverse("consultations:propose", args=[engagement.public_id])


def form(text=WORDS, **more):
    return {"text": text, "key": "form-key", **more}


def test_signed_in_it_is_sent_and_leads_to_its_receipt(client, engagement, path):
    client.force_login(make_account())
    assert client.get(path).status_code == 200
    response = client.post(path, form())
    receipt = Receipt.objects.get()
    assert response.headers["Location"] == reverse("participation:receipt", args=[receipt.code])
    assert client.post(path, form()).headers["Location"] == response.headers["Location"]
    assert Statement.objects.count() == 1


def test_similar_ones_are_shown_once_with_buttons_to_answer(client, engagement, path):
    near = make_statement(engagement, text="Every estate needs a recycling point.")
    rebuild()
    client.force_login(make_account())
    html = client.post(path, form()).content.decode()
    assert "Does one of these say it already?" in html
    assert f'name="statement" value="{near.public_id}"' in html
    assert WORDS in html
    assert Statement.objects.count() == 1
    assert client.post(path, form(seen=WORDS)).status_code == 302
    assert Statement.objects.count() == 2
    # Other words are compared anew, whatever was seen before.
    other = client.post(path, form("Every estate needs a recycling place.", seen=WORDS))
    assert "Does one of these say it already?" in other.content.decode()


def test_a_visitor_writes_first_and_signs_in_last(client, engagement, path):
    response = client.post(path, form())
    check = reverse("consultations:statement_check", args=[engagement.public_id])
    assert response.headers["Location"] == check
    assert PendingAct.objects.get().payload == {"text": WORDS}
    assert client.get(check).headers["Location"].startswith("/en/account/sign-in/?next=")
    assert WORDS in client.get(path).content.decode()
    assert not Contribution.objects.exists()
    client.force_login(make_account())
    assert WORDS in client.get(check).content.decode()
    response = client.post(check)
    receipt = Receipt.objects.get()
    assert response.headers["Location"] == reverse("participation:receipt", args=[receipt.code])
    assert client.post(check).headers["Location"] == response.headers["Location"]
    assert Statement.objects.count() == 1


@pytest.mark.parametrize("text", ["", "x" * 141, "\u200b", "a\x00b"])
def test_the_typed_text_stays_when_it_is_refused(client, engagement, path, text):
    response = client.post(path, form(text))
    assert response.status_code == 422
    assert not PendingAct.objects.exists()
    if text.startswith("x"):
        assert text in response.content.decode()


def test_after_the_close_it_says_so_and_keeps_the_words(client, engagement, path):
    client.force_login(make_account())
    with clock.freeze(engagement.closes_at):
        assert client.get(path).status_code == 409
        response = client.post(path, form())
    assert response.status_code == 409
    assert WORDS in response.content.decode()
    assert not Contribution.objects.exists()
