"""A paragraph is shown in the reader's language where it is commented on."""

import pytest
from django.test import Client

from consultations.models import Paragraph
from tests.factories.consultations import make_paper

pytestmark = [pytest.mark.django_db]


def test_the_comment_form_shows_the_paragraph_and_leads_back_to_it(client: Client) -> None:
    _page, engagement = make_paper()
    row = Paragraph.objects.get(engagement=engagement, number="1.2")
    for language, text in (("en", "Second point."), ("zh-hant", "譯：Second point.")):
        path = f"/{language}/e/{engagement.public_id}/comment/?on={row.thread.key}"
        html = client.get(path).content.decode()
        assert text in html
        assert "First point." not in html
        assert f"{engagement.paths[language]}#{row.anchor}" in html
