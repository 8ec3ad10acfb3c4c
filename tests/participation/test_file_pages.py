"""Forms that take files, without a script; the bytes, and under which headers they are given."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from moderation.models import Item
from participation.attachments import caps, scanners
from participation.attachments.shown import files_of
from participation.models import Attachment, Contribution
from tests.factories.engagements import make_engagement
from tests.factories.files import attach, hold_file, pdf, picture, upload
from tests.factories.participation import (
    decide,
    make_citizen,
    make_comment,
    make_moderator,
    make_public_comment,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("folder")]
BACKEND = "accounts.backends.AccountBackend"


def signed_in(account: Any) -> Client:
    """A browser of this account."""
    client = Client()
    client.force_login(account, backend=BACKEND)
    return client


@pytest.fixture
def form(settings: Any) -> str:
    """The address of a form of a title and files, on an engagement that takes both."""
    settings.ROOT_URLCONF = "tests.participation.file_urls"
    return f"/en/test/{make_engagement(moderation_policy='after').public_id}/"


def page(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.content.decode()[:2000]
    return str(response.content.decode())


def ids(text: str) -> list[str]:
    """The files that a form shows, by its buttons."""
    return re.findall(r'name="files_remove" value="(\w+)"', text)


def test_files_stay_when_another_field_is_wrong(form):
    citizen = make_citizen()
    client = signed_in(citizen)
    shown = page(client.get(form))
    assert 'enctype="multipart/form-data"' in shown
    assert 'type="file" multiple' in shown
    assert "file_trays" not in client.session
    shown = page(client.post(form, {"title": "", "files": upload(pdf(), "plan.pdf")}), 422)
    assert "plan.pdf" in shown
    assert "PDF, " in shown
    # The second time nothing is chosen: what came before is still there.
    answer = client.post(form, {"title": "Steps"})
    assert answer.status_code == 302
    entry = Contribution.objects.get()
    assert [row.name for row in entry.attachments.all()] == ["plan.pdf"]
    assert ids(page(client.get(form))) == []


def test_added_described_and_removed_by_buttons_of_the_form(form):
    client = signed_in(make_citizen())
    post = {"title": "Long enough to be kept " * 3, "files_add": "1"}
    shown = page(client.post(form, {**post, "files": [upload(picture()), upload(pdf(), "b.pdf")]}))
    # Only the files are judged, and what was typed is still there.
    assert "Long enough to be kept" in shown
    assert "error-summary" not in shown
    first, second = ids(shown)
    assert f'name="files_alt_{first}"' in shown
    assert f'name="files_alt_{second}"' not in shown
    shown = page(client.post(form, {f"files_alt_{first}": "Steep steps", "files_remove": second}))
    assert ids(shown) == [first]
    assert 'value="Steep steps"' in shown
    # Changing the language loses nothing either.
    shown = page(client.post(form.replace("/en/", "/zh-hant/"), {"switch_language": "zh-hant"}))
    assert ids(shown) == [first]
    assert client.post(form, {"title": "Steps"}).status_code == 302
    row = Attachment.objects.get()
    assert (row.alt, row.contribution) == ("Steep steps", Contribution.objects.get())


def test_who_sends_a_picture_without_words_is_asked_once(form):
    client = signed_in(make_citizen())
    shown = page(client.post(form, {"title": "Steps", "files": upload(picture())}), 422)
    assert "Say what it shows" in shown
    assert "<title>Error: " in shown
    assert not Contribution.objects.exists()
    assert client.post(form, {"title": "Steps"}).status_code == 302
    assert Attachment.objects.get().contribution is not None


def test_a_file_that_is_not_taken_is_named_and_the_rest_is_kept(form):
    client = signed_in(make_citizen())
    files = [upload(b"<svg onload=alert(1)>", "\u202e<b>x.svg"), upload(pdf(), "plan.pdf")]
    shown = page(client.post(form, {"title": "Steps", "files": files}), 422)
    assert "b x.svg: This kind of file is not taken." in shown
    assert "\u202e" not in shown
    assert len(ids(shown)) == 1
    assert 'value="Steps"' in shown


def test_a_sixth_file_is_refused_and_the_field_says_that_it_is_full(form):
    client = signed_in(make_citizen())
    files = [upload(pdf(f"<< /N {number} >>"), f"{number}.pdf") for number in range(6)]
    shown = page(client.post(form, {"title": "x", "files": files}), 422)
    assert "5.pdf: Add at most 5 files." in shown
    assert len(ids(shown)) == 5
    assert 'type="file"' not in shown


def test_u8_text_is_kept_when_files_cannot_be_taken(form):
    scanners.register(scanners.Scanner("dead", lambda: False, lambda file: True))
    client = signed_in(make_citizen())
    shown = page(client.post(form, {"title": "My words", "files": upload(pdf(), "a.pdf")}), 503)
    assert 'value="My words"' in shown
    assert "a.pdf: Files cannot be taken at the moment." in shown
    assert client.post(form, {"title": "My words"}).status_code == 302


def test_u10_too_many_is_a_429_that_keeps_the_text(form, settings):
    settings.KAIFONG_LIMITS = {**settings.KAIFONG_LIMITS, "attach_file": ((1, 3600),)}
    client = signed_in(make_citizen())
    files = [upload(pdf(f"<< /N {number} >>"), f"{number}.pdf") for number in range(2)]
    answer = client.post(form, {"title": "My words", "files": files})
    assert 'value="My words"' in page(answer, 429)
    assert int(answer.headers["Retry-After"]) > 0
    assert Attachment.objects.count() == 1


def test_files_chosen_before_signing_in_are_the_persons_afterwards(form):
    client = Client()
    page(client.post(form, {"title": "x", "files_add": "1", "files": upload(picture())}))
    row = Attachment.objects.get()
    assert row.person is None
    assert client.get(f"/en/attachments/{row.public_id}/picture/").status_code == 200
    citizen = make_citizen()
    client.force_login(citizen, backend=BACKEND)
    assert client.post(form, {"title": "Steps"}).status_code == 302
    row.refresh_from_db()
    assert (row.person, row.contribution) == (citizen.person, Contribution.objects.get())


def test_u9_nobody_elses_browser_opens_what_lies_on_a_tray(form):
    client, stranger = Client(), Client()
    page(client.post(form, {"title": "x", "files_add": "1", "files": upload(picture())}))
    row = Attachment.objects.get()
    addresses = [
        reverse(f"participation:{name}", args=[row.public_id])
        for name in ("attachment", "attachment-picture")
    ]
    for address in addresses:
        assert client.get(address).status_code == 200
        for who in (stranger, signed_in(make_citizen()), signed_in(make_moderator())):
            for extra in ({}, {"HTTP_IF_NONE_MATCH": "*"}, {"HTTP_RANGE": "bytes=0-1"}):
                assert who.get(address, **extra).status_code == 404
        absent = address.replace(row.public_id, "bcdfghjkmnpq")
        assert stranger.get(absent).status_code == 404
    # Another visit's buttons do nothing to it.
    page(stranger.post(form, {"files_remove": row.public_id}))
    page(stranger.post(form, {"files_add": "1", f"files_alt_{row.public_id}": "Mine"}))
    row.refresh_from_db()
    assert row.alt == ""
    client.cookies.clear()
    assert client.get(addresses[0]).status_code == 404


def test_u9_signing_out_closes_what_was_the_persons(form):
    citizen = make_citizen()
    client = signed_in(citizen)
    page(client.post(form, {"title": "x", "files_add": "1", "files": upload(picture())}))
    address = f"/en/attachments/{Attachment.objects.get().public_id}/"
    assert client.get(address).status_code == 200
    client.logout()
    assert client.get(address).status_code == 404


def _body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_u1_bytes_are_given_as_a_download_that_can_do_nothing():
    engagement, citizen = make_engagement(moderation_policy="after"), make_citizen()
    entry = make_comment(engagement, account=citizen).contribution
    row = attach(entry, citizen, content=pdf(), name="Plan <b>樓梯.pdf")
    answer = Client().get(f"/en/attachments/{row.public_id}/")
    assert answer.headers["Content-Type"] == "application/pdf"
    said = answer.headers["Content-Disposition"]
    assert said.startswith("attachment; filename*=utf-8''Plan%20b%20%E6%A8%93")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Content-Length"] == str(row.size)
    assert _body(answer) == pdf()
    assert Client().get(f"/en/attachments/{row.public_id}/picture/").status_code == 404
    for method in ("post", "put", "delete"):
        assert getattr(Client(), method)(f"/en/attachments/{row.public_id}/").status_code == 405


@pytest.mark.parametrize(
    "name", ["a\r\nSet-Cookie: x=1.pdf", 'a"; filename="b.exe.pdf', "é.pdf", "\u202efdp.exe"]
)
def test_u5_a_name_in_a_header_stays_a_name(name):
    engagement, citizen = make_engagement(moderation_policy="after"), make_citizen()
    row = attach(make_comment(engagement, account=citizen).contribution, citizen, name=name)
    answer = Client().get(f"/en/attachments/{row.public_id}/")
    said = answer.headers["Content-Disposition"]
    assert "Set-Cookie" not in answer.headers
    assert "\r" not in said
    assert re.match(r"attachment; filename(=\"[^\"]*\"|\*=utf-8''[\w%.+-]*)$", said)
    assert ".jpg" in said
    assert "\u202e" not in said


def test_a_public_picture_is_shown_in_the_page_and_kept_a_minute():
    engagement, citizen = make_engagement(moderation_policy="after"), make_citizen()
    entry = make_comment(engagement, account=citizen).contribution
    row = attach(entry, citizen, alt="Steep steps")
    answer = Client().get(f"/en/attachments/{row.public_id}/picture/")
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert "attachment" not in answer.headers.get("Content-Disposition", "")
    assert _body(answer)[8:12] == b"WEBP"
    # The same bytes for everybody, whoever is signed in.
    again = signed_in(citizen).get(f"/en/attachments/{row.public_id}/picture/")
    assert again.headers["Cache-Control"] == "public, max-age=60"
    decide(entry, "withhold")
    assert Client().get(f"/en/attachments/{row.public_id}/picture/").status_code == 404


def test_bytes_that_are_gone_or_out_of_reach(folder, monkeypatch):
    engagement, citizen = make_engagement(moderation_policy="after"), make_citizen()
    row = attach(make_comment(engagement, account=citizen).contribution, citizen)
    path = folder / row.stored
    kept = path.read_bytes()
    path.unlink()
    assert Client().get(f"/en/attachments/{row.public_id}/").status_code == 404
    path.mkdir()
    client = Client(raise_request_exception=False)
    assert client.get(f"/en/attachments/{row.public_id}/").status_code == 503
    path.rmdir()
    path.write_bytes(kept)
    assert Client().get(f"/en/attachments/{row.public_id}/").status_code == 200


def test_the_page_of_an_entrys_files():
    engagement, citizen = make_engagement(), make_citizen()
    entry = make_public_comment(engagement, account=citizen).contribution
    client = signed_in(citizen)
    address = reverse("participation:files", args=[entry.public_id])
    receipt = reverse("participation:receipt", args=[entry.receipt.code])
    assert address in page(client.get(receipt))
    assert "A moderator looks at new files" in page(client.get(address))
    page(client.post(address, {"files_add": "1", "files": upload(picture())}))
    row = Attachment.objects.get()
    answer = client.post(address, {f"files_alt_{row.public_id}": "Steps"})
    assert answer.headers["Location"] == receipt
    entry.refresh_from_db()
    row.refresh_from_db()
    assert (entry.version, entry.held_version, row.version) == (1, 2, 2)
    assert "photo.jpg" in page(client.get(receipt))
    assert "photo.jpg" not in page(signed_in(make_citizen()).get(receipt))
    assert "Waits for a moderator" in page(client.get(address))
    # The moderator sees it before deciding.
    waiting = Item.objects.get(target_id=entry.public_id, state="waiting")
    item = reverse("moderation:item", args=["comment", waiting.public_id])
    shown = page(signed_in(make_moderator()).get(item))
    assert f"/en/attachments/{row.public_id}/picture/" in shown
    assert "Steps" in shown
    assert files_of([entry]) == {}
    decide(entry)
    assert [one.alt for one in files_of([entry])[entry.pk]] == ["Steps"]
    page(client.post(address, {"files_remove": row.public_id}))
    assert files_of([entry]) == {}
    with clock.freeze(engagement.closes_at):
        page(client.get(address), 409)


def test_files_of_many_entries_are_one_query(django_assert_num_queries):
    engagement = make_engagement(moderation_policy="after")
    entries = []
    for _number in range(3):
        citizen = make_citizen()
        entries.append(make_comment(engagement, account=citizen).contribution)
        attach(entries[-1], citizen)
        attach(entries[-1], citizen)
    with django_assert_num_queries(1):
        found = files_of(entries)
    assert [len(found[entry.pk]) for entry in entries] == [2, 2, 2]


def test_u3_a_form_that_did_not_arrive_whole_keeps_nothing(form):
    client = signed_in(make_citizen())
    boundary = "kaifongboundary"
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="title"\r\n\r\nSteps\r\n'
        f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    ).encode()
    content = picture(size=(400, 300))
    body = head + content + f"\r\n--{boundary}--\r\n".encode()
    kind = f"multipart/form-data; boundary={boundary}"
    for cut in (len(head) - 20, len(head) + len(content) // 2):
        answer = client.generic("POST", form, body[:cut], content_type=kind)
        assert answer.status_code in {302, 400, 422}
        assert not Attachment.objects.exists()
    answer = client.generic("POST", form, body, content_type=kind)
    assert answer.status_code == 422
    assert Attachment.objects.count() == 1


def test_a_name_with_a_path_is_only_a_name():
    row = hold_file(make_engagement(), name="../../etc/passwd")
    assert row.name == "passwd.jpg"
    assert ".." not in row.stored


def test_the_caps_leave_room_for_a_full_form(settings):
    assert settings.FILE_BODY_MAX_BYTES > caps.MOST_FILES * caps.FILE_BYTES
