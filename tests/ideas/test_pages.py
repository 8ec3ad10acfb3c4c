"""Pages of contests and ideas: what everybody reads, in as many queries for 50 ideas as for one."""

import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.dates import last_minute, local
from ideas.actions.ideas import edit_idea
from ideas.models import Idea, IdeaDraft
from notifications.models import Notice
from participation.models import Engagement
from tests.factories.ideas import (
    make_contest,
    make_idea,
    make_many_ideas,
    make_public_idea,
    submit,
)
from tests.factories.participation import make_citizen, make_public_comment
from tests.factories.votes import in_the_vote, make_voting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
BACKEND = "accounts.backends.AccountBackend"


@pytest.fixture
def contest() -> Engagement:
    return make_contest(title="Cooler streets")[1]


def _signed_in(account) -> Client:
    client = Client()
    client.force_login(account, backend=BACKEND)
    return client


def _list(contest: Engagement, query: str = "?seed=5") -> str:
    return f"/en/e/{contest.public_id}/ideas/{query}"


def _titles(client: Client, contest: Engagement, query: str) -> list[str]:
    page = client.get(_list(contest, query)).content.decode()
    return re.findall(r'class="govuk-link" href="/en/ideas/[^"]+"[^>]*>([^<]+)</a>', page)


def test_the_contest_in_three_languages(client, contest):
    for language, word in (
        ("en", "Hand in an idea"),
        ("zh-hant", "提交點子"),
        ("zh-hans", "提交点子"),
    ):
        answer = client.get(contest.paths[language])
        assert answer.status_code == 200
        assert word in answer.content.decode()
    assert "Criterion 1" in client.get(contest.paths["en"]).content.decode()
    listed = client.get("/en/contests/").content.decode()
    assert contest.paths["en"] in listed
    assert contest.paths["en"] in client.get("/en/contests/epd/").content.decode()


def test_a_contest_is_no_consultation(client, contest):
    assert contest.paths["en"] not in client.get("/en/consultations/").content.decode()


def test_drafts_and_unknown_ones_are_absent(client):
    assert client.get("/en/contests/epd/nothing/").status_code == 404
    assert client.get("/en/e/nothing/ideas/?seed=1").status_code == 404


@pytest.mark.parametrize("many", [50])
def test_as_many_queries_for_one_idea_as_for_fifty(client, many):
    counts: dict[str, list[int]] = {}
    for number in (1, many):
        contest = make_contest()[1]
        make_many_ideas(contest, number)
        account = make_citizen()
        idea = make_public_idea(contest, account=account)
        for _each in range(1 if number == 1 else 5):
            idea.thread.refresh_from_db()
            idea.thread.engagement = contest
            make_public_comment(contest, thread=idea.thread)
        own = _signed_in(account)
        for name, address, reader in (
            ("contest", contest.paths["en"], client),
            ("contests", "/en/contests/", client),
            ("list", _list(contest), client),
            ("filtered", _list(contest, "?seed=5&district=sha-tin&q=idea"), client),
            ("discussed", _list(contest, "?sort=discussed"), client),
            ("one", f"/en/e/{contest.public_id}/ideas/1/?seed=5", client),
            ("idea", f"/en/ideas/{idea.contribution.public_id}/", client),
            ("account", "/en/account/", own),
        ):
            cache.clear()
            reader.get(address)
            cache.clear()
            with CaptureQueriesContext(connection) as queries:
                assert reader.get(address).status_code == 200
            counts.setdefault(name, []).append(len(queries))
    assert {name: pair for name, pair in counts.items() if pair[0] != pair[1]} == {}
    assert {name: pair for name, pair in counts.items() if pair[0] > 20} == {}


def test_shuffled_is_stable_for_a_seed_and_another_for_another(client, contest):
    for number in range(12):
        make_public_idea(contest, f"Idea {number}")
    first = _titles(client, contest, "?seed=5")
    assert len(first) == 12
    assert _titles(client, contest, "?seed=5") == first
    orders = {tuple(_titles(client, contest, f"?seed={seed}")) for seed in range(1, 9)}
    assert len(orders) > 5
    answer = client.get(_list(contest, ""))
    assert answer.status_code == 302
    assert re.search(r"seed=\d+", answer["Location"])
    assert "no-store" in answer["Cache-Control"]


def test_one_at_a_time_goes_through_the_same_order(client, contest):
    for number in range(3):
        make_public_idea(contest, f"Idea {number}")
    wanted = _titles(client, contest, "?seed=9")
    found = []
    for place in (1, 2, 3):
        page = client.get(f"/en/e/{contest.public_id}/ideas/{place}/?seed=9").content.decode()
        found.append(re.search(r"<h1[^>]*>([^<]+)</h1>", page)[1])
    assert found == wanted
    for place in (0, 4, 99999999999):
        assert client.get(f"/en/e/{contest.public_id}/ideas/{place}/?seed=9").status_code == 404


