"""What the database ended because of others is done again; then it is said in a sentence."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation

from accounts.models import Account
from accounts.views.common import signed_in
from config.api import _done
from core import again as net
from core.exceptions import Overtaken
from core.form_pages import form_page
from core.middleware import DomainErrorMiddleware
from tests.factories.accounts import make_account

pytestmark = [pytest.mark.db, pytest.mark.django_db(transaction=True)]


def write_name(account: Account, name: str) -> None:
    with transaction.atomic():
        Account.objects.filter(pk=account.pk).update(display_name=name)


def elsewhere(work: Callable[[], Any]) -> None:
    def run() -> None:
        work()
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(timeout=30)


def _overtaken(account: Account) -> None:
    """Write what another writes at the same moment: the database ends one of them, this one."""
    if connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            Account.objects.get(pk=account.pk)
            elsewhere(lambda: write_name(account, "The other"))
            Account.objects.filter(pk=account.pk).update(display_name="This one")
        return
    held, free = threading.Event(), threading.Event()

    def other() -> None:
        with transaction.atomic():
            held.set()
            free.wait(timeout=30)
        connection.close()

    thread = threading.Thread(target=other)
    thread.start()
    held.wait(timeout=30)
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 0")
        write_name(account, "This one")
    finally:
        free.set()
        thread.join(timeout=30)


class Act:
    """Ended by the database so many times, then done."""

    def __init__(self, times: int, before: Callable[[], Any] = lambda: None) -> None:
        self.account = make_account()
        self.times, self.before, self.calls = times, before, 0

    def __call__(self, *_form: Any) -> HttpResponse:
        self.calls += 1
        self.before()
        if self.calls <= self.times:
            _overtaken(self.account)
        write_name(self.account, "Done")
        return HttpResponse("Done")

    @property
    def is_done(self) -> bool:
        self.account.refresh_from_db()
        return self.account.display_name == "Done"


def test_what_others_ended_is_done_again() -> None:
    act = Act(net.TRIES - 1)
    assert net.again(act).content == b"Done"
    assert (act.calls, act.is_done) == (net.TRIES, True)


def test_in_the_end_it_is_said_that_nothing_was_lost() -> None:
    act = Act(net.TRIES)
    with pytest.raises(Overtaken) as caught:
        net.again(act)
    assert (act.calls, act.is_done) == (net.TRIES, False)
    assert (caught.value.status, caught.value.retry_after) == (503, 1)
    for language, words in (("en", "Nothing was lost"), ("zh-hant", "再按"), ("zh-hans", "再按")):
        with translation.override(language):
            assert words in str(caught.value)


def test_what_stands_in_part_is_not_done_again() -> None:
    first = make_account()
    act = Act(1, before=lambda: write_name(first, "First"))
    with pytest.raises(OperationalError):
        net.again(act)
    assert act.calls == 1


def test_other_errors_are_errors() -> None:
    calls: list[int] = []

    def act() -> None:
        calls.append(1)
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM nowhere")

    with pytest.raises(Exception, match="nowhere"):
        net.again(act)
    assert len(calls) == 1


class _Form(forms.Form):
    text = forms.CharField()
    file = forms.FileField()


def _page(act: Act, read: list[bytes]) -> HttpResponse:
    def do(form: _Form) -> HttpResponse:
        read.append(form.cleaned_data.pop("file").read())
        return act()

    file = SimpleUploadedFile("codes.csv", b"one,two")
    request = RequestFactory().post("/en/", {"text": "As typed", "file": file})
    request.LANGUAGE_CODE = "en"
    return form_page(request, "forms/test-page.html", _Form, act=do)


def test_a_form_is_done_again_with_its_file_as_it_was_sent() -> None:
    act, read = Act(2), []
    assert _page(act, read).content == b"Done"
    assert read == [b"one,two"] * 3


def test_a_form_that_was_not_done_keeps_what_was_typed(settings: Any, tmp_path: Path) -> None:
    act = Act(net.TRIES)
    (tmp_path / "forms").mkdir()
    page = "{{ form.non_field_errors }}{{ form.text }}"
    (tmp_path / "forms" / "test-page.html").write_text(page)
    (engine,) = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], tmp_path]}]
    response = _page(act, [])
    assert (response.status_code, response.headers["Retry-After"]) == (503, "1")
    shown = response.content.decode()
    assert "As typed" in shown
    assert "Nothing was lost" in shown


def test_the_api_does_a_write_again_and_says_when_it_could_not() -> None:
    request = RequestFactory().post("/api/v1/x", {"file": io.BytesIO(b"one")})
    act = Act(1)
    assert _done(request, act).content == b"Done"
    refused = _done(request, Act(net.TRIES))
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")
    assert b'"code": "overtaken"' in refused.content
    read = Act(1)
    with pytest.raises(OperationalError):
        _done(RequestFactory().get("/api/v1/x"), read)


def _pressed(view: Callable[..., HttpResponse], method: str = "post") -> HttpResponse:
    request = getattr(RequestFactory(), method)("/en/x/")
    request.LANGUAGE_CODE = "en"
    request.user = make_account()
    return signed_in(view)(request)


def test_a_button_of_somebody_signed_in_is_done_again_by_itself() -> None:
    act = Act(net.TRIES - 1)
    response = _pressed(lambda _request, _account: act())
    assert (response.content, act.calls, act.is_done) == (b"Done", net.TRIES, True)
    # Each for itself: it is kept out of every cache as before.
    assert "no-store" in response.headers["Cache-Control"]


def test_a_button_is_tried_so_often_and_a_page_that_is_read_once() -> None:
    act, read = Act(net.TRIES), Act(1)
    with pytest.raises(Overtaken):
        _pressed(lambda _request, _account: act())
    assert (act.calls, act.is_done) == (net.TRIES, False)
    with pytest.raises(OperationalError):
        _pressed(lambda _request, _account: read(), "get")
    assert read.calls == 1


def test_a_button_of_which_a_part_stands_is_not_pressed_again() -> None:
    first = make_account()
    act = Act(1, before=lambda: write_name(first, "First"))
    with pytest.raises(OperationalError):
        _pressed(lambda _request, _account: act())
    assert act.calls == 1


def test_a_form_page_behind_a_sign_in_is_not_done_more_often() -> None:
    act = Act(net.TRIES - 1)
    response = _pressed(lambda request, _account: form_page(request, "", forms.Form, act=act))
    assert (response.content, act.calls) == (b"Done", net.TRIES)


def test_a_button_without_a_form_page_says_so_too() -> None:
    request = RequestFactory().post("/en/x/")
    request.LANGUAGE_CODE = "en"
    with pytest.raises(OperationalError) as caught:
        _overtaken(make_account())
    response = DomainErrorMiddleware(lambda _request: HttpResponse()).process_exception(
        request, caught.value
    )
    assert response is not None
    assert (response.status_code, response.headers["Retry-After"]) == (503, "1")
    assert "Nothing was lost" in response.content.decode()
