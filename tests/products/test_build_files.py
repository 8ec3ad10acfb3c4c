"""A build's file: uploaded in the CMS, as app or zip too, and handed out for saving alone."""

from __future__ import annotations

import hashlib
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.defaultfilters import filesizeformat
from django.test import Client, TestCase
from django.urls import reverse
from wagtail.documents.forms import get_document_form
from wagtail.models import ReferenceIndex

from consultations.tree import ensure_collection
from core.models import MediaDocument
from crowdtasks.products.blocks import BuildBlock
from crowdtasks.products.models import Build, ProductPage
from tests.factories.desk import make_officer
from tests.factories.engagements import make_bureau
from tests.factories.products import build, builds_of, make_product, make_round

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]

#: A page that a browser would run if it took the file for one.
PAGE = b"<!doctype html><script>alert(1)</script>"


@pytest.fixture(autouse=True)
def _media(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


def _upload(name: str, content: bytes = PAGE) -> dict[str, Any]:
    """What the chooser of the editor answers to a file."""
    client = Client()
    client.force_login(make_officer(), backend="accounts.backends.AccountBackend")
    shelf = ensure_collection(make_bureau())
    answer = client.post(
        reverse("wagtaildocs_chooser:create"),
        {
            "document-chooser-upload-title": "The app",
            "document-chooser-upload-collection": shelf.pk,
            "document-chooser-upload-file": SimpleUploadedFile(name, content, "text/html"),
        },
    )
    assert answer.status_code == 200
    said: dict[str, Any] = answer.json()
    return said


@pytest.mark.parametrize("name", ["seats.apk", "SEATS.APK", "seats.zip"])
def test_an_app_is_uploaded_and_whoever_tries_it_saves_it(name: str) -> None:
    assert _upload(name)["step"] == "chosen"
    document = MediaDocument.objects.get()
    page, engagement = make_product(builds=[build("1", link="", document=document.pk)])
    assert builds_of(engagement)[0].size == len(PAGE)
    # As the job does after each save.
    ReferenceIndex.create_or_update_for_object(ProductPage.objects.get(pk=page.pk))
    answer = Client().get(document.url)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == PAGE
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["seats.html", "seats.svg", "seats.exe", "seats.apk.js", "apk"])
def test_what_a_browser_or_a_computer_would_run_is_refused(name: str) -> None:
    said = _upload(name)
    assert said["step"] == "reshow_creation_form"
    assert "is not allowed" in said["htmlFragment"]
    assert not MediaDocument.objects.exists()


def test_a_file_that_is_too_large_is_refused_by_its_form_which_says_the_limit(settings) -> None:
    most = filesizeformat(settings.WAGTAILDOCS_MAX_UPLOAD_SIZE).replace("\xa0", " ")
    assert most == "48.0 MB"
    help_text = str(BuildBlock().child_blocks["document"].field.help_text)
    assert most.replace(".0", "") in help_text
    settings.WAGTAILDOCS_MAX_UPLOAD_SIZE = len(PAGE) - 1
    said = _upload("seats.apk")
    assert said["step"] == "reshow_creation_form"
    assert "too big" in said["htmlFragment"]
    assert not MediaDocument.objects.exists()


def test_a_file_that_was_replaced_is_not_shown_with_the_fingerprint_of_another() -> None:
    _upload("seats.apk")
    document = MediaDocument.objects.get()
    page, engagement = make_product(builds=[build("1", link="", document=document.pk)])
    _round, row = make_round(build=builds_of(engagement)[0])
    paths = [page.url, row.engagement.paths["en"], f"/en/e/{row.engagement.public_id}/try/"]
    api = f"/api/v1/products/{engagement.public_id}"
    prints = hashlib.sha256(PAGE).hexdigest()

    def shown() -> list[bool]:
        client = Client()
        texts = [client.get(path).content.decode() for path in [*paths, api]]
        assert [document.url in text for text in texts[:3]] == [prints in texts[0]] * 3
        return [prints in text for text in texts]

    assert shown() == [True] * 4
    # As the CMS does it: the form measures what it was given.
    officer = make_officer()
    form = get_document_form(MediaDocument)
    for content, expected in ((b"another", False), (PAGE, True)):
        file = SimpleUploadedFile("seats.apk", content)
        given = {"title": "The app", "collection": document.collection_id}
        said = form(given, {"file": file}, instance=MediaDocument.objects.get(), user=officer)
        assert said.is_valid(), said.errors
        with TestCase.captureOnCommitCallbacks(execute=True):
            said.save()
        document = MediaDocument.objects.get()
        assert shown() == [expected] * 4
        assert ("was replaced" in Client().get(paths[0]).content.decode()) is not expected
    with TestCase.captureOnCommitCallbacks(execute=True):
        MediaDocument.objects.get().delete()
    assert shown() == [False] * 4


def test_a_file_that_could_not_be_read_when_files_were_noted_is_not_said_to_be_another(
    capsys,
) -> None:
    _upload("seats.apk")
    document = MediaDocument.objects.get()
    engagement = make_product(builds=[build("1", link="", document=document.pk)])[1]
    noted = import_module("crowdtasks.products.migrations.0007_codes_and_files_that_change")
    document.file.storage.delete(document.file.name)
    Build.objects.update(file_hash="")
    noted.note_files(apps, None)
    (row,) = builds_of(engagement)
    assert not row.file_replaced
    assert f"build {row.public_id}: its file could not be read" in capsys.readouterr().out
    # One that can be read, and is another.
    document.file.storage.save(document.file.name, ContentFile(b"another"))
    Build.objects.update(file_hash="")
    noted.note_files(apps, None)
    assert builds_of(engagement)[0].file_replaced
