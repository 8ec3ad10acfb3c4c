"""Reporting a finding: without an account, from a step, with pictures; nothing typed is lost."""

from __future__ import annotations

import datetime as dt
import io
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client
from PIL import Image

from consultations.actions.paper import publish_paper
from core import audit, clock
from core.exceptions import Absent, Closed, Invalid, Refused, SignInNeeded
from core.models import AuditEntry
from crowdtasks.findings.actions.reporting import report_finding
from crowdtasks.findings.device import device_of
from crowdtasks.findings.models import Finding
from crowdtasks.products.models import Attempt, Round
from moderation.models import Item
from participation.models import Attachment, Contribution
from tests.api.conftest import Api
from tests.factories.accounts import make_officer
from tests.factories.files import picture, png_claiming, upload
from tests.factories.findings import find, make_tested
from tests.factories.panel import invited_with
from tests.factories.participation import decide, make_citizen
from tests.factories.products import (
    begin,
    builds_of,
    edit,
    make_product,
    make_round,
    send,
    tell,
)
from tests.factories.products import build as build_block
from tests.factories.products import step as step_block

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]

PHONE = (
    "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Mobile Safari/537.36"
)
BACKEND = "accounts.backends.AccountBackend"
TYPED = {
    "happened": "Nothing happened when I pressed Book.",
    "expected": "A seat.",
    "severity": "stopped",
    "step": "2",
    "device": "Android 14, Chrome 130",
    "publish_choice": "confidential",
    "key": "one-form",
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.ATTACHMENTS_ROOT = tmp_path / "files"
    return tmp_path / "files"


def _path(engagement: Any, query: str = "") -> str:
    return f"/en/e/{engagement.public_id}/problem/{query}"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (PHONE, "Android 14, Chrome 130"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, "
            "like Gecko) Version/17.6 Mobile/15E148 Safari/604.1",
            "iPhone, iOS 17.6, Safari 17",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
            "Windows 10/11, Edge 131",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0", None),
        ("curl/8.5.0", ""),
        ("", ""),
        ("\x00" + "(" * 9000, ""),
    ],
)
def test_the_browser_is_named_modestly(said, shown) -> None:
    assert device_of(said) == ("Linux, Firefox 132" if shown is None else shown)


def test_without_an_account_from_a_step_of_a_try(client) -> None:
    row, _first, _second = make_tested()
    client.post(f"/en/e/{row.engagement.public_id}/try/")
    step = client.get(f"/en/e/{row.engagement.public_id}/try/2/").content.decode()
    assert _path(row.engagement, "?step=2") in step
    shown = client.get(_path(row.engagement, "?step=2"), HTTP_USER_AGENT=PHONE).content.decode()
    assert 'value="Android 14, Chrome 130"' in shown
    assert re.search(r'<option value="2" selected>2\. Book it', shown)
    answer = client.post(_path(row.engagement, "?step=2"), TYPED)
    finding = Finding.objects.get()
    assert finding.contribution.receipt.code in answer.headers["Location"]
    assert finding.step.block_id == "book"
    assert finding.build == row.build
    assert finding.attempt == Attempt.objects.get()
    assert (finding.severity, finding.device) == ("stopped", TYPED["device"])
    assert finding.contribution.person is None
    # Who sent it reads it here and may go on; whoever else has the code reads where it stands.
    receipt = client.get(answer.headers["Location"]).content.decode()
    assert TYPED["happened"] in receipt
    assert f"/en/e/{row.engagement.public_id}/try/" in receipt
    other = Client().get(answer.headers["Location"]).content.decode()
    assert TYPED["happened"] not in other
    assert "The bureau has not looked at it yet." in other
    # The same form again is the same finding.
    again = client.post(_path(row.engagement), TYPED)
    assert again.headers["Location"] == answer.headers["Location"]
    assert Finding.objects.count() == 1
    assert audit.verify().ok


def test_who_hands_in_the_try_signed_in_has_reported_what_was_found_on_the_way() -> None:
    row, _first, _second = make_tested()
    attempt = begin(row)
    finding = find(row, attempt=attempt)
    citizen = make_citizen()
    tell(attempt)
    send(attempt, citizen)
    assert list(Finding.objects.of([citizen.person.pk])) == [finding]


