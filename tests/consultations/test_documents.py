"""A document is public once a live page refers to it; before that it is its bureau's alone."""

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.models import ReferenceIndex

from accounts.models import Account
from consultations.models import ConsultationPage
from consultations.tree import ensure_collection
from core.models import MediaDocument
from tests.factories.consultations import (
    chapter,
    edit_paper,
    make_paper,
    make_paper_draft,
    paragraph,
)
from tests.factories.desk import make_administrator, make_approver, make_officer
from tests.factories.engagements import make_account, make_bureau

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(settings, tmp_path) -> MediaDocument:
    settings.MEDIA_ROOT = tmp_path
    make_paper_draft()
    file = ContentFile(b"%PDF-1.4 plans", name="plans.pdf")
    shelf = ensure_collection(make_bureau())
    return MediaDocument.objects.create(title="Plans", file=file, collection=shelf)


def answer(account: Account | None, document: MediaDocument) -> int:
    client = Client()
    if account is not None:
        client.force_login(account, backend="accounts.backends.AccountBackend")
    return client.get(document.url).status_code


def body_with(document: MediaDocument) -> list:
    block = {"type": "document", "id": "d1", "value": {"title": "Plans", "document": document.pk}}
    return [chapter("c1", "Chapter", paragraph("p1", "The plans are below."), block)]


def indexed(page: ConsultationPage) -> None:
    """As the job does after each save."""
    ReferenceIndex.create_or_update_for_object(ConsultationPage.objects.get(pk=page.pk))


def test_what_no_live_page_refers_to_is_its_bureaus_alone(document):
    for account in (make_officer(), make_approver(), make_administrator()):
        assert answer(account, document) == 200
    for account in (None, make_account(), make_officer(make_bureau("LCSD"))):
        assert answer(account, document) == 404
    absent = Client().get(f"/documents/{document.pk + 999}/{document.filename}")
    assert absent.status_code == 404


def test_a_draft_opens_nothing_and_publication_opens_it(document):
    draft = make_paper_draft(body=body_with(document))
    indexed(draft)
    assert answer(None, document) == 404
    live, _engagement = make_paper()
    indexed(live)
    edit_paper(live, body=body_with(document))
    indexed(live)
    assert answer(None, document) == 404
    published, _engagement = make_paper(body=body_with(document))
    indexed(published)
    assert answer(None, document) == 200
    assert answer(make_officer(make_bureau("LCSD")), document) == 200


def test_what_is_taken_away_is_closed_again(document):
    page, _engagement = make_paper(body=body_with(document))
    indexed(page)
    assert answer(None, document) == 200
    ConsultationPage.objects.filter(translation_key=page.translation_key).update(live=False)
    assert answer(None, document) == 404
    assert answer(make_officer(), document) == 200


def test_the_platforms_own_documents_are_for_everybody(document):
    document.collection = document.collection.get_parent()
    document.save()
    assert answer(None, document) == 200
