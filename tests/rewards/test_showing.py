"""A code is shown to its owner once a sign-in, three times at most, and stands nowhere else."""

from __future__ import annotations

import datetime as dt
import io
import json
import logging
import sys

import pytest
from cryptography.fernet import Fernet
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation
from django.views.debug import ExceptionReporter

from accounts.models import Account
from core import clock, jobs
from core.exceptions import Conflict, Refused
from core.logs import JsonFormatter
from core.models import AuditEntry
from crowdtasks.rewards.actions.refunds import refund_redemption
from crowdtasks.rewards.actions.showing import show_code
from crowdtasks.rewards.actions.stock import import_codes
from crowdtasks.rewards.models import Redemption, Showing, Unit
from crowdtasks.rewards.models.redemption import SHOWINGS_MAXIMUM
from crowdtasks.rewards.sealing import Code, unseal
from notifications.models import Notice
from tests.factories import rewards as make
from tests.notifications.test_kinds import ABOUT, mail_of

pytestmark = pytest.mark.django_db
BACKEND = "accounts.backends.AccountBackend"


def show(row: Redemption, account: Account, *, ago: float = 1) -> Code:
    return show_code(
        redemption=row,
        person=account.person,
        account=account,
        signed_in_at=clock.now() - dt.timedelta(minutes=ago),
    )


def test_once_a_sign_in_three_times_in_all_and_the_owner_is_told(citizen):
    row = make.redeem(make.make_reward(), citizen)
    with clock.freeze(clock.now()):
        code = show(row, citizen, ago=9)
        assert code.reveal() == unseal(row.unit.sealed, row.unit.digest or "").reveal()
        with pytest.raises(Conflict) as refused:
            show(row, citizen, ago=9)
        assert refused.value.code == "shown"
        assert not Notice.objects.filter(kind="reward-shown").exists()
        for ago in (5, 1):
            assert show(row, citizen, ago=ago).reveal() == code.reveal()
        assert Notice.objects.filter(kind="reward-shown", account=citizen).count() == 2
        with pytest.raises(Refused) as refused:
            show(row, citizen, ago=0)
        assert refused.value.code == "often"
    assert AuditEntry.objects.filter(verb="reward.show", subject=row.public_id).count() == 3


@pytest.mark.parametrize("minutes", [16, -1, None])
def test_an_old_sign_in_sees_nothing(citizen, minutes):
    row = make.redeem(make.make_reward(), citizen)
    moment = None if minutes is None else clock.now() - dt.timedelta(minutes=minutes)
    with pytest.raises(Refused) as refused:
        show_code(redemption=row, person=citizen.person, account=citizen, signed_in_at=moment)
    assert refused.value.code == "not-fresh"
    assert not Showing.objects.exists()


def test_nobody_elses_and_nothing_of_what_was_returned(citizen, manager):
    row = make.redeem(make.make_reward(), citizen)
    with pytest.raises(Redemption.DoesNotExist):
        show(row, make.rich())
    refund_redemption(redemption=row, by=manager, reason="It did not work.")
    with pytest.raises(Conflict):
        show(row, citizen)


@pytest.mark.db
def test_a_showing_is_one_of_its_sign_in_whatever_wrote_it(citizen):
    row = make.redeem(make.make_reward(), citizen)
    show(row, citizen)
    first = Showing.objects.get()
    for number, sign_in in ((2, first.sign_in), (1, clock.now()), (4, clock.now())):
        with pytest.raises(IntegrityError), transaction.atomic():
            Showing.objects.create(redemption=row, number=number, sign_in=sign_in, at=clock.now())


def _sign_in(client, account: Account, *, ago: float = 1) -> None:
    client.force_login(account, backend=BACKEND)
    session = client.session
    session["signed_in_at"] = (clock.now() - dt.timedelta(minutes=ago)).timestamp()
    session.save()


@pytest.mark.parametrize(
    "said",
    [("en", "Nothing is lost"), ("zh-hant", "沒有任何損失"), ("zh-hans", "没有任何损失")],
)
def test_without_its_key_a_code_says_so_and_nothing_is_counted(
    client, citizen, settings, caplog, said
):
    """A key that is missing: a page that says so, no showing, and the code once it is back."""
    language, words = said
    keys = settings.KAIFONG["VOUCHER_KEYS"]
    voucher = make.redeem(make.make_reward(), citizen)
    prize = make.redeem(make.make_prize(), citizen)
    settings.KAIFONG = {**settings.KAIFONG, "VOUCHER_KEYS": [Fernet.generate_key().decode()]}
    _sign_in(client, citizen)
    with translation.override(language):
        code = reverse("rewards:code", args=[voucher.public_id])
        slip = reverse("rewards:redemption", args=[prize.public_id])
    with caplog.at_level(logging.ERROR, logger="crowdtasks.rewards.actions.showing"):
        for answer in (client.post(code), client.get(slip)):
            assert answer.status_code == 503
            assert words in answer.content.decode()
            assert "no-store" in answer.headers["Cache-Control"]
    told = [line for line in caplog.records if "VOUCHER_KEYS" in str(line.msg)]
    assert [line.row for line in told] == [voucher.pk, prize.pk]
    assert not Showing.objects.exists()
    settings.KAIFONG = {**settings.KAIFONG, "VOUCHER_KEYS": keys}
    assert client.get(slip).status_code == client.post(code).status_code == 200
    assert Showing.objects.count() == 1