def test_from_a_products_page_signed_in(client) -> None:
    _page, product = make_product()
    text = client.get(product.paths["en"]).content.decode()
    assert _path(product) in text
    assert "/sign-in/" in client.get(_path(product)).headers["Location"]
    # A session that ended meanwhile loses nothing of what was typed.
    refused = client.post(_path(product), {**TYPED, "step": ""})
    assert refused.status_code == 401
    assert TYPED["happened"] in refused.content.decode()
    citizen = make_citizen()
    client.force_login(citizen, backend=BACKEND)
    shown = client.get(_path(product)).content.decode()
    build = re.search(r'<option value="(\w+)" selected>1<', shown)
    assert build is not None
    done = client.post(_path(product), {**TYPED, "step": "", "build": build[1]})
    assert done.status_code == 302
    finding = Finding.objects.get()
    assert finding.build.version == "1"
    assert finding.contribution.person == citizen.person
    assert "Nothing happened" in client.get("/en/account/findings/").content.decode()
    assert "Nothing happened" in client.get("/en/account/").content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("happened", " \n"),
        ("happened", "x" * 4001),
        ("happened", "a\x00b"),
        ("expected", "x" * 4001),
        ("severity", "deadly"),
        ("device", "x" * 201),
        ("publish_choice", "name"),
        ("step", "9"),
        ("files", "svg"),
        ("files", "bomb"),
        ("files", "large"),
    ],
)
def test_what_cannot_be_taken_is_said_and_everything_typed_stays(client, field, value) -> None:
    row, _first, _second = make_tested()
    files = {
        "svg": upload(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "image/svg+xml"),
        "bomb": upload(png_claiming(60_000, 60_000), "a.png", "image/png"),
        "large": upload(b"\xff\xd8\xff" + bytes(11 * 1024 * 1024), "a.jpg"),
    }
    typed = {**TYPED, field: files[value] if field == "files" else value}
    refused = client.post(_path(row.engagement), typed)
    assert refused.status_code == 422
    text = refused.content.decode()
    assert "error-summary" in text
    kept = "A seat." if field == "happened" else TYPED["happened"]
    assert kept in text
    assert not Finding.objects.exists()
    assert not Contribution.objects.exists()
    assert not Attachment.objects.exists()


def test_a_picture_is_shown_once_and_its_marked_parts_are_gone_for_good(client, folder) -> None:
    row, _first, _second = make_tested()
    taken = Image.effect_noise((400, 800), 90).convert("RGB")
    made = io.BytesIO()
    taken.save(made, "PNG")
    # Without a script the picture is shown with boxes over it before anything is sent.
    shown = client.post(_path(row.engagement), {**TYPED, "files": upload(made.getvalue(), "s.png")})
    assert shown.status_code == 422
    text = shown.content.decode()
    held = Attachment.objects.get()
    assert text.count(f'name="files_part_{held.public_id}"') == 32
    assert TYPED["happened"] in text
    first = (folder / held.stored).read_bytes()
    post = {**TYPED, "files_hide": held.public_id, f"files_part_{held.public_id}": ["1-1", "8-4"]}
    with_parts = client.post(_path(row.engagement), post)
    assert with_parts.status_code == 200
    assert TYPED["happened"] in with_parts.content.decode()
    held.refresh_from_db()
    second = (folder / held.stored).read_bytes()
    assert second != first
    image = Image.open(io.BytesIO(second)).convert("RGB")
    assert len(image.crop((0, 0, 100, 100)).getcolors(40_000)) == 1
    assert len(image.crop((300, 700, 400, 800)).getcolors(40_000)) == 1
    assert len(image.crop((120, 120, 200, 200)).getcolors(40_000)) > 100
    done = client.post(_path(row.engagement), TYPED)
    assert done.status_code == 302, done.content.decode()[:3000]
    entry = Finding.objects.get().contribution
    assert list(entry.attachments.all()) == [held]
    assert audit.verify().ok


@pytest.mark.db
def test_the_picture_of_before_is_deleted(client, folder, django_capture_on_commit_callbacks):
    row, _first, _second = make_tested()
    client.post(_path(row.engagement), {**TYPED, "files": upload(picture(size=(300, 300)))})
    held = Attachment.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        # Sent with the boxes ticked and the other button: they are hidden all the same.
        client.post(
            _path(row.engagement),
            {**TYPED, f"files_part_{held.public_id}": ["6-6", "7-7", "x", "1-٣", "-1-2"]},
        )
    stored = held.stored
    held.refresh_from_db()
    assert held.stored != stored
    assert not (folder / stored).exists()
    assert not (folder / f"{stored}.small").exists()
    assert (folder / held.stored).exists()
    assert held.contribution is not None


def test_nobody_hides_parts_of_somebody_elses_picture(client) -> None:
    row, _first, _second = make_tested()
    client.post(_path(row.engagement), {**TYPED, "files": upload(picture(size=(300, 300)))})
    held = Attachment.objects.get()
    post = {**TYPED, "files_hide": held.public_id, f"files_part_{held.public_id}": ["1-1"]}
    Client().post(_path(row.engagement), post)
    stored = held.stored
    held.refresh_from_db()
    assert held.stored == stored


