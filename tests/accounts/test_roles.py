import datetime as dt
import threading

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, transaction

from accounts import policies
from accounts.actions import (
    end_expired_roles,
    grant_role,
    reinstate_account,
    revoke_role,
    seed_bureaux,
    slug_of,
    suspend_account,
)
from accounts.models import Account, Bureau, Role, RoleGrant
from accounts.signals import role_changed
from core import clock
from core.exceptions import Conflict, Invalid, Refused
from core.models import AuditEntry
from tests.factories.accounts import (
    make_account,
    make_administrator,
    make_bureau,
    make_moderator,
    make_officer,
    make_staff,
)

pytestmark = pytest.mark.django_db


def test_a_role_holds_for_its_own_body_only_and_a_parent_gains_nothing():
    officer = make_officer("EPD")
    assert policies.has_role(officer, Role.OFFICER, make_bureau("EPD"))
    assert policies.has_role(officer, Role.OFFICER)
    assert not policies.has_role(officer, Role.OFFICER, make_bureau("LCSD"))
    assert not policies.has_role(officer, Role.OFFICER, make_bureau("EEB"))
    assert not policies.has_role(officer, Role.APPROVER, make_bureau("EPD"))
    parent = make_officer("EEB")
    assert not policies.has_role(parent, Role.OFFICER, make_bureau("EPD"))
    assert [row.code for row in policies.bureaux_for(officer, Role.OFFICER)] == ["EPD"]
    assert not policies.bureaux_for(officer, Role.APPROVER).exists()


def test_a_platform_role_holds_for_every_body():
    moderator = make_moderator()
    assert policies.has_role(moderator, Role.MODERATOR, make_bureau("EPD"))
    assert policies.has_role(moderator, Role.MODERATOR)
    assert policies.bureaux_for(moderator, Role.MODERATOR).count() == Bureau.objects.count()
    local = make_staff(Role.MODERATOR, make_bureau("LCSD"))
    assert policies.has_role(local, Role.MODERATOR, make_bureau("LCSD"))
    assert not policies.has_role(local, Role.MODERATOR, make_bureau("EPD"))


def test_an_unknown_role_raises():
    with pytest.raises(ValueError, match="emperor"):
        policies.has_role(make_account(), "emperor")


@pytest.mark.db
def test_a_role_ends_at_its_hour_and_the_flags_follow():
    account = make_account()
    end = clock.now() + dt.timedelta(hours=1)
    heard = []

    def hear(sender, **told):
        heard.append((told["role"], told["granted"]))

    role_changed.connect(hear)
    try:
        grant_role(account=account, role=Role.ADMINISTRATOR, by="system", until=end)
        account.refresh_from_db()
        assert (account.is_staff, account.is_superuser) == (True, True)
        with clock.freeze(end - dt.timedelta(microseconds=1)):
            assert policies.is_administrator(account)
        with clock.freeze(end):
            assert not policies.is_administrator(account)
            assert end_expired_roles() == 1
            assert end_expired_roles() == 0
    finally:
        role_changed.disconnect(hear)
    account.refresh_from_db()
    assert (account.is_staff, account.is_superuser) == (False, False)
    assert heard == [("administrator", True), ("administrator", False)]


@pytest.mark.parametrize("role", [Role.OFFICER, Role.APPROVER])
def test_officers_and_approvers_need_a_body(role):
    account = make_account()
    with pytest.raises(Invalid):
        grant_role(account=account, role=role, by="system")
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(account=account, role=role, since=clock.now())
    assert not account.grants.exists()


def test_only_administrators_grant_and_never_to_themselves():
    administrator, officer, citizen = make_administrator(), make_officer(), make_account()
    epd = make_bureau("EPD")
    for by, account in ((officer, citizen), (citizen, citizen), (administrator, administrator)):
        with pytest.raises(Refused):
            grant_role(account=account, role=Role.OFFICER, bureau=epd, by=by)
    assert not citizen.grants.exists()
    grant = grant_role(account=citizen, role=Role.OFFICER, bureau=epd, by=administrator)
    assert grant.granted_by == administrator
    assert AuditEntry.objects.filter(verb="role.grant", actor=administrator.audit_id).count() == 1


