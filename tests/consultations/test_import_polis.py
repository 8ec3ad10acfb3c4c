"""Bringing in a Polis conversation: traps of the format, bad input, running twice, the audit."""

import datetime as dt
import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Person
from consultations.importing.polis_files import read_folder
from consultations.models import ConsultationPage, Statement
from core import audit
from core.exceptions import Conflict, Invalid
from core.models import AuditEntry
from participation.actions.vote_import import import_votes
from participation.models import Ballot, Engagement, Vote, VoteEvent
from tests.factories.engagements import make_bureau, make_engagement
from tests.factories.statements import make_persons, make_statement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]

COMMENTS = """timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body
1500000000500,x,1,7,0,0,1,"Second, with a ""quote""
and a line break"
1500000000000,x,0,9,9,9,-1,First
1500000001000,x,2,7,0,0,0,
"""
# Not in time order; person 1 changes twice at one instant (the later row counts); the printed
# date would sort the other way.
VOTES = """timestamp,datetime,comment-id,voter-id,vote
1500000005000,Aug,0,1,1
1500000002000,Sep,0,1,-1
1500000006000,Oct,1,1,-1
1500000006000,Jan,1,1,0
1500000003000,Feb,1,2,1
1500000003000,Feb,0,2,-1
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "comments.csv").write_text(COMMENTS, encoding="utf-8")
    (tmp_path / "votes.csv").write_text(VOTES, encoding="utf-8")
    (tmp_path / "summary.csv").write_text(
        'topic,"Buses, and trams"\nurl,https://pol.is/7abc\nviews,3\n', encoding="utf-8"
    )
    make_bureau("TD")
    return tmp_path


def run(folder: Path, **options: str) -> dict:
    out = StringIO()
    call_command("import_polis", str(folder), bureau="TD", stdout=out, **options)
    return json.loads(out.getvalue().splitlines()[-1])


def tally(identity: str) -> dict[str, tuple[str, int, int, int]]:
    out = StringIO()
    call_command("tally", identity, stdout=out)
    return {
        each["import_id"]: (each["state"], each["agree"], each["disagree"], each["pass"])
        for each in json.loads(out.getvalue())["statements"]
    }


def nothing_written() -> bool:
    models = (Engagement, Statement, Ballot, Vote, VoteEvent, Person, AuditEntry)
    return not any(model.objects.exists() for model in models)


@pytest.fixture(autouse=True)
def quiet(tree):
    """The tree's own entries are there before each test."""
    AuditEntry.objects.all()._raw_delete("default")


def test_a_conversation_comes_in_as_it_was(folder):
    done = run(folder)
    assert {key: done[key] for key in done if key != "consultation"} == {
        "statements": 3,
        "participants": 4,
        "votes": 6,
        "skipped": {},
    }
    engagement = Engagement.objects.get(public_id=done["consultation"])
    assert set(engagement.title.values()) == {"Buses, and trams"}
    assert (engagement.state, engagement.kind) == ("published", "consultation")
    # All votes are of 14 July 2017, Hong Kong: the page is open for that day.
    assert engagement.opens_at == dt.datetime(2017, 7, 13, 16, tzinfo=dt.UTC)
    assert engagement.closes_at == dt.datetime(2017, 7, 14, 16, tzinfo=dt.UTC)
    pages = ConsultationPage.objects.filter(translation_key=engagement.translation_key, live=True)
    assert engagement.paths == {page.language: page.url for page in pages}
    assert set(engagement.paths) == {"en", "zh-hant", "zh-hans"}
    assert engagement.attribution["en"].startswith("Data was gathered using the Polis software")
    texts = dict(Statement.objects.values_list("import_id", "text"))
    assert texts["1"] == {"en": 'Second, with a "quote"\nand a line break'}
    assert texts["2"] == {}
    assert tally(done["consultation"]) == {
        "0": ("withheld", 1, 1, 0),
        "1": ("published", 1, 0, 1),
        "2": ("published", 0, 0, 0),
    }
    events = list(VoteEvent.objects.order_by("id").values_list("at", "choice"))
    assert [choice for _at, choice in events] == [-1, 1, -1, 1, -1, 0]
    assert events == sorted(events, key=lambda each: each[0])
    assert set(VoteEvent.objects.values_list("channel", flat=True)) == {"import"}
    assert {each.accounts.count() for each in Person.objects.all()} == {0}


