"""Bringing ideas in: traps of the format, bad input, deep threads, running twice, the audit."""

import csv
import datetime as dt
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Person
from core import audit, clock
from core.models import AuditEntry
from ideas.importing.plain import plain_text
from ideas.models import Idea
from moderation import actions as moderation
from participation.models import Comment, Contribution, Engagement, ImportedEntry
from participation.models.pages import HONG_KONG
from tests.factories.engagements import make_bureau, make_engagement
from tests.factories.ideas import make_contest, make_public_idea
from tests.factories.participation import make_moderator

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]

README = "Source: the platform of a town. Licence: CC BY 4.0."
DAY = "2021-05-04"
BACKEND = "accounts.backends.AccountBackend"


def idea(number: object, **fields: object) -> dict[str, object]:
    return {
        "id": number,
        "title": f"Idea {number}",
        "userId": 7,
        "date": DAY,
        "summary": "Shade for everybody.",
        "text": "Plant the trees along the road.",
        "numSupports": 12,
        "numComments": 3,
        "status": "open",
        **fields,
    }


def remark(number: object, answers: object = -1, **fields: object) -> dict[str, object]:
    return {
        "id": number,
        "parentId": answers,
        "proposalId": 1,
        "userId": 100 + int(str(number)) % 50,
        "date": DAY,
        "time": "0 days 10:50:19",
        "text": f"Remark {number}",
        "numPositiveVotes": 2,
        "numNegativeVotes": 1,
        **fields,
    }


def write(folder: Path, name: str, rows: list[dict[str, object]]) -> None:
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