def test_facets_search_and_orders(client, contest):
    account = make_citizen()
    trees = make_public_idea(contest, "種樹遮蔭", account=account, language="zh-hant")
    benches = make_public_idea(contest, "Benches")
    category = contest.contest.categories.get(block_id="c2")
    trees.contribution.refresh_from_db()
    edit_idea(
        idea=trees,
        person=account.person,
        account=account,
        title=trees.title,
        text=trees.text,
        category=category.key,
        tags=["綠化"],
        district="north",
        version=1,
    )
    from tests.factories.participation import decide

    decide(trees.contribution)
    benches.thread.refresh_from_db()
    benches.thread.engagement = contest
    make_public_comment(contest, thread=benches.thread)
    assert _titles(client, contest, f"?seed=1&category={category.key}") == ["種樹遮蔭"]
    assert _titles(client, contest, "?seed=1&district=north") == ["種樹遮蔭"]
    assert _titles(client, contest, "?seed=1&district=eastern") == []
    assert _titles(client, contest, "?seed=1&tag=绿化") == ["種樹遮蔭"]
    # In the other script, by word, and by a word that is nowhere.
    assert _titles(client, contest, "?seed=1&q=种树") == ["種樹遮蔭"]
    assert _titles(client, contest, "?seed=1&q=benches") == ["Benches"]
    assert _titles(client, contest, "?seed=1&q=zebra") == []
    assert _titles(client, contest, "?sort=newest") == ["Benches", "種樹遮蔭"]
    assert _titles(client, contest, "?sort=discussed") == ["Benches", "種樹遮蔭"]
    page = client.get(_list(contest, "?seed=1&status=done&page=9&district=mars&sort=loudest"))
    assert page.status_code == 200


def test_what_is_held_is_nowhere(client, contest):
    idea = make_idea(contest, "Not for you yet")
    for address in (
        contest.paths["en"],
        _list(contest),
        _list(contest, "?seed=1&q=not"),
        f"/en/e/{contest.public_id}/comments/?on={idea.thread.key}",
        f"/en/e/{contest.public_id}/ideas/similar/?title=Not+for+you",
    ):
        assert "Not for you yet" not in client.get(address).content.decode(), address
    for tail in ("", "versions/"):
        answer = client.get(f"/en/ideas/{idea.contribution.public_id}/{tail}")
        assert answer.status_code == 404


def test_public_pages_are_the_same_bytes_for_everybody(contest):
    account = make_citizen()
    idea = make_public_idea(contest, account=account)
    for address in (
        contest.paths["en"],
        _list(contest),
        f"/en/ideas/{idea.contribution.public_id}/",
    ):
        cache.clear()
        anonymous = Client().get(address).content
        cache.clear()
        assert _signed_in(account).get(address).content == anonymous


def test_written_first_signed_in_last(contest):
    client = Client()
    make_public_idea(contest, "Shade at bus stops")
    start = f"/en/e/{contest.public_id}/ideas/write/"
    assert client.get(start).status_code == 200
    refused = client.post(start, {"title": "", "text": "Something"})
    assert refused.status_code == 422
    assert "Something" in refused.content.decode()
    answer = client.post(start, {"title": "Shade at tram stops", "text": "A roof."})
    check = answer["Location"]
    page = client.get(check).content.decode()
    assert "Shade at bus stops" in page, "ideas like it are shown before it is handed in"
    answer = client.post(check)
    assert answer.status_code == 302
    assert "/account/sign-in/" in answer["Location"]
    assert not Idea.objects.filter(title="Shade at tram stops").exists()
    account = make_citizen()
    session = dict(client.session)
    client.force_login(account, backend=BACKEND)
    kept = client.session
    kept["held_acts"] = session["held_acts"]
    kept.save()
    answer = client.post(check)
    assert "/receipts/" in answer["Location"]
    assert client.post(check)["Location"] == answer["Location"]
    idea = Idea.objects.get(title="Shade at tram stops")
    receipt = client.get(answer["Location"]).content.decode()
    assert f"/en/ideas/{idea.contribution.public_id}/edit/" in receipt
    assert "A roof." in receipt
    assert "A roof." not in Client().get(answer["Location"]).content.decode()


