"""Pages kept for everybody: never one with a reader's state, never a stale one after a purge."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from core import page_cache
from core.page_cache import PageCacheMiddleware, keep, purge

NOW = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)


class Origin:
    """A view that counts how often it really ran."""

    def __init__(self, **kept) -> None:
        self.calls = 0
        self.kept = {"tags": ["e:1"], "now": NOW, **kept}
        self.on_render = lambda: None
        self.cookie = False
        self.body = "page"

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.calls += 1
        self.on_render()
        response = HttpResponse(f"{self.body} {self.calls}")
        response["Content-Security-Policy"] = "default-src 'none'"
        if self.cookie:
            response.set_cookie("a", "b")
        return keep(response, **self.kept)


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()
    yield
    cache.clear()


def get(origin: Origin, path: str = "/en/", method: str = "get") -> HttpResponse:
    request = getattr(RequestFactory(), method)(path)
    return PageCacheMiddleware(origin)(request)


def test_the_second_reader_gets_the_same_bytes_and_headers() -> None:
    origin = Origin()
    first, second = get(origin), get(origin)
    assert origin.calls == 1
    assert first.content == second.content
    assert second["Content-Security-Policy"] == "default-src 'none'"
    assert second["Content-Length"] == str(len(second.content))


def test_another_path_query_or_language_is_another_page() -> None:
    origin = Origin()
    for path in ("/en/", "/zh-hant/", "/en/?chapter=2", "/en/?chapter=3"):
        get(origin, path)
    assert origin.calls == 4


def test_unknown_parameters_and_other_methods_are_not_kept() -> None:
    origin = Origin()
    for _ in range(2):
        get(origin, "/en/?utm_source=x")
        get(origin, "/en/", "post")
    assert origin.calls == 4


@pytest.mark.django_db(transaction=True)
def test_a_purge_counts_after_commit_only() -> None:
    origin = Origin()
    get(origin)
    with transaction.atomic():
        purge("e:1")
        get(origin)
        assert origin.calls == 1
    get(origin)
    assert origin.calls == 2
    purge("e:2")
    get(origin)
    assert origin.calls == 2


@pytest.mark.django_db(transaction=True)
def test_a_page_rendered_while_a_purge_ran_is_not_kept() -> None:
    origin = Origin()
    origin.on_render = lambda: purge("e:1")
    get(origin)
    origin.on_render = lambda: None
    get(origin)
    assert origin.calls == 2


def test_a_cookie_or_a_form_token_is_never_shared() -> None:
    origin = Origin()
    origin.cookie = True
    get(origin), get(origin)
    origin.cookie, origin.body = False, '<input name="csrfmiddlewaretoken">'
    get(origin), get(origin)
    assert origin.calls == 4


def test_a_page_is_not_kept_past_the_moment_it_changes_by_time() -> None:
    origin = Origin(until=NOW + dt.timedelta(milliseconds=500))
    get(origin), get(origin)
    assert origin.calls == 2


def test_an_unmarked_page_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    origin = Origin()
    monkeypatch.setattr(page_cache, "MAXIMUM", 0)
    get(origin), get(origin)
    assert origin.calls == 2


@pytest.mark.django_db(transaction=True)
def test_a_page_near_by_needs_the_shared_cache_for_its_tags_alone(settings) -> None:
    settings.PAGE_CACHE_NEAR_SECONDS = 3600
    origin = Origin()
    here, there = PageCacheMiddleware(origin), PageCacheMiddleware(origin)
    request = RequestFactory().get("/en/")
    first, second = here(request), here(request)
    # The shared copy is lost; what this process holds is still the page.
    cache.delete(page_cache._key(request))
    assert here(request).content == first.content == second.content
    assert origin.calls == 1
    purge("e:1")
    # Both processes see the purge at once, and then the page that one of them made.
    assert there(request).content == here(request).content != first.content
    assert origin.calls == 2


class Watch:
    """The clock of the page cache, moved by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        monkeypatch.setattr(page_cache.time, "monotonic", lambda: self.now)


def _purged_elsewhere(*tags: str) -> None:
    """What another process leaves behind when it purges."""
    for tag in (*tags, page_cache._ANY):
        cache.set(page_cache._TAG_PREFIX + tag, "moved", None)


@pytest.mark.django_db(transaction=True)
def test_what_another_process_purged_is_gone_within_the_stated_time(
    settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PAGE_CACHE_NEAR_SECONDS, settings.PAGE_CACHE_ASK_SECONDS = 1.0, 0.2
    watch, origin = Watch(monkeypatch), Origin()
    here, request = PageCacheMiddleware(origin), RequestFactory().get("/en/")
    first, _second = here(request), here(request)
    asked: list[str] = []
    real = page_cache._versions
    monkeypatch.setattr(page_cache, "_versions", lambda tags: asked.append("") or real(tags))
    for _each in range(50):
        assert here(request).content == first.content
    assert asked == []
    _purged_elsewhere("e:1")
    watch.now += 0.19
    assert here(request).content == first.content
    watch.now += 0.02
    assert here(request).content != first.content
    assert origin.calls == 2


@pytest.mark.django_db(transaction=True)
def test_asking_again_trusts_no_longer_than_from_the_question(
    settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow answer must not lengthen the time: it tells what was true when it was asked."""
    settings.PAGE_CACHE_NEAR_SECONDS, settings.PAGE_CACHE_ASK_SECONDS = 60.0, 0.2
    watch, origin = Watch(monkeypatch), Origin()
    here, request = PageCacheMiddleware(origin), RequestFactory().get("/en/")
    first, _second = here(request), here(request)
    real = page_cache._versions

    def slow(tags):
        found = real(tags)
        _purged_elsewhere("e:1")
        watch.now += 0.15
        return found

    watch.now += 0.3
    monkeypatch.setattr(page_cache, "_versions", slow)
    assert here(request).content == first.content
    monkeypatch.setattr(page_cache, "_versions", real)
    watch.now += 0.06
    assert here(request).content != first.content


@pytest.mark.django_db(transaction=True)
def test_a_purge_by_this_process_counts_at_once(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PAGE_CACHE_NEAR_SECONDS, settings.PAGE_CACHE_ASK_SECONDS = 3600, 3600
    origin = Origin()
    here, request = PageCacheMiddleware(origin), RequestFactory().get("/en/")
    first, _second = here(request), here(request)
    assert here(request).content == first.content
    purge("e:1")
    second = here(request)
    assert second.content != first.content
    # Even while the question is under way.
    real = page_cache._versions

    def meanwhile(tags):
        found = real(tags)
        purge("e:1")
        return found

    purge("e:2")
    monkeypatch.setattr(page_cache, "_versions", meanwhile)
    here(request)
    monkeypatch.setattr(page_cache, "_versions", real)
    assert here(request).content != second.content