@pytest.mark.db
def test_the_same_role_again_is_the_same_grant_and_revoking_twice_is_quiet():
    administrator, citizen, epd = make_administrator(), make_account(), make_bureau("EPD")
    first = grant_role(account=citizen, role=Role.OFFICER, bureau=epd, by=administrator)
    assert grant_role(account=citizen, role=Role.OFFICER, bureau=epd, by=administrator) == first
    assert revoke_role(account=citizen, role=Role.OFFICER, bureau=epd, by=administrator) == first
    assert revoke_role(account=citizen, role=Role.OFFICER, bureau=epd, by=administrator) is None
    assert not policies.has_role(citizen, Role.OFFICER, epd)
    again = grant_role(account=citizen, role=Role.OFFICER, bureau=epd, by=administrator)
    assert again != first
    assert citizen.grants.count() == 2


def test_a_receiver_that_fails_undoes_the_grant():
    citizen = make_account()

    def refuse(sender, **told):
        raise RuntimeError("The fence could not be built.")

    role_changed.connect(refuse)
    try:
        with pytest.raises(RuntimeError), transaction.atomic():
            grant_role(account=citizen, role=Role.MODERATOR, by="system")
    finally:
        role_changed.disconnect(refuse)
    assert not citizen.grants.exists()


def test_the_last_administrator_stays():
    first = make_administrator()
    with pytest.raises(Conflict):
        revoke_role(account=first, role=Role.ADMINISTRATOR, by="system")
    with pytest.raises(Conflict):
        suspend_account(account=first, by="system")
    second = make_administrator()
    revoke_role(account=first, role=Role.ADMINISTRATOR, by=second)
    first.refresh_from_db()
    assert not first.is_superuser
    with pytest.raises(Conflict):
        revoke_role(account=second, role=Role.ADMINISTRATOR, by="system")


@pytest.mark.db
@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_remove_each_other_leave_one():
    one, two = make_administrator(), make_administrator()
    barrier = threading.Barrier(2)
    outcomes = []

    def remove(victim, by):
        barrier.wait()
        try:
            revoke_role(account=victim, role=Role.ADMINISTRATOR, by=by)
            outcomes.append("done")
        except (Conflict, Refused) as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=remove, args=pair) for pair in ((one, two), (two, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("done") == 1
    assert Account.objects.filter(is_superuser=True).count() == 1
    held = RoleGrant.objects.in_force(clock.now()).filter(role=Role.ADMINISTRATOR)
    assert held.count() == 1


def test_a_suspended_account_holds_nothing_until_it_is_reinstated():
    officer, administrator = make_officer(), make_administrator()
    suspend_account(account=officer, by=administrator)
    officer.refresh_from_db()
    assert not policies.has_role(officer, Role.OFFICER)
    assert not policies.can_enter_cms(officer)
    assert not policies.accounts_with(Role.OFFICER).exists()
    with pytest.raises(Invalid):
        grant_role(account=officer, role=Role.MODERATOR, by=administrator)
    reinstate_account(account=officer, by=administrator)
    officer.refresh_from_db()
    assert policies.has_role(officer, Role.OFFICER)


@pytest.mark.parametrize(
    ("role", "code", "enters"),
    [
        (Role.OFFICER, "EPD", True),
        (Role.APPROVER, "EPD", True),
        (Role.ADMINISTRATOR, None, True),
        (Role.MODERATOR, None, False),
        (Role.JUROR, None, False),
    ],
)
def test_who_enters_the_cms(role, code, enters):
    account = make_staff(role, make_bureau(code) if code else None)
    assert policies.can_enter_cms(account) is enters
    assert account.has_perm("wagtailadmin.access_admin") is enters
    assert account.is_staff is enters
    assert account.is_superuser is (role == Role.ADMINISTRATOR)


def test_createsuperuser_makes_an_administrator():
    account = get_user_model().objects.create_superuser("root@people.example", "a long password 1")
    assert account.is_superuser
    assert policies.is_administrator(account)


def test_bureaux_are_seeded_once_and_keep_what_the_platform_decided():
    assert seed_bureaux() == Bureau.objects.count() >= 77
    assert seed_bureaux() == 0
    assert slug_of("C&ED") == Bureau.objects.get(code="C&ED").slug == "canded"
    assert Bureau.objects.get(code="Govt Lab").slug == "govt-lab"
    assert Bureau.objects.get(code="EPD").parent.code == "EEB"
    assert Bureau.objects.get(code="CSO").kind == "office"
    for row in Bureau.objects.all():
        assert set(row.name) == {"en", "zh-hant", "zh-hans"}
        assert all(row.name.values())
    hidden = Bureau.objects.get(code="HKO")
    hidden.in_use = False
    hidden.name = {**hidden.name, "en": "Weather"}
    hidden.save()
    assert seed_bureaux() == 1
    hidden.refresh_from_db()
    assert hidden.name["en"] == "Hong Kong Observatory"
    assert hidden.in_use is False