def test_kept_as_a_draft_then_handed_in(contest):
    account = make_citizen()
    client = _signed_in(account)
    start = f"/en/e/{contest.public_id}/ideas/write/"
    check = client.post(start, {"title": "Half", "text": "To be written."})["Location"]
    assert client.post(check, {"keep": "1"})["Location"].endswith("#my-ideas")
    draft = IdeaDraft.objects.get()
    page = client.get("/en/account/").content.decode()
    assert draft.public_id in page
    again = f"{start}?draft={draft.public_id}"
    assert "To be written." in client.get(again).content.decode()
    assert _signed_in(make_citizen()).get(again).status_code == 404
    assert Client().get(again).status_code == 404
    check = client.post(again, {"title": "Whole", "text": "Written."})["Location"]
    assert "/receipts/" in client.post(check)["Location"]
    assert not IdeaDraft.objects.exists()
    assert Idea.objects.get().title == "Whole"


def test_edited_through_the_form_with_tags_that_cannot_be(contest):
    account = make_citizen()
    client = _signed_in(account)
    idea = make_idea(contest, account=account)
    address = f"/en/ideas/{idea.contribution.public_id}/edit/"
    typed = {"title": "New", "text": "Words", "district": "", "place": "", "version": "1"}
    refused = client.post(address, {**typed, "tags": "🌳"})
    assert refused.status_code == 422
    assert "id_tags-error" in refused.content.decode()
    assert client.post(address, {**typed, "tags": "tram, night"}).status_code == 302
    idea.refresh_from_db()
    assert (idea.title, sorted(idea.tags.names())) == ("New", ["night", "tram"])
    shown = client.get(f"/en/ideas/{idea.contribution.public_id}/versions/").content.decode()
    assert "<ins>" in shown
    assert "<del>" in shown


def test_withdrawn_through_the_registers_own_page(contest):
    account = make_citizen()
    client = _signed_in(account)
    idea = make_public_idea(contest, account=account)
    address = f"/en/contributions/{idea.contribution.public_id}/withdraw/"
    assert idea.title in client.get(address).content.decode()
    assert client.post(address).status_code == 302
    assert client.get(f"/en/ideas/{idea.contribution.public_id}/").status_code == 404


def test_the_form_of_a_contest_that_has_closed_says_so(client):
    contest = make_contest(opens=-30, closes=-2)[1]
    answer = client.get(f"/en/e/{contest.public_id}/ideas/write/")
    assert answer.status_code == 409
    answer = client.post(
        f"/en/e/{contest.public_id}/ideas/write/", {"title": "Late", "text": "Late."}
    )
    page = client.get(answer["Location"]).content.decode()
    assert "Late." in page
    assert "It was not handed in." in page


def test_a_comment_hangs_on_the_idea(client, contest):
    idea = make_public_idea(contest)
    idea.thread.refresh_from_db()
    idea.thread.engagement = contest
    make_public_comment(contest, "I walk there daily.", thread=idea.thread)
    page = client.get(f"/en/ideas/{idea.contribution.public_id}/").content.decode()
    assert "I walk there daily." in page
    listed = client.get(f"/en/e/{contest.public_id}/comments/?on={idea.thread.key}")
    assert idea.title in listed.content.decode()


def test_the_mail_of_the_receipt_names_no_comment(contest, mailoutbox):
    from core import jobs

    submit(contest, account=make_citizen())
    jobs.drain()
    bodies = [mail.body for mail in mailoutbox]
    assert any("What you sent in to" in body for body in bodies), bodies


def test_a_receipt_says_until_when_the_idea_can_be_changed_and_when_all_closes(client):
    contest = make_voting(ideas=0)[1].ballot.engagement
    receipt = submit(contest)
    call, vote = contest.phases.get(key="call"), contest.phases.get(key="vote")
    params = Notice.objects.get(kind="receipt").params
    assert (params["closes_at"], params["ends_at"]) == (
        call.closes_at.isoformat(),
        vote.closes_at.isoformat(),
    )
    for language, words in (
        ("en", ("Can be changed until", "Closes")),
        ("zh-hant", ("可修改至", "截止日期")),
    ):
        said = client.get(f"/{language}/receipts/{receipt.code}/").content.decode()
        rows = dict(re.findall(r'__key">([^<]+)</dt><dd[^>]*><time datetime="([^"]+)"', said))
        shown = [
            local(last_minute(one.closes_at)).isoformat(timespec="seconds") for one in (call, vote)
        ]
        assert [rows[one] for one in words] == shown
    with in_the_vote():
        said = client.get(f"/en/receipts/{receipt.code}/").content.decode()
        assert "Could be changed until" in said
    # A box never closes.
    box = make_contest(standing=True, closes_on=None, response_due=None)[1]
    code = submit(box).code
    assert "2199" not in client.get(f"/en/receipts/{code}/").content.decode()
    params = Notice.objects.filter(kind="receipt").latest("pk").params
    assert params["always"] == "yes"
    assert "closes_at" not in params
