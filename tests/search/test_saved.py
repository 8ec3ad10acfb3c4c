"""Saved searches: kept once, only their owner's, and told of what is new, each thing once."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Account
from core import audit, clock, dates
from core.exceptions import Invalid, Refused
from ideas.actions.ideas import edit_idea
from ideas.models import Idea
from notifications.models import Notice
from search.actions.matching import forget, match
from search.actions.saving import (
    MOST,
    change_search,
    next_time,
    remove_search,
    save_search,
    stop_notices,
)
from search.actions.synonyms import add_synonyms
from search.actions.telling import tell
from search.asking import ask
from search.filters import read_filters
from search.live import Narrowing
from search.models import (
    Every,
    SavedHit,
    SavedQuestion,
    SavedSearch,
    SavedToken,
    SearchArrival,
    SearchDoc,
    SearchScope,
)
from search.tasks import tell_now
from search.writing import rebuild
from tests.factories.consultations import make_paper, make_paper_draft
from tests.factories.engagements import grant, make_account, make_bureau
from tests.factories.ideas import make_contest, make_idea, make_many_ideas, make_public_idea
from tests.factories.participation import decide
from tests.search.counted import number_of_queries
from tests.search.test_bad_input import TABLE

pytestmark = [pytest.mark.django_db]


def filters(query: str) -> Any:
    return read_filters(QueryDict(query))


def save(query: str, account: Account | None = None, every: str = Every.SOON) -> SavedSearch:
    return save_search(filters=filters(query), every=every, account=account or make_account())


def told(account: Account) -> list[dict[str, Any]]:
    rows = Notice.objects.filter(account=account, kind="saved-search").order_by("pk")
    return list(rows.values_list("params", flat=True))


@pytest.fixture(scope="module")
def world(rows_of_the_module: None) -> dict[str, Any]:
    _page, contest = make_contest(title="Wombat ideas", moderation_policy="before")
    idea = make_public_idea(contest, "Wombat bridges", text="Over every road.")
    match()
    return {"contest": contest, "idea": idea}


@pytest.mark.usefixtures("world")
class TestSaving:
    def test_the_same_search_is_kept_once_in_every_script_and_case(self):
        account = make_account()
        asked = f"q={quote('垃圾收費 Charges')}"
        first = save(f"{asked}&kind=idea&kind=contest&sort=newest", account)
        again = save("kind=contest&q=" + quote("垃圾收费  charge") + "&kind=idea&page=4", account)
        assert again.pk == first.pk
        again.refresh_from_db()
        assert (again.words, again.sort) == ("垃圾收费 charge", "relevance")
        save("q=" + quote("垃圾收費 charges"), account)
        save("q=" + quote("垃圾收费 CHARGES"))
        assert SavedQuestion.objects.count() == 2
        assert SavedSearch.objects.filter(account=account).count() == 2
        assert audit.verify().ok

    def test_somebody_else_s_is_nobody_s(self):
        row = save("q=wombat")
        for act in (
            lambda: change_search(search=row, every=Every.OFF, by=make_account()),
            lambda: remove_search(search=row, by=make_account()),
        ):
            with pytest.raises(Refused):
                act()

    def test_a_question_goes_with_the_last_who_kept_it(self):
        first, second = make_account(), make_account()
        rows = [save("q=wombat", first), save("q=wombat", second)]
        remove_search(search=rows[0], by=first)
        assert SavedQuestion.objects.exists()
        remove_search(search=rows[1], by=second)
        remove_search(search=rows[1], by=second)
        assert not SavedQuestion.objects.exists()
        assert not SavedToken.objects.exists()
        assert audit.verify().ok

    def test_the_notices_that_repeat_its_words_go_with_it(self, world):
        account, other = make_account(), make_account()
        row = save("q=dementia+help", account)
        save("q=dementia", account)
        save("q=dementia+help", other)
        make_public_idea(world["contest"], "Dementia help")
        tell_now()
        assert [len(told(each)) for each in (account, other)] == [2, 1]
        remove_search(search=row, by=account)
        assert [params["asked"] for params in told(account)] == ["dementia"]
        assert len(told(other)) == 1
        words = Notice.objects.filter(account=account).values_list("params", "path")
        assert "help" not in str(list(words))

    def test_nobody_keeps_more_than_twenty(self, settings):
        account = make_account()
        for number in range(MOST):
            save(f"q=wombat+{number}", account)
        with pytest.raises(Invalid, match="20 searches"):
            save("q=wombat+more", account)
        # One of them again is none more.
        save("q=wombat+3", account)
        assert SavedSearch.objects.filter(account=account).count() == MOST

    def test_whatever_is_asked_is_kept_or_refused_in_words(self):
        """S1 to S10: the list that search itself is held against."""
        client = Client()
        client.force_login(make_account())
        for name, query, expected, *_others in TABLE:
            cache.clear()
            address = f"/en/search/save/?{query}"
            shown = client.get(address)
            assert shown.status_code == expected, name
            sent = client.post(address, {"every": "daily"})
            assert sent.status_code in ({400} if expected == 400 else {302, 422}), name
            assert b"<script>" not in shown.content + sent.content, name
        page = client.get("/en/search/saved/").content.decode()
        assert "<script>" not in page
        assert "DROP TABLE search_searchdoc" in page
        assert SavedSearch.objects.count() >= 10
        match()

    def test_the_audit_trail_holds_no_word_of_it(self):
        row = save("q=" + quote("dementia 失智"))
        written = " ".join(
            str(entry)
            for entry in audit.AuditEntry.objects.values_list("verb", "subject", "rows", "batch")
        )
        assert row.public_id in written
        assert "dementia" not in written
        assert "失智" not in written


@pytest.mark.usefixtures("world")
class TestThePages:
    def test_from_the_page_of_results_to_one_s_list_and_away(self, client):
        account = make_account()
        address = "/en/search/save/?q=wombat&amp;kind=idea&amp;sort=newest"
        shown = client.get("/en/search/?q=wombat&kind=idea&sort=newest").content.decode()
        assert f'href="{address}"' in shown
        address = address.replace("&amp;", "&")
        # A visitor signs in first, and comes back with nothing lost.
        asked = client.get(address)
        assert asked.status_code == 302
        assert asked["Location"] == f"/en/account/sign-in/?next={quote(address, safe='')}"
        client.force_login(account)
        page = client.get(address).content.decode()
        assert "wombat" in page
        assert "Filters: Idea" in page
        # The first press leads here: nothing may look as if it had saved anything.
        assert "It is not saved yet." in page
        assert not SavedSearch.objects.exists()
        done = client.post(address, {"every": "weekly"}, follow=True)
        assert done.redirect_chain == [("/en/search/saved/", 302)]
        page = done.content.decode()
        assert "Your search is saved." in page
        assert "Once a week" in page
        assert 'href="/en/search/?q=wombat&amp;kind=idea&amp;sort=newest"' in page
        row = SavedSearch.objects.get()
        assert "/en/search/saved/" in client.get("/en/account/").content.decode()
        changed = client.post(f"/en/search/saved/{row.public_id}/", {"every": "off"})
        assert changed.status_code == 302
        row.refresh_from_db()
        assert row.every == Every.OFF
        wrong = client.post(f"/en/search/saved/{row.public_id}/", {"every": "hourly"})
        assert wrong.status_code == 422
        gone = client.post(f"/en/search/saved/{row.public_id}/remove/", follow=True)
        assert "You have saved no search yet." in gone.content.decode()
        assert client.get(f"/en/search/saved/{row.public_id}/").status_code == 404

    def test_where_nothing_is_found_one_can_be_told_later(self, client):
        page = client.get("/en/search/?q=zzyzx").content.decode()
        assert 'href="/en/search/save/?q=zzyzx"' in page
        assert "Tell me when something appears" in page

    def test_a_mail_s_link_ends_the_notices_of_one_search(self):
        client = Client(enforce_csrf_checks=True)
        row = save("q=wombat")
        address = f"/en/search/saved/stop/{row.token}/"
        page = client.get(address).content.decode()
        assert "wombat" not in page
        assert "Stop these notices" in page
        assert client.post(address).status_code == 302
        row.refresh_from_db()
        assert row.every == Every.OFF
        assert "No more notices" in client.get(address).content.decode()
        done = client.post(address, {"List-Unsubscribe": "One-Click"})
        assert (done.status_code, done.content) == (200, b"")
        assert client.get("/en/search/saved/stop/NOBODY/").status_code == 404

    @pytest.mark.db
    def test_as_many_queries_for_twenty_as_for_one(self, client):
        bureau = make_bureau("LCSD")
        counts = []
        for number in (1, MOST):
            account = make_account()
            for index in range(number):
                save(f"q=wombat+{index}&bureau={bureau.slug}&kind=idea", account)
            client.force_login(account)
            for address in ("/en/search/saved/", "/en/account/"):
                client.get(address)
                with CaptureQueriesContext(connection) as caught:
                    assert client.get(address).status_code == 200
                counts.append(number_of_queries(caught))
        assert counts[:2] == counts[2:]


@pytest.mark.usefixtures("world")
class TestTelling:
    def test_what_is_new_is_told_once_and_what_was_there_is_not(self, world):
        account = make_account()
        row = save("q=wombat", account)
        tell_now()
        assert told(account) == []
        make_public_idea(world["contest"], "Wombat benches")
        make_paper(title="Wombat charging scheme")
        make_public_idea(world["contest"], "Numbat benches")
        for _again in range(2):
            tell_now()
        (params,) = told(account)
        assert (params["count"], params["asked"]) == (2, "wombat")
        named = {name: params[name]["en"] for name in ("first", "second")}
        # What a citizen wrote is named by what it stands in.
        assert sorted(named.values()) == ["Wombat charging scheme", "Wombat ideas"]
        assert "benches" not in str(params)
        notice = Notice.objects.get(account=account)
        assert notice.path == "/en/search/?q=wombat&sort=newest"
        assert notice.unsubscribe_path == f"/en/search/saved/stop/{row.token}/"
        assert notice.mail_wanted

    def test_what_came_before_it_was_saved_is_not_new_though_nobody_looked_yet(self, world):
        account = make_account()
        make_public_idea(world["contest"], "Wombat lamps")
        save("q=wombat", account)
        tell_now()
        assert SearchArrival.objects.filter(kind="idea").count() == 2
        assert told(account) == []

    def test_what_is_changed_or_shown_again_is_not_new(self, world):
        account = make_account()
        save("q=wombat+tunnel", account)
        idea = world["idea"]
        person = idea.contribution.person
        edit_idea(
            idea=idea,
            person=person,
            account=person.accounts.get(),
            title="Wombat tunnel",
            text="Below every road.",
            tags=[],
            version=1,
        )
        decide(idea.contribution)
        before = SearchDoc.objects.get(kind="idea").pk
        for public in (False, True):
            Idea.objects.filter(pk=idea.pk).update(is_public=public)
            rebuild()
        assert SearchDoc.objects.get(kind="idea").pk > before
        found = ask("wombat tunnel", Narrowing(), sort="newest", language="en", now=clock.now())
        assert found.whole
        assert found.hits
        tell_now()
        assert told(account) == []

    @pytest.mark.parametrize(
        ("asked", "new"),
        [
            ("垃圾收費", "都市固体废物：垃圾收费安排"),
            ("垃圾收费", "垃圾收費的安排"),
            ("諮", "一個諮詢會"),
            ("港鐵 票價", "MTR 的票價"),
            ("ＭＴＲ票價", "地鐵票價"),
            ("lift maintenance", "The lifts were maintained; maintenance of each lift"),
            ("衞生", "卫生"),
        ],
    )
    def test_it_finds_what_search_finds_in_every_script_and_way(self, world, asked, new):
        account = make_account()
        save(f"q={quote(asked)}", account)
        make_public_idea(world["contest"], "Something", text=new)
        tell_now()
        assert [row["count"] for row in told(account)] == [1]

    @pytest.mark.parametrize(
        ("query", "count"),
        [
            ("q=quokka", 2),
            ("q=quokka&kind=idea", 1),
            ("q=quokka&kind=consultation&kind=idea", 2),
            ("q=quokka&kind=outcome", 0),
            ("q=quokka&bureau=lcsd", 1),
            ("q=quokka&bureau=td", 0),
            ("q=quokka&state=open", 2),
            ("q=quokka&state=closed", 0),
            ("q=quokka&language=es", 0),
            ("q=quokka&date=week", 2),
            ("q=quokka+nowhere", 0),
        ],
    )
    def test_filters_leave_out_what_they_do_on_the_page(self, world, query, count):
        account = make_account()
        save(query, account)
        make_paper(title="Quokka paper", bureau=make_bureau("LCSD"))
        make_public_idea(world["contest"], "Quokka idea")
        asked = filters(query)
        found = ask(asked.text, asked.narrowing, sort="newest", language="en", now=clock.now())
        assert (len(found.hits) if found.whole else 0) == count
        tell_now()
        assert sum(row["count"] for row in told(account)) == count

    def test_another_word_for_it_is_found_from_the_moment_it_is_in_the_table(self, world):
        account, keeper = make_account(), make_account()
        save("q=wheelie", account)
        grant(keeper, "administrator")
        add_synonyms(words="wheelie\ndustbin", by=keeper)
        make_public_idea(world["contest"], "A dustbin")
        tell_now()
        assert [row["count"] for row in told(account)] == [1]

    def test_many_are_counted_and_three_are_named(self, world):
        account = make_account(language="zh-hant")
        save("q=wombat", account)
        make_public_idea(world["contest"], "Wombat 1")
        make_public_idea(world["contest"], "Wombat 2")
        for number in range(4):
            make_paper(title=f"Wombat paper {number}")
        tell_now()
        (params,) = told(account)
        assert params["count"] == 6
        named = [params[f"{name}_count"] for name in ("first", "second", "third")]
        assert sum(named) + params["rest"] == 6

    def test_more_than_fifty_are_said_to_be_more(self, world):
        account = make_account()
        save("q=text", account)
        make_many_ideas(world["contest"], 52)
        rebuild()
        tell_now()
        (params,) = told(account)
        assert (params["count"], params["more"]) == (50, "yes")

    def test_who_switched_it_off_hears_nothing_and_then_only_of_what_comes_later(self, world):
        account = make_account()
        row = save("q=wombat", account, Every.OFF)
        make_public_idea(world["contest"], "Wombat 1")
        tell_now()
        change_search(search=row, every=Every.SOON, by=account)
        tell_now()
        assert told(account) == []
        make_public_idea(world["contest"], "Wombat 2")
        match()
        stop_notices(search=row)
        tell()
        assert told(account) == []

    def test_a_day_s_is_told_in_the_morning_and_a_week_s_on_monday(self, world):
        noon = dt.datetime(2030, 5, 8, 12, tzinfo=dates.ZONE)
        assert noon.weekday() == 2
        accounts = {every: make_account() for every in (Every.SOON, Every.DAILY, Every.WEEKLY)}
        with clock.freeze(noon):
            for every, account in accounts.items():
                save("q=wombat", account, every)
            make_paper(title="Wombat 1")
        counts = []
        for when in (
            noon,
            dt.datetime(2030, 5, 9, 7, 59, tzinfo=dates.ZONE),
            dt.datetime(2030, 5, 9, 8, 1, tzinfo=dates.ZONE),
            dt.datetime(2030, 5, 13, 7, 59, tzinfo=dates.ZONE),
            dt.datetime(2030, 5, 13, 8, 1, tzinfo=dates.ZONE),
        ):
            with clock.freeze(when):
                tell_now()
            counts.append([len(told(account)) for account in accounts.values()])
        assert counts == [[1, 0, 0], [1, 0, 0], [1, 1, 0], [1, 1, 0], [1, 1, 1]]
        monday = dt.datetime(2030, 5, 13, 8, tzinfo=dates.ZONE)
        assert next_time(Every.WEEKLY, monday) == monday + dt.timedelta(days=7)
        assert next_time(Every.DAILY, monday) == monday + dt.timedelta(days=1)

    def test_what_everybody_was_told_is_forgotten(self, world):
        save("q=wombat")
        make_public_idea(world["contest"], "Wombat 1")
        tell_now()
        assert forget() == 0
        with clock.freeze(clock.now() + dt.timedelta(days=41)):
            assert forget() == 1
        assert not SavedHit.objects.exists()


@pytest.mark.usefixtures("world")
class TestNothingHidden:
    """By name: nothing that is held, withheld, a draft or another's is in a notice."""

    def test_what_nobody_may_read_is_not_told(self, world):
        account = make_account()
        save("q=secretly", account)
        make_idea(world["contest"], "Secretly held")
        withheld = make_idea(world["contest"], "Secretly withheld")
        decide(withheld.contribution, "withhold")
        make_paper_draft(title="Secretly drafted", bureau=make_bureau("TD"))
        tell_now()
        assert told(account) == []
        assert not SavedHit.objects.exists()

    def test_what_was_withheld_before_the_notice_is_not_in_it(self, world):
        account = make_account()
        save("q=secretly", account)
        _page, contest = make_contest(title="Read later", moderation_policy="after")
        gone = make_public_idea(contest, "Secretly shown")
        stale = make_public_idea(contest, "Secretly stale")
        assert match() == 3
        assert SavedHit.objects.count() == 2
        decide(gone.contribution, "withhold")
        # Whatever the index says: its app is asked.
        Idea.objects.filter(pk=stale.pk).update(is_public=False)
        tell()
        assert told(account) == []

    def test_a_contest_that_is_not_public_brings_what_hangs_on_it_when_it_is(self, world):
        account = make_account()
        row = save("q=secretly", account)
        make_public_idea(world["contest"], "Secretly there")
        scope = SearchDoc.objects.filter(kind="idea").latest("pk").scope
        SearchScope.objects.filter(key=scope).update(visible=False)
        assert match() == 0
        SearchScope.objects.filter(key=scope).update(visible=True)
        assert match() == 1
        assert SavedHit.objects.filter(question=row.question).count() == 1


@pytest.mark.db
@pytest.mark.usefixtures("world")
def test_one_new_text_costs_the_same_for_one_saved_search_and_for_forty(world):
    """Each that is new is looked at once; people who keep the same are told together."""
    counts = []
    for number in (1, 40):
        for index in range(number):
            save(f"q=wombat+zebra{index}")
            save("q=wombat")
        make_public_idea(world["contest"], "Wombat 1")
        with clock.fresh_scope(), CaptureQueriesContext(connection) as caught:
            assert match() == 1
        with clock.fresh_scope(), CaptureQueriesContext(connection) as caught_telling:
            assert tell() >= number
        counts.append((number_of_queries(caught), number_of_queries(caught_telling)))
    assert counts[0] == counts[1]