def test_public_ones_wait_for_a_moderator_and_confidential_ones_do_not(client) -> None:
    row, _first, _second = make_tested()
    secret = find(row)
    public = find(row, publish_choice="alias", expected="A list.")
    assert secret.contribution.state == "confidential"
    assert public.contribution.state == "held"
    assert Item.objects.get().target_id == public.contribution.public_id
    decide(public.contribution)
    assert public.contribution.state == "published"
    # Its words are public once the bureau has looked at it, not before.
    path = f"/en/e/{row.engagement.public_id}/findings/"
    assert public.title not in client.get(path).content.decode()


def test_what_is_refused() -> None:
    row, _first, second = make_tested()
    other = make_round()[1]
    closed = make_round(opens=-9, closes=-1)[1]
    for number in (0, 3):
        with pytest.raises(Absent):
            find(row, step=number)
    with pytest.raises(Absent):
        find(row, attempt=begin(other))
    with pytest.raises(Closed):
        find(closed)
    with pytest.raises(SignInNeeded):
        report_finding(product=second.product, happened="x", severity="hard", language="en")
    citizen = make_citizen()
    with pytest.raises(Absent):
        report_finding(
            product=second.product,
            build=other.build,
            happened="x",
            severity="hard",
            language="en",
            person=citizen.person,
        )
    with pytest.raises(Invalid):
        find(row, publish_choice="name")
    with pytest.raises(ValueError, match="of a round or of a product"):
        report_finding(happened="x", severity="hard", language="en")


def test_only_who_was_invited_reports_in_an_invited_round(client) -> None:
    citizen = make_citizen()
    invitation = invited_with(citizen)
    row = invitation.draw.plan.round
    with pytest.raises(Refused):
        find(row, make_citizen())
    assert find(row, citizen).contribution.person == citizen.person
    assert "/sign-in/" in client.get(_path(row.engagement)).headers["Location"]
    client.force_login(make_citizen(), backend=BACKEND)
    assert client.get(_path(row.engagement)).status_code == 403


def test_an_officer_writes_down_what_happened_to_somebody() -> None:
    row = make_round(opens=-9, closes=-1)[1]
    officer = make_officer(row.engagement.owner.code)
    # Public choice or not: what is watched is for the bureau.
    finding = find(row, observer=officer, publish_choice="alias")
    assert finding.contribution.state == "confidential"
    assert finding.observer == officer
    with pytest.raises(Refused):
        find(row, observer=make_officer("LCSD" if row.engagement.owner.code == "EPD" else "EPD"))


def test_what_was_public_before_takes_findings_without_being_published_again(client) -> None:
    row, _first, _second = make_tested()
    places = [row.engagement, row.build.product.engagement]
    # As publishing wrote them before: no phase opened it, no level was said.
    for place in places:
        phase = place.phases.get()
        phase.verbs = [verb for verb in phase.verbs if verb != "test"]
        phase.save(update_fields=["verbs"])
        place.levels = {key: level for key, level in place.levels.items() if key != "test"}
        place.save(update_fields=["levels"])
        with transaction.atomic():
            audit.record("engagement.publish", actor=audit.SYSTEM, rows=[place, phase])
    assert client.get(_path(row.engagement)).status_code in {409, 410}
    module = import_module("crowdtasks.findings.migrations.0002_what_was_public_takes_findings")
    module.open_to_findings(apps, None)
    entries = AuditEntry.objects.count()
    module.open_to_findings(apps, None)
    assert AuditEntry.objects.count() == entries
    assert client.get(_path(row.engagement)).status_code == 200
    row = Round.objects.get(pk=row.pk)
    assert find(row, happened="Taken.").happened == "Taken."
    product = row.build.product
    with pytest.raises(SignInNeeded):
        report_finding(product=product, happened="Seen.", severity="hard", language="en")
    mei = make_citizen()
    report_finding(
        product=product,
        happened="Seen.",
        severity="hard",
        language="en",
        person=mei.person,
        account=mei,
    )
    assert audit.verify().ok


def test_a_program_reports_the_same_as_the_page_and_once_a_key() -> None:
    row, _first, _second = make_tested()
    place, account = f"products/{row.engagement.public_id}/findings", make_citizen()
    said = {"happened": "Nothing happened.", "severity": "stopped", "step": 2, "device": "A watch"}
    program = Api(account)
    status, made = program.ask("POST", place, said, **{"Idempotency-Key": "one"})
    assert status == 201
    assert program.ask("POST", place, said, **{"Idempotency-Key": "one"})[1] == made
    found = Finding.objects.select_related("contribution", "step", "build").get()
    assert (found.contribution.channel, found.contribution.person) == ("api", account.person)
    assert (found.step.order, found.build, found.device) == (2, row.build, "A watch")
    # Without signing in, where its page takes that too.
    product = f"products/{row.build.product.engagement.public_id}/findings"
    said = {"happened": "It is slow.", "severity": "small"}
    assert Api().ask("POST", place, said)[0] == 201
    assert Api().ask("POST", product, said)[0] == 401
    assert Finding.objects.filter(contribution__person=None).count() == 1
    said["build"] = row.build.public_id
    assert program.ask("POST", product, said)[0] == 201
    for wrong, expected in (
        ({"step": 9}, 404),
        ({"build": "0" * 12}, 404),
        ({"severity": "awful"}, 422),
        ({"happened": " "}, 422),
        ({"publish": "real"}, 422),
    ):
        asked = place if "step" in wrong else product
        assert program.ask("POST", asked, {**said, **wrong})[0] == expected, wrong
    assert Finding.objects.count() == 3


