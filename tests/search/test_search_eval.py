"""``manage.py search_eval``: figures of judged cases, sentences for bad files, nothing left."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection

from core import clock
from search.judged import LONGEST_DOCUMENT
from search.models import SynonymGroup

DOCUMENTS = [
    {"id": "a", "title": "垃圾收費", "body": "按袋收費的諮詢。", "language": "zh-hant"},
    {"id": "b", "title": "Waste", "body": "Consultations on charging.", "language": "en"},
    {"id": 3, "title": "", "body": "垃圾桶與收費亭。", "language": "zh-hant"},
]
QUERIES = [
    {"q": "垃圾收费", "expect": ["a"]},
    {"q": "收費", "expect": ["a", "3"]},
    {"q": "consultation", "expect": ["b"]},
    {"q": "沒有的", "expect": []},
    {"q": "收费亭在哪裡？", "first": 3},
    {"q": "收費", "expect": ["a"], "first": "3"},
    {"q": "charging", "first": "a"},
    {"q": "", "expect": ["a", "b"]},
]
FINE = {"documents": DOCUMENTS, "queries": QUERIES}


def write(folder: Path, data: object) -> Path:
    path = folder / "judged.json"
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return path


def run(path: Path, engine: str, *words: str) -> list[str]:
    out = StringIO()
    call_command("search_eval", str(path), "--engine", engine, *words, stdout=out)
    return out.getvalue().splitlines()


@pytest.mark.db
def test_figures_are_counted_and_the_failed_cases_named(tmp_path, engine_name):
    lines = run(write(tmp_path, FINE), engine_name, "--json")
    assert json.loads(lines[-1]) == {
        "engine": engine_name,
        "queries": 8,
        "exact": 4,
        "first": 1,
        # Sets: 1, 1, 1, 1, 1 and 0; first hits: 1, 1 and 0.
        "recall": round(7 / 9, 4),
        # Sets: 1, 1, 1, 1, a half and 0; first hits: 1, 0 and 0.
        "precision": round(5.5 / 9, 4),
        # Five sets that are not empty: 1, 1, 1, 1 and 0; first hits: 1, a half and 0.
        "mrr": round(5.5 / 8, 4),
        "failed": ["收費", "charging", ""],
    }
    said = "\n".join(lines)
    assert f"{engine_name}: 8 queries on 3 documents." in said
    assert "Exact sets: 4 of 6 (66.67 %)." in said
    assert "Right first hits: 1 of 3 (33.33 %)." in said
    assert 'Failed: "charging": wanted first "a", found "b".' in said
    assert 'Failed: "": wanted the set "a", "b", found nothing.' in said


@pytest.mark.db
def test_nothing_is_left_and_it_can_be_run_again(tmp_path, engine_name):
    def tables() -> list[str]:
        with connection.cursor() as cursor:
            names = connection.introspection.table_names(cursor, include_views=True)
            if connection.vendor == "postgresql":
                cursor.execute("SELECT relname FROM pg_class WHERE relname LIKE 'search_eval%'")
                names += [name for (name,) in cursor.fetchall()]
        return sorted(names)

    before = tables()
    path = write(tmp_path, FINE)
    assert run(path, engine_name, "--json") == run(path, engine_name, "--json")
    assert tables() == before
    assert not [name for name in before if "search_eval" in name]


@pytest.mark.db
def test_queries_of_any_kind_are_asked(tmp_path, engine_name):
    odd = ["", "\x00", "'", '"', "😀", "？！", "* OR NEAR(", "\ud800", "a" * 10_000, "字" * 10_000]
    data = {"documents": DOCUMENTS, "queries": [{"q": each, "expect": ["a"]} for each in odd]}
    told = json.loads(run(write(tmp_path, data), engine_name, "--json")[-1])
    assert told["failed"] == odd
    assert (told["recall"], told["precision"], told["mrr"]) == (0, 0, 0)
    for case in data["queries"]:
        case["expect"] = []
    told = json.loads(run(write(tmp_path, data), engine_name, "--json")[-1])
    assert told["failed"] == []
    assert told["exact"] == len(odd)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ("", "is not JSON"),
        ("{", "is not JSON"),
        ('{"documents": ' + "9" * 5000 + "}", "is not JSON"),
        ("[" * 100_000, "nested too deep"),
        ("[]", "must be one JSON object"),
        ({"queries": QUERIES}, 'The file has no "documents".'),
        ({"documents": DOCUMENTS}, 'The file has no "queries".'),
        ({"documents": {}, "queries": []}, '"documents" must be a list.'),
        ({"documents": DOCUMENTS, "queries": []}, '"queries" is empty'),
        ({"documents": [1], "queries": QUERIES}, 'Number 1 of "documents" must be an object.'),
        ({"documents": [{}], "queries": QUERIES}, 'Number 1 of "documents" has no "title".'),
        (
            {"documents": [{**DOCUMENTS[0], "body": None}], "queries": QUERIES},
            '"body" of number 1 of "documents" must be text.',
        ),
        (
            {"documents": [{"title": "", "body": "", "language": ""}], "queries": QUERIES},
            'Number 1 of "documents" has no "id".',
        ),
        (
            {"documents": [{**DOCUMENTS[0], "id": True}], "queries": QUERIES},
            '"id" of number 1 of "documents" must be text or a whole number.',
        ),
        (
            {"documents": [*DOCUMENTS, {**DOCUMENTS[0], "id": "3"}], "queries": QUERIES},
            'Two documents have the id "3".',
        ),
        (
            {
                "documents": [{**DOCUMENTS[0], "body": "長" * LONGEST_DOCUMENT}],
                "queries": QUERIES,
            },
            "Cut it into chapters.",
        ),
        (
            {"documents": DOCUMENTS, "queries": [{"expect": []}]},
            'Number 1 of "queries" has no "q".',
        ),
        ({"documents": DOCUMENTS, "queries": [{"q": ""}]}, 'neither "expect" nor "first"'),
        (
            {"documents": DOCUMENTS, "queries": [{"q": "", "expect": "a"}]},
            '"expect" of number 1 of "queries" must be a list of ids.',
        ),
        (
            {"documents": DOCUMENTS, "queries": [{"q": "", "expect": ["a", "z"]}]},
            'Number 1 of "queries" names "z", which is no document\'s id.',
        ),
        (
            {"documents": DOCUMENTS, "queries": [{"q": "", "first": ["a"]}]},
            '"first" of number 1 of "queries" must be text or a whole number.',
        ),
        (
            {"documents": DOCUMENTS, "queries": [{"q": "", "first": "\ud800"}]},
            'names "\\ud800"',
        ),
    ],
)
def test_a_bad_file_is_told_in_a_sentence(tmp_path, data, sentence):
    with pytest.raises(CommandError) as refused:
        run(write(tmp_path, data), "sqlite", "--json")
    assert refused.value.returncode == 2
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_that_cannot_be_read_is_told_too(tmp_path):
    latin = tmp_path / "latin.json"
    latin.write_bytes(b'{"documents": "\xe9"}')
    for path, sentence in (
        (tmp_path / "absent.json", "is missing"),
        (tmp_path, "cannot be read"),
        (latin, "is not UTF-8"),
        (Path("nul\x00.json"), "no file's name"),
    ):
        with pytest.raises(CommandError, match=sentence) as refused:
            run(path, "sqlite")
        assert refused.value.returncode == 2


@pytest.mark.django_db
def test_a_file_with_a_mark_of_its_bytes_is_read(tmp_path):
    path = tmp_path / "marked.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(FINE).encode())
    assert run(path, "sqlite")[0] == "sqlite: 8 queries on 3 documents."


@pytest.mark.django_db
def test_the_platform_s_synonyms_are_used_and_a_new_platform_s_where_there_are_none(
    tmp_path, monkeypatch
):
    path = write(tmp_path, {"documents": DOCUMENTS, "queries": [{"q": "廢物收款", "first": "a"}]})
    SynonymGroup.objects.create(words="廢物收款\n垃圾收費", changed_at=clock.now())
    assert json.loads(run(path, "sqlite", "--json")[-1])["first"] == 1
    rows = [{"id": "t", "title": "地鐵", "body": "", "language": "zh-hant"}]
    path = write(tmp_path, {"documents": rows, "queries": [{"q": "MTR", "expect": ["t"]}]})
    SynonymGroup.objects.all().delete()
    assert json.loads(run(path, "sqlite", "--json")[-1])["exact"] == 0

    def away() -> None:
        raise ProgrammingError

    monkeypatch.setattr("search.synonyms.current", away)
    assert json.loads(run(path, "sqlite", "--json")[-1])["exact"] == 1


def test_as_a_command_its_status_is_two_and_no_trace_is_shown(tmp_path):
    done = subprocess.run(
        [sys.executable, "manage.py", "search_eval", tmp_path / "absent", "--engine", "sqlite"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.dev"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "is missing" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.django_db
def test_postgresql_is_started_where_the_platform_runs_on_sqlite(tmp_path):
    """By ``scripts/services``, which names it in DATABASE_URL to the same command once more."""
    address = os.environ.get("DATABASE_URL", "")
    if not address.startswith("postgres"):
        if os.environ.get("CI") == "true":
            pytest.fail("These tests are of PostgreSQL's leg.")
        pytest.skip("needs scripts/services run postgres")
    path = write(tmp_path, FINE)
    command = [sys.executable, "manage.py", "search_eval", path, "--engine", "postgresql", "--json"]
    done = subprocess.run(
        command,
        cwd=settings.BASE_DIR,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "DATABASE_URL": "",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["engine"] == "postgresql"
    assert told == {**json.loads(run(path, "sqlite", "--json")[-1]), "engine": "postgresql"}
    with connection.cursor() as cursor:
        assert not [
            each for each in connection.introspection.table_names(cursor) if "search_eval" in each
        ]
