"""A long paper passes through the editor and the words page: no limit of a form stops it."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from consultations.models import ConsultationPage
from consultations.translation import sentences, standings
from tests.factories.consultations import make_paper_draft
from tests.factories.desk import make_officer

pytestmark = pytest.mark.django_db

CHAPTERS, EACH = 12, 20


def test_two_hundred_paragraphs_are_saved_and_translated(client: Client) -> None:
    officer = make_officer()
    page = make_paper_draft(by=officer, translate=False)
    client.force_login(officer)
    form_class = ConsultationPage.get_edit_handler().get_form_class()
    form = form_class(
        instance=page.get_latest_revision_as_object(),
        for_user=officer,
        parent_page=page.get_parent(),
    )
    plain = {name: form[name].value() for name in form.fields}
    chapters = [
        (
            "chapter",
            {
                "heading": f"Chapter {number}",
                "content": streamfield(
                    [
                        ("paragraph", rich_text(f"<p>Point {number}.{place}.</p>"))
                        for place in range(EACH)
                    ]
                ),
            },
        )
        for number in range(CHAPTERS)
    ]
    data = nested_form_data(
        {
            **{name: "" if value is None else value for name, value in plain.items()},
            "body": streamfield(chapters),
            "statements": streamfield([]),
            "questions": streamfield([]),
            "key_dates": streamfield([]),
        }
    )
    assert len(data) > 1000
    response = client.post(f"/cms/pages/{page.pk}/edit/", data)
    assert response.status_code == 302
    page.refresh_from_db()
    body = page.get_latest_revision_as_object().body
    assert sum(len(chapter.value["content"]) for chapter in body) == CHAPTERS * EACH
    engagement = page.engagement
    assert engagement is not None
    texts = {f"s-{row.key}": f"譯：{row.source}" for row in sentences(page)}
    assert CHAPTERS * EACH < len(texts) < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    response = client.post(f"/cms/desk/{engagement.public_id}/words/zh-hant/", texts)
    assert response.status_code == 302
    assert all(one.is_complete for one in standings(page))