def test_a_second_run_adds_nothing_and_prints_the_same(folder):
    first = run(folder)
    entries = AuditEntry.objects.count()
    assert run(folder) == first
    assert (Engagement.objects.count(), VoteEvent.objects.count(), Vote.objects.count()) == (
        1,
        6,
        4,
    )
    assert AuditEntry.objects.count() == entries


def test_other_files_of_a_conversation_are_refused(folder):
    first = run(folder)
    with (folder / "votes.csv").open("a") as file:
        file.write("1500000009000,x,0,3,1\n")
    with pytest.raises(CommandError, match=first["consultation"]):
        run(folder)
    assert VoteEvent.objects.count() == 6


def test_options_win_over_the_summary_and_the_summary_may_be_missing(folder, tmp_path):
    (folder / "summary.csv").unlink()
    done = run(folder, title="新巴士", language="zh-hant")
    engagement = Engagement.objects.get(public_id=done["consultation"])
    assert engagement.title["zh-hant"] == "新巴士"
    assert engagement.import_source == f"polis:{tmp_path.name}"
    assert Statement.objects.get(import_id="0").text == {"zh-hant": "First"}


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("我覺得應該審核人員，乘客保障與駕駛權益都要兼顧。", "zh-hant"),
        ("我觉得应该审核人员，乘客保障与驾驶权益都要兼顾。", "zh-hans"),
        ("I think drivers should be checked.", "en"),
    ],
)
def test_the_language_is_told_from_what_was_written(folder, words, language):
    text = COMMENTS.replace("First", words).replace("Second, with a", words)
    text = text.replace("and a line break", words)
    (folder / "comments.csv").write_text(text, encoding="utf-8")
    run(folder)
    assert Statement.objects.get(import_id="0").text == {language: words}
    # A paper begins in English or Traditional Chinese.
    source = Engagement.objects.get().source_language
    assert source == ("en" if language == "en" else "zh-hant")


def test_columns_are_found_by_name_and_a_byte_order_mark_is_no_column(folder):
    (folder / "votes.csv").write_text(
        "\ufeffvote,new,voter-id,comment-id,timestamp\n1,?,5,0,1500000002000\n", encoding="utf-8"
    )
    assert run(folder)["votes"] == 1


def test_u12_bad_records_are_skipped_counted_and_told(folder, capsys):
    with (folder / "votes.csv").open("a") as file:
        file.write("1500000003000,x,99,1,1\n")
        file.write("1500000003000,x,0,1,2\n1500000003000,x,0,1,1.0\nNaN,x,0,1,1\n-5,x,0,1,1\n")
        file.write("1500000003000,x,0\n1500000003000,x,0,,1\n99999999999999,x,0,1,1\n\n")
    with (folder / "comments.csv").open("a") as file:
        file.write("1500000000000,x,0,9,9,9,1,Again\n1500000000000,x,five,9,9,9,1,Bad\n")
        file.write("1500000000000,x,5,9,9,9,7,Bad\n")
    out = StringIO()
    call_command("import_polis", str(folder), bureau="TD", stdout=out)
    done = json.loads(out.getvalue().splitlines()[-1])
    assert done["skipped"] == {"bad_number": 9, "duplicate_comment": 1, "unknown_comment": 1}
    assert (done["statements"], done["votes"]) == (3, 6)
    assert "Skipped 9: a number, time or vote in the record cannot be read" in out.getvalue()
    assert Statement.objects.get(import_id="0").text == {"en": "First"}
    assert run(folder) == done


