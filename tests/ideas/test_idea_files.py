"""Pictures and documents of an idea: added on its own page, read by a moderator, shown under it."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from ideas.actions.ideas import newest
from ideas.models import Idea
from participation.models import Attachment
from tests.factories.files import picture, upload
from tests.factories.ideas import make_contest, make_public_idea
from tests.factories.participation import decide, make_citizen

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]


def test_files_are_added_to_an_idea_and_wait_with_their_version(
    settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.ATTACHMENTS_ROOT = tmp_path
    citizen = make_citizen("Mei")
    idea = make_public_idea(make_contest()[1], account=citizen)
    entry = idea.contribution
    client = Client()
    client.force_login(citizen, backend="accounts.backends.AccountBackend")
    address = reverse("participation:files", args=[entry.public_id])
    receipt = reverse("participation:receipt", args=[entry.receipt.code])
    assert address in client.get(receipt).content.decode()
    answer = client.post(address, {"files_add": "1", "files": upload(picture(), "steps.jpg")})
    assert answer.status_code == 200
    row = Attachment.objects.get()
    said = {f"files_alt_{row.public_id}": "Steep steps"}
    assert client.post(address, said).headers["Location"] == receipt
    idea = Idea.objects.select_related("contribution").get(pk=idea.pk)
    assert (idea.contribution.version, idea.contribution.held_version) == (1, 2)
    # The room's own version says the same, and its pages go on.
    assert (newest(idea).number, newest(idea).title) == (2, idea.title)
    page = reverse("ideas:idea", args=[entry.public_id])
    assert "steps.jpg" not in Client().get(page).content.decode()
    assert client.get(receipt).status_code == 200
    assert client.get(reverse("ideas:edit", args=[entry.public_id])).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        decide(idea.contribution)
    shown = Client().get(page).content.decode()
    assert "steps.jpg" in shown
    assert 'alt="Steep steps"' in shown
    assert Client().get(f"/en/attachments/{row.public_id}/picture/").status_code == 200
    decided = client.get(reverse("ideas:versions", args=[entry.public_id]))
    assert decided.status_code == 200
    call_command("verify_audit", stdout=io.StringIO())
