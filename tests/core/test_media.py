"""Pictures of the CMS are there without a web server in front; nothing else of MEDIA_ROOT is."""

import pytest
from django.test import Client

from tests.factories.core import make_image

pytestmark = [pytest.mark.django_db]


def test_a_picture_is_served_and_a_document_or_another_path_is_not(
    client: Client,
) -> None:
    image = make_image()
    assert client.get(image.get_rendition("width-4").url).status_code == 200
    # The original may hold what a camera wrote into it.
    for path in (
        image.file.url,
        "/media/documents/secret.pdf",
        "/media/images/../documents/secret.pdf",
        "/media/images/",
        "/media/images/..%2f..%2fkaifong.sqlite3",
    ):
        assert client.get(path).status_code in {301, 302, 400, 404}, path
