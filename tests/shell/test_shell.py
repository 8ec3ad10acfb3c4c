"""The frame of every page: language, addresses, headers, errors."""

import json

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

LANGUAGES = {"en": "en", "zh-hant": "zh-Hant-HK", "zh-hans": "zh-Hans"}
STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("zh-HK,zh;q=0.9,en;q=0.8", "zh-hant"),
        ("zh-TW", "zh-hant"),
        ("zh", "zh-hant"),
        ("zh-Hant-MO", "zh-hant"),
        ("yue-HK", "zh-hant"),
        ("zh-CN,en", "zh-hans"),
        ("zh-SG", "zh-hans"),
        ("zh-Hans-HK", "zh-hans"),
        ("fr,zh-CN;q=0.4,en;q=0.9", "en"),
        ("fr,de", "en"),
        ("", "en"),
        ("\x01;;,q=", "en"),
    ],
)
def test_first_visit_follows_the_browser_once(header: str, language: str) -> None:
    client = Client()
    first = client.get("/", headers={"accept-language": header})
    assert first.status_code == 302
    assert first.headers["Location"] == f"/{language}/"
    assert "private" in first.headers["Cache-Control"]
    kept = client.get("/", headers={"accept-language": "en" if language != "en" else "zh-HK"})
    assert kept.headers["Location"] == f"/{language}/"


def test_a_visit_in_another_language_becomes_the_choice() -> None:
    client = Client()
    client.get("/", headers={"accept-language": "en"})
    client.get("/zh-hans/components/")
    assert client.get("/").headers["Location"] == "/zh-hans/"


def test_public_pages_set_no_cookie_and_do_not_vary_by_reader() -> None:
    plain = Client().get("/en/components/")
    chinese_browser = Client().get("/en/components/", headers={"accept-language": "zh-HK"})
    assert plain.content == chinese_browser.content
    assert not plain.cookies
    assert not {"cookie", "accept-language"} & set(plain.get("Vary", "").lower().split(", "))


@pytest.mark.parametrize(("old", "new"), [("tc", "zh-hant"), ("sc", "zh-hans")])
def test_old_prefixes_lead_on_with_path_and_query(old: str, new: str) -> None:
    response = Client().get(f"/{old}/components/?a=1&b=%E8%A1%97")
    assert response.status_code == 301
    assert response.headers["Location"] == f"/{new}/components/?a=1&b=%E8%A1%97"


def test_a_kept_page_remembers_the_choice_too_and_stays_everybodys(tree) -> None:
    path = "/zh-hant/consultations/"
    plain = Client().get(path)
    reader = Client()
    reader.get("/", headers={"accept-language": "en"})
    moved = reader.get(path)
    assert moved.content == plain.content
    assert "private" in moved.headers["Cache-Control"]
    assert reader.get("/").headers["Location"] == "/zh-hant/"
    # What is kept holds nobody's cookie, whoever asked for it first.
    assert not Client().get(path).cookies
    assert not reader.get(path).cookies


def test_language_pages_declare_each_other() -> None:
    seen = set()
    for code, html_lang in LANGUAGES.items():
        html = Client().get(f"/{code}/components/?page=2").content.decode()
        assert f'<html lang="{html_lang}"' in html
        links = {
            lang: f'<link rel="alternate" hreflang="{lang}" href="http://testserver/{other}/components/?page=2">'
            for other, lang in LANGUAGES.items()
        }
        assert all(link in html for link in links.values())
        assert 'hreflang="x-default" href="http://testserver/en/components/?page=2"' in html
        seen.add(tuple(sorted(links.values())))
    assert len(seen) == 1, "the set is reciprocal"


def test_switcher_keeps_path_and_query_and_names_itself_in_its_own_script() -> None:
    html = Client().get("/zh-hant/components/?a=1&a=2").content.decode()
    assert '<span lang="zh-Hant-HK" aria-current="true">繁體</span>' in html
    assert 'href="/en/components/?a=1&amp;a=2" rel="alternate" lang="en" hreflang="en"' in html
    assert 'href="/zh-hans/components/?a=1&amp;a=2"' in html


def test_public_policy_is_strict_to_the_letter() -> None:
    for path in ("/en/components/", "/", "/en/nothing-here/", "/healthz"):
        headers = Client().get(path).headers
        assert headers["Content-Security-Policy"] == STRICT, path
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]


def test_health() -> None:
    response = Client().get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert Client().post("/healthz").status_code == 405


@pytest.mark.parametrize("path", ["/en/%00", "/en/components/?q=%00", "/zh-hant/a%00b/"])
def test_nul_is_a_400_in_the_readers_language(path: str) -> None:
    response = Client().get(path)
    assert response.status_code == 400
    html = response.content.decode()
    assert ('lang="zh-Hant-HK" class' in html) == path.startswith("/zh-hant")
    assert "\x00" not in html


def test_problem_json_for_scripts() -> None:
    response = Client().get("/en/%00", headers={"accept": "application/json"})
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    assert json.loads(response.content)["status"] == 400
