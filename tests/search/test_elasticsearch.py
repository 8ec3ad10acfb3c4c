"""Elasticsearch alone: its index goes whatever happens, and what it does wrong is a sentence."""

import json
import os
import signal
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from search.analysis import prefix_of, tokens
from search.elastic import connect
from search.engines import NoServer, elasticsearch
from search.engines.elasticsearch import ElasticsearchEngine
from search.finding import find

FINE = {
    "documents": [
        {"id": "a", "title": "垃圾收費", "body": "按袋收費的諮詢。", "language": "zh-hant"}
    ],
    "queries": [{"q": "垃圾收费", "expect": ["a"]}, {"q": "沒有的", "expect": ["a"]}],
}

needs_server = [pytest.mark.elasticsearch, pytest.mark.usefixtures("elasticsearch")]


def indexes(pattern: str) -> list[str]:
    client = connect(seconds=30)
    try:
        return sorted(client.indices.get(index=pattern))
    finally:
        client.close()


def write(folder: Path, data: object) -> Path:
    path = folder / "judged.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


@pytest.fixture
def prefix(monkeypatch: pytest.MonkeyPatch) -> str:
    """Names of this test alone: another process's indexes come and go beside it."""
    own = f"{elasticsearch.PREFIX}{uuid4().hex}-"
    monkeypatch.setattr(elasticsearch, "PREFIX", own)
    return own