def test_the_page_shows_it_once_and_says_how_to_see_it_again(client, citizen):
    row = make.redeem(make.make_reward(), citizen)
    code = unseal(row.unit.sealed, row.unit.digest or "").reveal()
    address = reverse("rewards:code", args=[row.public_id])
    _sign_in(client, citizen, ago=16)
    stale = client.get(address)
    assert "Sign in again" in stale.content.decode()
    assert client.post(address).status_code == 403
    assert not Showing.objects.exists()
    _sign_in(client, citizen)
    asked = client.get(address)
    assert code not in asked.content.decode()
    shown = client.post(address)
    assert code in shown.content.decode()
    assert "no-store" in shown.headers["Cache-Control"]
    assert '<meta name="referrer" content="no-referrer">' in shown.content.decode()
    # A page with a form must not say so: its post would come without an origin and be refused.
    assert "no-referrer" not in asked.content.decode()
    # A reload, the page itself, the lists: nothing.
    for again in (
        client.post(address),
        client.get(address),
        client.get(reverse("rewards:redemption", args=[row.public_id])),
        client.get(reverse("rewards:mine")),
        client.get(reverse("accounts:my_page")),
        client.get(reverse("accounts:own_data")),
        client.get("/api/v1/redemptions"),
        client.get(f"/api/v1/redemptions/{row.public_id}"),
    ):
        assert code not in again.content.decode()
    # The way to see it again: a sign-in code to the own address, and back here.
    again = client.get(address).content.decode()
    assert f'value="{citizen.email}"' in again
    assert f'value="{address}"' in again
    answer = client.post(reverse("accounts:sign_in"), {"email": citizen.email, "next": address})
    assert answer.status_code == 302
    assert client.session["sign_in"]["next"] == address


def test_a_planted_code_is_in_no_log_mail_audit_notice_or_report_of_an_error(
    client, citizen, manager, caplog, settings
):
    """P9: everything that happens to a code, with all loggers at their most talkative."""
    caplog.set_level(logging.DEBUG)
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    logging.getLogger().addHandler(handler)
    try:
        reward = make.make_reward(stock=0, offered=False)
        content = b"CANARY-SOUND\n=CANARY-FORMULA\nCANARY-SOUND\n"
        stated = {"leave_faulty": True, "guarded": True}
        import_codes(reward=reward, content=content, by=manager, **stated)
        make.offer_reward(reward=reward, by=manager)
        row = make.redeem(reward, citizen)
        _sign_in(client, citizen)
        address = reverse("rewards:code", args=[row.public_id])
        page = client.post(address).content.decode()
        assert "CANARY-SOUND" in page, "the control: it is shown where it should be"
        # No key opens it the second time: the refusal and the log say so, and no more.
        settings.KAIFONG = {**settings.KAIFONG, "VOUCHER_KEYS": [make_key()]}
        _sign_in(client, citizen, ago=0.5)
        client.raise_request_exception = False
        assert client.post(address).status_code == 503
        jobs.drain()
    finally:
        logging.getLogger().removeHandler(handler)
    unit = Unit.objects.get(reward=reward)
    said = [
        stream.getvalue(),
        caplog.text,
        str([(one.subject, one.body, one.alternatives) for one in mail.outbox]),
        json.dumps(list(AuditEntry.objects.values("verb", "subject", "rows", "batch"))),
        str(list(Notice.objects.values())),
        str(list(Redemption.objects.values())),
        str([unit, row, unit.sealed]),
        address,
    ]
    assert mail.outbox
    assert all("CANARY" not in one for one in said)


def make_key() -> str:
    from cryptography.fernet import Fernet

    return Fernet.generate_key().decode()


def test_the_report_of_an_error_in_the_middle_hides_what_was_read(citizen, manager):
    """What mails and error trackers take from a traceback: the locals of each frame."""

    def fail(*_args: object) -> set[str]:
        raise RuntimeError("in the middle of a file")

    from crowdtasks.rewards import codes_csv

    request = RequestFactory().post("/", {})
    try:
        codes_csv.read_codes(b"CANARY-ONE\nCANARY-TWO\n", fail)
    except RuntimeError:
        report = ExceptionReporter(request, *sys.exc_info())
        frames = [
            frame
            for frame in report.get_traceback_frames()
            if "rewards/" in str(frame["filename"]) and "test" not in str(frame["filename"])
        ]
        assert frames
        assert "CANARY" not in str([frame["vars"] for frame in frames])
    else:
        pytest.fail("It should have failed.")


def test_a_code_in_memory_shows_itself_to_nobody():
    import pickle

    code = Code("CANARY-ONE")
    assert "CANARY" not in f"{code} {code!r} {[code]} {{'a': {code!r}}}"
    with pytest.raises(TypeError):
        pickle.dumps(code)


@pytest.mark.parametrize(
    ("language", "said", "page"),
    [
        ("en", "after a fresh sign-in, three times at most", "After each sign-in the code is"),
        ("zh-hant", "最多可看三次", "每次登入後，換領碼只顯示一次"),
        ("zh-hans", "最多可看三次", "每次登入后，换领码只显示一次"),
    ],
)
def test_mails_and_page_say_how_often_a_code_is_shown(client, citizen, language, said, page):
    assert SHOWINGS_MAXIMUM == 3
    row = make.redeem(make.make_reward(), citizen)
    for name, params in (
        ("reward-given", ABOUT),
        ("reward-redeemed", {**ABOUT, "points": 300, "state": "given"}),
    ):
        assert said in str(mail_of(name, params, language).body)
    _sign_in(client, citizen)
    with translation.override(language):
        assert page in client.get(reverse("rewards:code", args=[row.public_id])).content.decode()
