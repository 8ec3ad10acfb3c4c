"""Writing the catalogue and bringing codes into stock, by the actions and in the CMS."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.exceptions import Conflict, Invalid, Refused
from core.models import AuditEntry
from crowdtasks.rewards.actions.catalogue import change_reward, create_reward, offer_reward
from crowdtasks.rewards.actions.stock import Unsound, add_units, import_codes, withdraw_batch
from crowdtasks.rewards.models import Batch, Reward, Unit
from crowdtasks.rewards.sealing import Code, Unsealable, digest, seal, unseal
from tests.factories import rewards as make
from tests.factories.accounts import make_officer

pytestmark = pytest.mark.django_db
BACKEND = "accounts.backends.AccountBackend"


def test_a_reward_is_written_in_two_languages_and_simplified_follows(manager):
    row = create_reward(details=make.details(), by=manager)
    assert row.name["zh-hans"] == "渡轮换领券"
    assert AuditEntry.objects.filter(verb="reward.create", subject=row.public_id).count() == 1
    with pytest.raises(Invalid) as refused:
        offer_reward(
            reward=create_reward(
                details=make.details(texts={"terms": {"en": "Only English."}}), by=manager
            ),
            by=manager,
        )
    assert refused.value.field == "terms_zh_hant"
    assert offer_reward(reward=row, by=manager).state == "offered"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"points": 0}, "points"),
        ({"points": 2**63}, "points"),
        ({"per_person": 0}, "per_person"),
        ({"collect_days": 0}, "collect_days"),
        ({"supplier": "nobody"}, "supplier"),
        ({"texts": {"name": {}}}, "name_en"),
        ({"texts": {"summary": {"en": "a\x00b"}}}, "summary_en"),
    ],
)
def test_what_is_wrong_names_its_field(manager, wrong, field):
    with pytest.raises(Invalid) as refused:
        create_reward(details=make.details(**wrong), by=manager)
    assert refused.value.field == field
    assert not Reward.objects.exists()


def test_only_administrators_write_and_the_kind_stands_once_there_is_stock(manager):
    row = make.make_reward(stock=1)
    with pytest.raises(Refused):
        change_reward(reward=row, details=make.details(points=1), by=make_officer())
    with pytest.raises(Invalid) as refused:
        change_reward(reward=row, details=make.details(kind="prize"), by=manager)
    assert refused.value.field == "kind"
    assert change_reward(reward=row, details=make.details(points=120), by=manager).points == 120


GOOD = "GOOD-0123456789ABCDEF0123"


def test_codes_come_in_sealed_and_all_or_none(manager):
    row = make.make_reward(stock=0, offered=False)
    bad = f"{GOOD}\n=1+1\n{GOOD}\n".encode()
    with pytest.raises(Unsound) as refused:
        import_codes(reward=row, content=bad, by=manager)
    assert [line.number for line in refused.value.found.faults] == [2, 3]
    assert not Unit.objects.exists()
    batch, _found = import_codes(reward=row, content=bad, by=manager, leave_faulty=True)
    unit = Unit.objects.get(batch=batch)
    assert GOOD not in unit.sealed
    assert unseal(unit.sealed, unit.digest or "").reveal() == GOOD
    # The same file again, for this reward or another: nothing new.
    with pytest.raises(Unsound):
        import_codes(reward=make.make_reward(stock=0), content=GOOD.encode(), by=manager)
    with pytest.raises(Invalid):
        import_codes(reward=make.make_prize(), content=GOOD[::-1].encode(), by=manager)
    with pytest.raises(Invalid):
        add_units(reward=row, number=1, by=manager)


@pytest.mark.db
def test_a_code_is_in_stock_once_whatever_wrote_it(manager):
    row = make.make_reward(stock=1)
    unit = Unit.objects.get(reward=row)
    with pytest.raises(IntegrityError), transaction.atomic():
        Unit.objects.create(reward=row, batch=unit.batch, sealed=unit.sealed, digest=unit.digest)
    with pytest.raises(IntegrityError), transaction.atomic():
        Unit.objects.create(reward=row, batch=unit.batch, sealed=seal(Code("GOOD-0001")))


def test_what_is_left_of_a_batch_is_taken_out_once(manager, citizen):
    row = make.make_reward(stock=3)
    make.redeem(row, citizen)
    batch = Batch.objects.get(reward=row)
    assert withdraw_batch(batch=batch, by=manager) == 2
    with pytest.raises(Conflict):
        withdraw_batch(batch=batch, by=manager)
    with pytest.raises(Conflict) as refused:
        make.redeem(row, citizen)
    assert refused.value.code == "sold-out"


def test_keys_are_changed_without_losing_a_code(manager, citizen, settings, capsys):
    row = make.make_reward(stock=3)
    make.redeem(make.make_prize(), citizen)
    unit = Unit.objects.filter(reward=row).first()
    assert unit is not None
    before = unseal(unit.sealed, unit.digest or "").reveal()
    old = settings.KAIFONG["VOUCHER_KEYS"]
    call_command("rotate_voucher_keys", "--new")
    key = capsys.readouterr().out.strip()
    settings.KAIFONG = {**settings.KAIFONG, "VOUCHER_KEYS": [key, *old]}
    with pytest.raises(CommandError, match="4 codes are not under"):
        call_command("rotate_voucher_keys", "--check")
    call_command("rotate_voucher_keys")
    call_command("rotate_voucher_keys", "--check")
    settings.KAIFONG = {**settings.KAIFONG, "VOUCHER_KEYS": [key]}
    unit.refresh_from_db()
    assert unseal(unit.sealed, unit.digest or "").reveal() == before
    settings.KAIFONG = {**settings.KAIFONG, "VOUCHER_KEYS": old}
    with pytest.raises(CommandError, match="open with none"):
        call_command("rotate_voucher_keys")


def test_two_sealed_codes_cannot_change_places(manager):
    first, second = Code("GOOD-0001"), Code("GOOD-0002")
    with pytest.raises(Unsealable):
        unseal(seal(first), digest(second))


def test_what_an_offer_lacks_is_named_on_the_page(client, manager):
    row = make.make_reward(offered=False, stock=0, texts={"terms": {"en": "Only English."}})
    client.force_login(manager, backend=BACKEND)
    answer = client.post(reverse("rewards_stock:offer", args=[row.public_id]), follow=True)
    assert "Terms (Traditional Chinese)" in answer.content.decode()
    row.refresh_from_db()
    assert row.state == "draft"


def _typed(**more: object) -> dict[str, object]:
    words = {"name": make.NAME, "summary": make.WORDS, "terms": make.TERMS}
    texts = {
        f"{name}_{language.replace('-', '_')}": text
        for name, by_language in words.items()
        for language, text in by_language.items()
    }
    return {
        **texts,
        "kind": "voucher",
        "bureau": make.details().bureau.pk,
        "points": "100",
        "first_day": "2026-01-01",
        "last_day": "2026-12-31",
        "collect_days": "30",
        "low_at": "2",
        **more,
    }


def test_an_administrator_writes_offers_and_fills_it_in_the_cms(client, manager, kept_contexts):
    client.force_login(manager, backend=BACKEND)
    answer = client.post(reverse("rewards_stock:new"), _typed(points="１２"))
    row = Reward.objects.get()
    assert answer.status_code == 302
    # Open to the end of the last day in Hong Kong.
    assert row.closes_at is not None
    assert row.closes_at.isoformat() == "2026-12-31T16:00:00+00:00"
    assert client.get(reverse("rewards_stock:edit", args=[row.public_id])).status_code == 200
    # Simplified was made from Traditional, and goes on following it.
    edit = reverse("rewards_stock:edit", args=[row.public_id])
    assert client.get(edit).context["form"]["name_zh_hans"].value() == ""
    client.post(edit, _typed(name_zh_hant="電車換領券"))
    row.refresh_from_db()
    assert row.name["zh-hans"] == "电车换领券"
    codes = reverse("rewards_stock:codes", args=[row.public_id])
    bad = SimpleUploadedFile("codes.csv", "CANARY-0001\nCANARY-0001\n@CANARY\n".encode("big5"))
    answer = client.post(codes, {"file": bad, "guarded": "on"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "CANARY" not in page
    assert "<td>2</td>" in page
    assert "<td>3</td>" in page
    short = b"CANARY-0001\nCANARY-0002\n"
    answer = client.post(codes, {"file": SimpleUploadedFile("codes.csv", short)})
    assert answer.status_code == 422
    assert "could be guessed" in answer.content.decode()
    good = SimpleUploadedFile("codes.csv", short)
    assert client.post(codes, {"file": good, "guarded": "on"}).status_code == 302
    client.post(reverse("rewards_stock:offer", args=[row.public_id]))
    for name in ("reward", "edit", "codes"):
        shown = client.get(reverse(f"rewards_stock:{name}", args=[row.public_id]))
        assert shown.status_code == 200
        assert "CANARY" not in shown.content.decode()
    listed = client.get(reverse("rewards_stock:rewards")).content.decode()
    assert "Ferry voucher" in listed
    row.refresh_from_db()
    assert row.state == "offered"


@pytest.mark.parametrize("points", ["-1", "0", "1e309", str(2**63), "1.5", "", "x"])
def test_points_that_are_none_are_refused_in_the_form(client, manager, points):
    client.force_login(manager, backend=BACKEND)
    answer = client.post(reverse("rewards_stock:new"), _typed(points=points))
    assert answer.status_code == 422
    assert not Reward.objects.exists()
