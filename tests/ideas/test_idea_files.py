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
from tests.factories.ideas import make_contest, make_public_idea, seat_coauthor
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


def _signed_in(account) -> Client:
    client = Client()
    client.force_login(account, backend="accounts.backends.AccountBackend")
    return client


def test_files_and_words_of_the_edit_page_are_one_version(settings, tmp_path):
    settings.ATTACHMENTS_ROOT = tmp_path
    author, friend = make_citizen("Mei"), make_citizen("Fong")
    idea = make_public_idea(make_contest(moderation_policy="after")[1], account=author)
    seat_coauthor(idea, friend)
    client = _signed_in(friend)
    address = reverse("ideas:edit", args=[idea.contribution.public_id])
    sent = {"title": "Steps with rails", "text": idea.text, "version": "1"}
    added = client.post(address, {**sent, "files_add": "1", "files": upload(picture(), "a.jpg")})
    assert added.status_code == 200
    assert 'value="Steps with rails"' in added.content.decode()
    row = Attachment.objects.get()
    # It lies on the tray of this visit: the author, and the public, find nothing.
    for other in (_signed_in(author), Client()):
        assert other.get(f"/en/attachments/{row.public_id}/").status_code == 404
    said = {**sent, f"files_alt_{row.public_id}": "Steps"}
    assert client.post(address, said).status_code == 302
    row.refresh_from_db()
    idea = Idea.objects.select_related("contribution").get(pk=idea.pk)
    assert (idea.title, idea.contribution.version, row.version) == ("Steps with rails", 2, 2)
    shown = Client().get(reverse("ideas:idea", args=[idea.contribution.public_id]))
    assert "a.jpg" in shown.content.decode()
    # Files alone are a version too, and the author takes away what the co-author added.
    more = {**sent, "version": "2", "files": upload(picture(), "b.jpg")}
    assert client.post(address, more).status_code == 422
    assert client.post(address, {**sent, "version": "2"}).status_code == 302
    assert idea.versions.count() == 3
    gone = {**sent, "version": "3", "files_remove": row.public_id}
    assert _signed_in(author).post(address, gone).status_code == 200
    row.refresh_from_db()
    assert row.removed_at is not None
    call_command("verify_audit", stdout=io.StringIO())


def test_a_refused_file_takes_no_word_with_it(settings, tmp_path):
    settings.ATTACHMENTS_ROOT = tmp_path
    author = make_citizen()
    idea = make_public_idea(make_contest()[1], account=author)
    client = _signed_in(author)
    address = reverse("ideas:edit", args=[idea.contribution.public_id])
    sent = {"title": "Kept as typed", "text": "A long text.", "version": "1"}
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"
    refused = client.post(address, {**sent, "files": upload(svg, "<b>.jpg")})
    assert refused.status_code == 422
    assert "Kept as typed" in refused.content.decode()
    assert "<b>.jpg" not in refused.content.decode()
    # Where the bytes cannot be kept it says so, and the words stay.
    settings.ATTACHMENTS_ROOT = tmp_path / "file"
    settings.ATTACHMENTS_ROOT.write_text("no folder")
    busy = client.post(address, {**sent, "files": upload(picture(), "a.jpg")})
    assert busy.status_code == 503
    assert "Kept as typed" in busy.content.decode()
    assert not Attachment.objects.exists()
    assert idea.versions.count() == 1