def spoil(folder: Path, name: str, content: bytes | None) -> None:
    (folder / name).unlink() if content is None else (folder / name).write_bytes(content)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("comments.csv", None, "is missing"),
        ("votes.csv", None, "is missing"),
        ("votes.csv", b"", "has no column named timestamp, comment-id, voter-id, vote"),
        ("votes.csv", b"timestamp,comment-id,vote\n1,2,1\n", "has no column named voter-id"),
        ("votes.csv", b"timestamp,comment-id,voter-id,vote\n", "holds no vote"),
        ("comments.csv", COMMENTS.splitlines()[0].encode(), "holds no comment"),
        ("comments.csv", COMMENTS.replace("First", "意見").encode("big5"), "is not UTF-8"),
        ("comments.csv", COMMENTS.encode("utf-16"), "is not UTF-8"),
        ("comments.csv", COMMENTS.replace("First", "Fi\x00rst").encode(), "cannot be kept"),
        ("comments.csv", COMMENTS.replace("First", "x" * 10_001).encode(), "cannot be kept"),
        ("comments.csv", COMMENTS.replace("First", '"open').encode(), "is not a CSV file"),
        ("summary.csv", "topic,話".encode("big5"), "is not UTF-8"),
    ],
)
def test_u12_a_folder_that_cannot_be_read_leaves_nothing_behind(folder, name, content, sentence):
    spoil(folder, name, content)
    with pytest.raises(CommandError, match=sentence):
        run(folder)
    assert nothing_written()


def test_no_folder_and_no_such_bureau(folder):
    with pytest.raises(CommandError, match="is not a folder"):
        run(folder / "nowhere")
    with pytest.raises(CommandError, match="No bureau has the code 'XX'"):
        call_command("import_polis", str(folder), bureau="XX")
    with pytest.raises(CommandError, match="No consultation has the id"):
        call_command("tally", "nothing")
    assert nothing_written()


def test_u12_a_failure_in_the_middle_leaves_nothing_behind(folder, monkeypatch):
    def broken(*_args, **_kwargs):
        raise OSError("The disk is full.")

    monkeypatch.setattr(audit, "record_batch", broken)
    with pytest.raises(OSError, match="disk"):
        run(folder)
    assert nothing_written()


def _change_event():
    VoteEvent.objects.filter(choice=1).update(choice=0)


def _change_head():
    Vote.objects.filter(choice=1).update(choice=0)


def _delete_event():
    VoteEvent.objects.order_by("id").first().delete()


def _delete_head():
    Vote.objects.order_by("id").first().delete()


def _change_statement():
    Statement.objects.filter(import_id="0").update(state="published")


@pytest.mark.parametrize(
    "by_hand", [_change_event, _change_head, _delete_event, _delete_head, _change_statement]
)
def test_the_audit_holds_after_an_import_and_finds_what_is_changed_by_hand(folder, by_hand):
    run(folder)
    assert audit.verify().ok
    by_hand()
    assert not audit.verify().ok


def test_many_rows_leave_one_audit_entry_a_batch(folder):
    rows = [f"{1500000002000 + each},x,{each % 2},{each // 2},1" for each in range(2500)]
    (folder / "votes.csv").write_text(
        "timestamp,datetime,comment-id,voter-id,vote\n" + "\n".join(rows)
    )
    assert run(folder)["votes"] == 2500
    counts = [each.batch["count"] for each in AuditEntry.objects.filter(verb="vote.import")]
    assert counts == [1000, 1000, 500]
    assert audit.verify().ok


def test_participants_are_voters_and_authors_once(folder):
    conversation = read_folder(folder)
    assert conversation.participants == ["1", "2", "9", "7"]


def test_votes_are_checked_set_wise():
    engagement = make_engagement()
    at, late = engagement.opens_at, engagement.closes_at
    ballot, foreign = make_statement(engagement).ballot.pk, make_statement(make_engagement()).ballot
    person = make_persons(1)[0].pk
    second = at + dt.timedelta(seconds=1)
    good = (ballot, person, 1, second)
    for bad in (
        (foreign.pk, person, 1, second),
        (ballot, person, 2, second),
        (ballot, person, True, second),
        (ballot, person, 1, late),
        (ballot, person, 1, at),
    ):
        with pytest.raises(Invalid):
            import_votes(engagement=engagement, votes=[good, bad])
    assert not VoteEvent.objects.exists()
    import_votes(engagement=engagement, votes=[good, good])
    with pytest.raises(Conflict):
        import_votes(engagement=engagement, votes=[good])
    assert (Vote.objects.count(), VoteEvent.objects.count()) == (1, 2)
