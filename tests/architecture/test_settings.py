"""Production says everything it misses at once, and starts only when nothing is missing."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys

import pytest

from core.logs import JsonFormatter
from tests.architecture.sources import ROOT

GOOD = {
    "SECRET_KEY": "only-for-this-test-" * 4,
    "PERSON_KEY_PEPPER": "p" * 40,
    "VOUCHER_KEYS": "b25seS1mb3ItdGhlLWNoZW9ubHktZm9yLXRoZS1jaGU=",
    "SITE_URL": "https://engage.example.hk",
    "ALLOWED_HOSTS": "engage.example.hk",
    "DATABASE_URL": "postgres://nobody:nothing@127.0.0.1:1/nothing",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "EMAIL_URL": "smtp+tls://nobody:nothing@mail.example.hk:587",
    "DEFAULT_FROM_EMAIL": "Engage <no-reply@engage.example.hk>",
    "MEDIA_ROOT": "/nonexistent/media",
    "ATTACHMENTS_ROOT": "/nonexistent/attachments",
    "TRUSTED_PROXY_HOPS": "1",
}


def start(environ: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """Run a management command with the production settings and only this environment."""
    env = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings.production"}
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env={**env, **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def test_each_missing_variable_is_named_in_one_message():
    done = start({}, "check")
    assert done.returncode != 0
    for name in GOOD:
        assert f"{name} is missing" in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SECRET_KEY", "short", "SECRET_KEY is too short"),
        ("PERSON_KEY_PEPPER", "short", "PERSON_KEY_PEPPER is too short"),
        ("VOUCHER_KEYS", "short", "VOUCHER_KEYS must hold keys"),
        ("VOUCHER_SUPPLIERS", '{"a": {"url": "http://a.example"}}', "the url of a must begin"),
        ("KAIFONG_CRASH_AT", "redeem.spent", "KAIFONG_CRASH_AT kills the process"),
        ("SITE_URL", "http://engage.example.hk", "SITE_URL must begin with https"),
        ("ALLOWED_HOSTS", "*", "ALLOWED_HOSTS must name hosts"),
        ("DATABASE_URL", "sqlite:///db.sqlite3", "must name a PostgreSQL database"),
        ("TRUSTED_PROXY_HOPS", "-1", "TRUSTED_PROXY_HOPS must be a number"),
        ("SEARCH_ENGINE", "another", "SEARCH_ENGINE must be database or elasticsearch"),
        ("SEARCH_ENGINE", "elasticsearch", "ELASTICSEARCH_URL must name the server"),
        ("ELASTICSEARCH_REPLICAS", "two", "ELASTICSEARCH_REPLICAS must be a number"),
    ],
)
def test_a_weak_value_is_refused(name, value, said):
    done = start({**GOOD, name: value}, "version")
    probe = start({**GOOD, name: value}, "check")
    assert said in done.stderr + probe.stderr
    assert "is missing" not in probe.stderr


def test_a_complete_environment_passes_the_deployment_check():
    done = start(GOOD, "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr


def test_production_hides_and_protects():
    code = (
        "import json; from django.conf import settings as s; print(json.dumps({"
        "'debug': s.DEBUG, 'secure': [s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE],"
        "'hsts': s.SECURE_HSTS_SECONDS, 'hops': s.TRUSTED_PROXY_HOPS,"
        "'layer': s.CHANNEL_LAYERS['default']['BACKEND'], 'mail': s.EMAIL_BACKEND}))"
    )
    found = json.loads(start(GOOD, "shell", "--no-imports", "-c", code).stdout)
    assert found["debug"] is False
    assert found["secure"] == [True, True]
    assert found["hsts"] >= 31_536_000
    assert found["hops"] == 1
    assert "InMemory" not in found["layer"]
    assert found["mail"].endswith("smtp.EmailBackend")


def test_the_platform_calls_nobody_elses_servers(settings):
    assert settings.WAGTAIL_ENABLE_UPDATE_CHECK is False
    assert settings.WAGTAIL_GRAVATAR_PROVIDER_URL is None


def test_a_log_line_holds_no_personal_data(rf):
    logger = logging.getLogger("kaifong.test")
    request = rf.get("/en/receipts/ABCDEFGHJKMNPQRSTVWXYZ2345/")
    try:
        raise ValueError("chan@example.hk typed this")
    except ValueError:
        record = logger.makeRecord(
            "kaifong.test",
            logging.ERROR,
            __file__,
            1,
            "A mail to %s failed for %s.",
            ("chan@example.hk", "10.1.2.3"),
            sys.exc_info(),
            extra={"request": request, "job": "notifications.send", "email": "chan@example.hk"},
        )
    text = JsonFormatter().format(record)
    line = json.loads(text)
    assert line["message"] == "A mail to %s failed for %s."
    assert line["exception"] == "ValueError"
    assert line["job"] == "notifications.send"
    for private in ("chan@", "10.1.2.3", "ABCDEFGH"):
        assert private not in text