class TestWhatIsLeft:
    pytestmark = needs_server

    def test_nothing_after_the_end_nor_after_a_failure(self, prefix):
        with ElasticsearchEngine() as engine:
            engine.add([(0, "諮詢", "")])
            assert find(engine, "咨询").hits == [0]
            assert len(indexes(f"{prefix}*")) == 1
        assert indexes(f"{prefix}*") == []
        with pytest.raises(ZeroDivisionError), ElasticsearchEngine() as engine:
            engine.add([(1 // 0, "諮詢", "")])
        assert indexes(f"{prefix}*") == []

    def test_nothing_after_a_start_that_failed(self, prefix, monkeypatch):
        monkeypatch.setattr(elasticsearch, "LEFT_AFTER", None)
        with pytest.raises(TypeError), ElasticsearchEngine():
            pass
        assert indexes(f"{prefix}*") == []

    def test_nothing_after_the_command_was_told_to_end(self, tmp_path):
        word = f"w{uuid4().hex}"
        data = {
            "documents": [{"id": "a", "title": word, "body": "", "language": "en"}],
            "queries": [{"q": f"{word} {number}", "expect": []} for number in range(20_000)],
        }
        command = [sys.executable, "manage.py", "search_eval", str(write(tmp_path, data))]
        asking = subprocess.Popen(
            [*command, "--engine", "elasticsearch"],
            cwd=settings.BASE_DIR,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.dev"},
            stdout=subprocess.DEVNULL,
        )
        client = connect(seconds=30)
        try:
            found = []
            while not found and asking.poll() is None:
                # Others' indexes come and go, and are not there yet in full.
                asked = client.options(ignore_status=[404, 503]).search(
                    index=f"{elasticsearch.PREFIX}*",
                    query={"term": {"tokens": word}},
                    ignore_unavailable=True,
                )
                found = asked.get("hits", {}).get("hits", [])
                time.sleep(0.05)
            assert found
            asking.send_signal(signal.SIGTERM)
            assert asking.wait(60) == 128 + signal.SIGTERM
            assert not client.indices.exists(index=found[0]["_index"])
        finally:
            asking.kill()
            asking.wait()
            client.close()

    def test_what_a_killed_command_left_goes_with_the_next(self, prefix, monkeypatch):
        client = connect(seconds=30)
        client.indices.create(index=f"{prefix}left")
        client.close()
        with ElasticsearchEngine():
            assert f"{prefix}left" in indexes(f"{prefix}*")
        monkeypatch.setattr(elasticsearch, "LEFT_AFTER", 0)
        with ElasticsearchEngine() as ours:
            assert ours.all_of(["諮詢"]) == []
            assert f"{prefix}left" not in indexes(f"{prefix}*")
        assert indexes(f"{prefix}*") == []


class TestMoreThanOneAnswer:
    pytestmark = needs_server

    def test_all_numbers_come_a_page_after_the_other(self, prefix, monkeypatch):
        monkeypatch.setattr(elasticsearch, "PAGE", 3)
        monkeypatch.setattr("search.engines.base.BATCH", 2)
        monkeypatch.setattr(elasticsearch, "BATCH", 2)
        with ElasticsearchEngine() as engine:
            engine.add((number, f"諮詢 {number}", "收費") for number in range(9))
            consultation, charge = tokens("諮詢")[0], tokens("收費")[0]
            assert engine.all_of([consultation, charge]) == list(range(9))
            assert engine.any_of([consultation, "absent"]) == list(range(9))
            wanted = {consultation: 9, prefix_of(charge[0]): 9, "3": 1, "4": 1}
            assert engine.frequencies([*wanted, "absent"]) == wanted
            assert [row.number for row in engine.rows([1, 4, 7])] == [1, 4, 7]


class TestAServerThatIsNotThere:
    def named(self, address: str) -> dict[str, str]:
        return {"URL": address, "API_KEY": "", "CERTIFICATE": ""}

    def test_it_is_told_how_to_start_one(self, settings):
        settings.ELASTICSEARCH = self.named("")
        with pytest.raises(NoServer, match="scripts/services run elasticsearch") as told:
            ElasticsearchEngine().__enter__()
        assert told.value.service == "elasticsearch"

    @pytest.mark.django_db
    @pytest.mark.parametrize(
        ("address", "sentence"),
        [
            ("http://127.0.0.1:1", "does not answer"),
            ("nonsense", "ELASTICSEARCH_URL or ELASTICSEARCH_CERTIFICATE cannot be used"),
            ("http://me:secret@host", "cannot be used"),
        ],
    )
    def test_the_command_ends_with_a_sentence(self, settings, tmp_path, address, sentence):
        settings.ELASTICSEARCH = self.named(address)
        with pytest.raises(CommandError, match=sentence) as refused:
            call_command(
                "search_eval",
                str(write(tmp_path, FINE)),
                "--engine",
                "elasticsearch",
                stdout=StringIO(),
            )
        assert refused.value.returncode == 2
        assert "secret" not in str(refused.value)
        assert "\n" not in str(refused.value)


class TestOneStartedForIt:
    """Eight seconds of a start: the others ask the one that is there."""

    pytestmark = [*needs_server, pytest.mark.long]

    def test_the_command_starts_a_server_where_none_is_named(self, tmp_path):
        command = [sys.executable, "manage.py", "search_eval", str(write(tmp_path, FINE))]
        done = subprocess.run(
            [*command, "--engine", "elasticsearch", "--json"],
            cwd=settings.BASE_DIR,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "config.settings.dev",
                "ELASTICSEARCH_URL": "",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout.splitlines()[-1])
        assert (told["engine"], told["exact"], told["failed"]) == ("elasticsearch", 1, ["沒有的"])


class TestFetching:
    """``scripts/services`` without a server: what it lacks, in one line."""

    def services(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "scripts/services", *words],
            cwd=settings.BASE_DIR,
            env={"PATH": "/nowhere", "HOME": "/nowhere", **more},
            capture_output=True,
            text=True,
            check=False,
        )

    def test_maven_is_named_where_nothing_is_kept(self, tmp_path):
        told = self.services("missing", "maven", XDG_CACHE_HOME=str(tmp_path))
        assert (told.returncode, told.stdout) == (1, "maven\n")

    def test_nothing_is_needed_where_a_server_is_named(self, tmp_path):
        named = {"ELASTICSEARCH_URL": "http://127.0.0.1:1", "XDG_CACHE_HOME": str(tmp_path)}
        assert self.services("missing", "java", "maven", **named).stdout == ""
        python = [sys.executable, "-c", "import os; print(os.environ['ELASTICSEARCH_URL'])"]
        ran = self.services("run", "elasticsearch", "--", *python, **named)
        assert (ran.returncode, ran.stdout) == (0, "http://127.0.0.1:1\n")
        assert not list(tmp_path.iterdir())

    def test_what_is_not_pinned_is_not_started(self, tmp_path):
        if self.services("missing", "java").returncode:
            pytest.skip("needs Java: scripts/services install")
        kept = tmp_path / "kaifong" / "elasticsearch-8.19.21.zip"
        kept.parent.mkdir()
        kept.write_bytes(b"another")
        ran = self.services("run", "elasticsearch", "--", "true", XDG_CACHE_HOME=str(tmp_path))
        assert ran.returncode == 1
        assert "Stopped: Maven, which fetches Elasticsearch, is not installed." in ran.stderr
        assert "Traceback" not in ran.stderr
        assert not kept.exists()