class Source:
    """A folder to import, and the bureau that takes it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        make_bureau("TD")
        (path / "README.md").write_text(README, encoding="utf-8")
        self.lay([idea(1)], [remark(1)])

    def lay(self, ideas: list[dict[str, object]], comments: list[dict[str, object]]) -> None:
        write(self.path, "proposals.csv", ideas)
        write(self.path, "comments.csv", comments)

    def run(self, **options: Any) -> dict[str, Any]:
        out = StringIO()
        if "contest" not in options:
            options = {"bureau": "TD", "title": "Trees", **options}
        call_command("import_ideas", str(self.path), stdout=out, **options)
        done: dict[str, Any] = json.loads(out.getvalue().splitlines()[-1])
        return done


@pytest.fixture
def source(tmp_path: Path) -> Source:
    folder = tmp_path / "town"
    folder.mkdir()
    return Source(folder)


def imported(number: object, kind: str = "comment") -> ImportedEntry:
    return ImportedEntry.objects.select_related("contribution__comment").get(
        kind=kind, import_id=str(number)
    )


def written() -> list[int]:
    models = (Engagement, Person, Contribution, Comment, Idea, ImportedEntry, AuditEntry)
    return [model.objects.count() for model in models]


def test_an_idea_and_its_comment_stand_as_at_the_source(source, client):
    done = source.run(language="es")
    assert done == {
        "contest": done["contest"],
        "ideas": 1,
        "supports": 12,
        "comments": 1,
        "orphans": 0,
        "kept": {},
        "skipped": {},
    }
    row = Idea.objects.select_related("contribution__person").get()
    entry = row.contribution
    assert row.text == "Shade for everybody.\n\nPlant the trees along the road."
    assert (entry.channel, entry.language, entry.author_name) == ("import", "es", "#7")
    assert (entry.person.import_id, hasattr(entry.person, "account")) == ("7", False)
    assert entry.received_at == dt.datetime(2021, 5, 4, tzinfo=HONG_KONG)
    comment = imported(1).contribution
    assert comment.received_at == dt.datetime(2021, 5, 4, 10, 50, 19, tzinfo=HONG_KONG)
    assert Engagement.objects.get().opens_at == dt.datetime(2021, 5, 4, tzinfo=HONG_KONG)
    assert Engagement.objects.get().closes_at == dt.datetime(2021, 5, 5, tzinfo=HONG_KONG)
    page = client.get(f"/en/ideas/{entry.public_id}/").content.decode()
    assert "12 supports at the source" in page
    assert "The source counted 3 comments" in page
    assert "At the source: 2 for, 1 against" in page
    assert '<h1 class="govuk-heading-l" lang="es">Idea 1</h1>' in page
    assert README in page
    assert "Write a comment" not in page
    assert audit.verify().ok


def test_a_second_run_says_the_same_and_adds_nothing(source):
    source.lay([idea(1), idea(2), idea(2)], [remark(1), remark(2, 9), remark(3, text="")])
    done = source.run()
    assert done["skipped"] == {"duplicate_id": 1}
    before = written()
    assert source.run() == done
    assert written() == before
    source.lay([idea(1)], [remark(1)])
    with pytest.raises(CommandError, match="imported before"):
        source.run()
    assert written() == before


def test_supports_of_the_source_are_apart_and_can_be_sorted_by(source, client):
    source.lay(
        [idea(1, numSupports=5), idea(2, numSupports=1234), idea(3, numSupports=1)],
        [remark(1)],
    )
    contest = source.run()["contest"]
    assert not Comment.objects.filter(supports__isnull=False).exists()
    listed = client.get(f"/en/e/{contest}/ideas/?sort=source").content.decode()
    places = [listed.index(title) for title in ("Idea 2", "Idea 1", "Idea 3")]
    assert places == sorted(places)
    assert "1,234 supports at the source" in listed
    assert "1 support at the source" in listed
    assert README in listed
    for language, words in (("zh-hant", "來源支持數"), ("zh-hans", "来源支持数")):
        assert words in client.get(f"/{language}/e/{contest}/ideas/?sort=source").content.decode()


def test_a_contest_of_our_own_offers_no_such_order(client):
    contest = make_contest()[1]
    make_public_idea(contest)
    listed = client.get(f"/en/e/{contest.public_id}/ideas/?seed=1").content.decode()
    assert "at the source" not in listed


def test_replies_keep_what_they_answer_at_any_depth(source, client):
    source.lay(
        [idea(1), idea(2)],
        [
            # The file's order is not that of the thread.
            remark(4, 3, userId=44),
            remark(3, 2, userId=33),
            remark(2, 1, userId=22),
            remark(1, userId=11),
            remark(5, 99, userId=55),
            remark(6, 1, proposalId=2, userId=66),
        ],
    )
    done = source.run()
    assert (done["comments"], done["orphans"]) == (6, 2)
    first = imported(1).pk
    assert [imported(number).answers_id for number in (1, 2, 3, 4)] == [
        None,
        first,
        imported(2).pk,
        imported(3).pk,
    ]
    parents = [imported(number).contribution.comment.parent_id for number in range(1, 7)]
    assert parents == [None, first, first, first, None, None]
    address = f"/en/ideas/{imported(1, 'idea').contribution.public_id}/"
    page = client.get(address).content.decode()
    assert (
        f'<a class="govuk-link" href="#c-{imported(3).contribution.public_id}">In reply to #33'
        in (page)
    )
    # What stands right below what it answers needs no words for it.
    assert "In reply to #11" not in page
    assert "In reply to a comment that is not here." in page


def test_what_was_withheld_is_not_quoted_by_those_who_answered_it(source, client):
    source.lay([idea(1)], [remark(1), remark(2, 1, text="Rude words"), remark(3, 2)])
    source.run()
    entry = imported(2).contribution
    moderator = make_moderator()
    signed_in = type(client)()
    signed_in.force_login(moderator, backend=BACKEND)
    moderation.report(
        kind="comment",
        target_id=entry.public_id,
        rule="r1",
        note="",
        account=None,
        reporter_key="somebody",
    )
    assert "Rude words" in signed_in.get("/en/moderation/").content.decode()
    Contribution.objects.filter(pk=entry.pk).update(state="withheld")
    cache.clear()
    address = f"/en/ideas/{imported(1, 'idea').contribution.public_id}/"
    page = client.get(address).content.decode()
    assert "Rude words" not in page
    assert "In reply to a comment that is not here." in page


@pytest.mark.parametrize("depth", [10_000])
def test_ten_thousand_replies_deep(source, client, depth):
    source.lay([idea(1)], [remark(number, number - 1 or -1) for number in range(depth, 0, -1)])
    done = source.run()
    assert (done["comments"], done["orphans"]) == (depth, 0)
    assert imported(depth).answers_id == imported(depth - 1).pk
    assert imported(depth).contribution.comment.parent_id == imported(1).pk
    address = f"/en/ideas/{imported(1, 'idea').contribution.public_id}/"
    assert client.get(address).status_code == 200


def test_circles_begin_a_thread_at_their_first_comment(source):
    source.lay(
        [idea(1)],
        [remark(1, 1), remark(2, 3), remark(3, 4), remark(4, 2), remark(5, 4), remark(6, 5)],
    )
    done = source.run()
    assert (done["comments"], done["orphans"]) == (6, 2)
    answers = {
        row.import_id: row.answers_id for row in ImportedEntry.objects.filter(kind="comment")
    }
    assert (answers["1"], answers["2"]) == (None, None)
    assert answers["6"] == imported(5).pk
    assert audit.verify().ok


def test_what_cannot_be_used_is_counted_by_its_reason(source):
    source.lay(
        [
            idea(1),
            idea(2, title="\u200b", text="", summary=""),
            idea(3, numSupports="-4"),
            idea(4, numSupports="NaN"),
            idea(5, date="yesterday"),
            idea(6, date="2999-01-01"),
            idea("../7"),
            idea(8, text="a" * 20_001),
            idea(9, title="z\u0334\u0335\u0336\u0337\u0338\u0339"),
        ],
        [
            remark(1),
            remark(2, proposalId=2),
            remark(3, date=""),
            remark(4, time="25:00:00"),
            remark(5, time="noon"),
            remark(6, "a b"),
            remark(7, numPositiveVotes="1e9"),
            remark(1, text="The id again"),
        ],
    )
    done = source.run()
    assert (done["ideas"], done["comments"]) == (1, 1)
    assert done["skipped"] == {
        "bad_date": 5,
        "bad_id": 2,
        "bad_number": 3,
        "duplicate_id": 1,
        "empty_idea": 1,
        "too_long": 1,
        "unknown_idea": 1,
        "unreadable_text": 1,
    }


def test_what_is_odd_is_kept_and_said(source):
    source.lay(
        [
            idea(1, title="", text="Only a text here", summary=""),
            idea(2, title="長" * 150, text="", summary="內容"),
            idea(3, title="فكرة للحي 🌳", text="", summary=""),
        ],
        [
            remark(1, text=""),
            remark(2, text="Yes"),
            remark(3, text="Yes"),
            remark(4, 77, text="\u200b"),
        ],
    )
    done = source.run()
    assert done["kept"] == {"empty_text": 3, "long_title": 1, "orphan": 1, "repeated_text": 2}
    titles = {row.contribution.imported.import_id: row for row in Idea.objects.all()}
    assert titles["1"].title == "Only a text here"
    assert (len(titles["2"].title), titles["2"].text) == (120, "長" * 150 + "\n\n內容")
    assert titles["3"].title == "فكرة للحي 🌳"
    assert audit.verify().ok


def test_an_empty_comment_says_that_it_is(source, client):
    source.lay([idea(1)], [remark(1, text="")])
    source.run()
    page = client.get(f"/en/ideas/{imported(1, 'idea').contribution.public_id}/").content.decode()
    assert "There is no text at the source." in page


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("No markup, 3 < 4 & so on", "No markup, 3 < 4 & so on"),
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<ul><li>A</li><li>B</li></ul>", "• A\n• B"),
        ("Fish &amp; chips &lt;here&gt;", "Fish & chips <here>"),
        ("A<br>B<br/>C", "A\nB\nC"),
        ('See <a href="https://example.com/x">this</a>.', "See this (https://example.com/x)."),
        ('<a href="javascript:alert(1)">Press</a>', "Press"),
        ("<script>alert(1)</script>Words", "Words"),
        ("Cars <less than before> and <b>trams</b>", "Cars <less than before> and trams"),
        ("Half <b", "Half <b"),
        ("<b>" * 500 + "deep", "deep"),
    ],
)
def test_html_becomes_plain_text(text, shown):
    assert plain_text(text) == shown


def test_html_of_a_source_never_reaches_a_page(source, client):
    source.lay(
        [
            idea(
                1, title="<b>Bold</b> &lt;script&gt;", text="<p>One</p><img src=x onerror=alert(1)>"
            )
        ],
        [remark(1, text="<script>alert(2)</script><i>Said</i>")],
    )
    source.run()
    page = client.get(f"/en/ideas/{imported(1, 'idea').contribution.public_id}/").content.decode()
    assert "Bold &lt;script&gt;" in page
    assert "alert(" not in page
    assert "Said" in page


def test_a_closed_contest_can_be_filled_once(source, tmp_path):
    contest = make_contest(opens=-1, closes=40)[1]
    source.lay([idea(1, date=clock.now().date().isoformat(), time="00:00:01")], [remark(1)])
    with pytest.raises(CommandError, match="once the contest has closed"):
        source.run(contest=contest.public_id)
    Engagement.objects.filter(pk=contest.pk).update(
        opens_at=dt.datetime(2021, 5, 1, tzinfo=HONG_KONG),
        closes_at=dt.datetime(2021, 6, 1, tzinfo=HONG_KONG),
    )
    with pytest.raises(CommandError, match="was open from"):
        source.run(contest=contest.public_id)
    source.lay([idea(1)], [remark(1)])
    done = source.run(contest=contest.public_id)
    assert (done["contest"], done["ideas"]) == (contest.public_id, 1)
    assert source.run(contest=contest.public_id) == done
    assert Engagement.objects.count() == 1
    other = make_contest()[1]
    with pytest.raises(CommandError, match="into " + contest.public_id):
        source.run(contest=other.public_id)
    source.path = source.path.rename(tmp_path / "village")
    with pytest.raises(CommandError, match="into this contest before"):
        source.run(contest=contest.public_id)
    assert Idea.objects.count() == 1


def test_what_is_no_contest_takes_no_ideas(source):
    paper = make_engagement(opens=dt.timedelta(days=-9000), closes=dt.timedelta(days=-1))
    for contest in (paper.public_id, "nothing"):
        with pytest.raises(CommandError):
            source.run(contest=contest)
    assert not Idea.objects.exists()


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda path: (path / "comments.csv").unlink(), "comments.csv is missing"),
        (lambda path: (path / "README.md").unlink(), "whose data this is"),
        (lambda path: (path / "proposals.csv").write_bytes(b"\xff\xfe\x00"), "not UTF-8"),
        (lambda path: (path / "proposals.csv").write_text("id,title\n1,A\n"), "no column named"),
        (lambda path: (path / "proposals.csv").write_text(""), "no column named"),
        (lambda path: write(path, "proposals.csv", [idea("?")]), "holds no idea"),
        (lambda path: (path / "comments.csv").write_text('id,text\n"1,"a"b'), "column|CSV"),
    ],
)
def test_a_folder_that_cannot_be_used_writes_nothing(source, damage, sentence):
    damage(source.path)
    before = written()
    with pytest.raises(CommandError, match=sentence):
        source.run()
    assert written() == before


def test_a_failure_half_way_undoes_everything(source):
    source.run()
    # The same ids once more under the same source, as if the contest had been lost.
    Engagement.objects.update(import_source="")
    before = written()
    with pytest.raises(Exception, match=r"(?i)unique"):
        source.run()
    assert written() == before


def test_options_that_do_not_go_together(source):
    for options in (
        {"bureau": "XX"},
        {"title": ""},
        {"language": "Spanish!"},
        {"contest": "abc", "title": "Trees"},
    ):
        with pytest.raises(CommandError):
            source.run(**options)
    assert not Idea.objects.exists()


def test_an_idea_with_hundreds_of_comments_is_paged_with_as_many_queries(source, client):
    counts: dict[str, list[int]] = {}
    for name, number in (("few", 40), ("many", 600)):
        source.path = source.path.rename(source.path.parent / name)
        source.lay(
            [idea(1)],
            [remark(each, each - 1 if each % 4 else -1) for each in range(1, number + 1)],
        )
        contest = source.run()["contest"]
        row = Idea.objects.select_related("contribution", "thread").get(
            engagement__public_id=contest
        )
        for page, address in (
            ("idea", f"/en/ideas/{row.contribution.public_id}/"),
            ("comments", f"/en/e/{contest}/comments/?on={row.thread.key}"),
            ("list", f"/en/e/{contest}/ideas/?sort=source"),
        ):
            cache.clear()
            client.get(address)
            cache.clear()
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(address)
            assert answer.status_code == 200
            counts.setdefault(page, []).append(len(queries))
            assert answer.content.decode().count('class="hk-comment"') <= 20 * 11
    assert {name: pair for name, pair in counts.items() if pair[0] != pair[1]} == {}
    assert max(map(max, counts.values())) <= 20