@pytest.mark.db
def test_a_build_that_can_be_none_is_absent_to_a_program() -> None:
    product = make_product()[1]
    program, said = Api(make_citizen()), {"happened": "It is slow.", "severity": "small"}
    for build in ("a\0b", "", "x" * 5000):
        asked = program.ask(
            "POST", f"products/{product.public_id}/findings", {**said, "build": build}
        )
        assert asked[0] == 404, build
    assert not Finding.objects.exists()


def test_a_replay_is_the_same_finding_whatever_was_spent_or_closed_meanwhile(settings) -> None:
    settings.KAIFONG_LIMITS = {**settings.KAIFONG_LIMITS, "report_finding_address": ((1, 3600),)}
    row, _first, _second = make_tested()
    place = f"products/{row.engagement.public_id}/findings"
    key = {"Idempotency-Key": "a key that nobody guesses, of this program"}
    said = {"happened": "It is slow.\n\nVery.", "severity": "small", "step": 1, "device": "Watch"}
    nobody = Api()
    made = nobody.ask("POST", place, said, **key)
    assert made[0] == 201
    assert nobody.ask("POST", place, {**said, "happened": "Another."})[0] == 429
    assert nobody.ask("POST", place, said, **key) == made
    with clock.freeze(row.engagement.closes_at + dt.timedelta(hours=2)):
        assert nobody.ask("POST", place, said)[0] == 409
        assert nobody.ask("POST", place, said, **key) == made
    for other in (
        {"severity": "hard"},
        {"step": 2},
        {"step": None},
        {"device": ""},
        {"happened": "It is slow.", "expected": "Very."},
        {"publish": "alias"},
    ):
        status, refused = nobody.ask("POST", place, {**said, **other}, **key)
        assert (status, refused["code"]) == (422, "already_sent"), other
    assert Finding.objects.count() == 1


def test_a_replay_is_the_same_finding_once_its_build_or_step_is_gone() -> None:
    page, product = make_product(builds=[build_block("1"), build_block("2")])
    first, second = builds_of(product)
    round_page, row = make_round(build=second)
    program = Api(make_citizen())
    said = {"happened": "It is slow.", "severity": "small"}
    of_product = f"products/{product.public_id}/findings", {**said, "build": first.public_id}
    of_round = f"products/{row.engagement.public_id}/findings", {**said, "step": 2}
    reports = [(of_product, "a"), (of_round, "b"), ((of_round[0], {**said, "step": 1}), "c")]

    def send(place: str, body: dict[str, Any], key: str) -> tuple[int, Any]:
        return program.ask("POST", place, body, **{"Idempotency-Key": key})

    made = [send(*report, key) for report, key in reports]
    assert [status for status, _receipt in made] == [201] * 3
    # The first build is taken back; of the steps the second goes, or is the first now.
    edit(page, builds=[build_block("2")])
    publish_paper(page=page, by=None)
    for left in ("find", "book"):
        edit(round_page, steps=[step_block(left, "The one that stays")])
        publish_paper(page=round_page, by=None)
        assert [send(*report, key) for report, key in reports] == made, left
        # Said otherwise it is another report.
        assert send(of_round[0], {**said, "step": 3}, "b")[0] == 422
    assert send(of_product[0], said, "a")[0] == 422
    # What is new is of what there is.
    for report, _key in reports[:2]:
        assert send(*report, "another")[0] == 404
    found = Finding.objects.select_related("step").order_by("pk")
    assert [(one.step and one.step.block_id) for one in found] == [None, "book", "find"]


def test_a_replay_for_another_build_of_a_product_is_refused() -> None:
    _row, first, second = make_tested()
    place = f"products/{first.product.engagement.public_id}/findings"
    program, key = Api(make_citizen()), {"Idempotency-Key": "one"}
    said = {"happened": "It is slow.", "severity": "small", "build": first.public_id}
    made = program.ask("POST", place, said, **key)
    assert program.ask("POST", place, said, **key) == made
    for build in (second.public_id, None):
        assert program.ask("POST", place, {**said, "build": build}, **key)[0] == 422
