"""Who may move points that are not their own (decision 4, P11)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.models import Account, Person
from accounts.policies import is_administrator
from core.exceptions import Refused, SignInNeeded
from participation.models import Engagement
from participation.policies import is_officer_of

SYSTEM = "system"
#: An account, or the word "system": a job, a command of the operator, another room's own act.
Officer = Account | str | None


def can_keep_books(account: Account | None) -> bool:
    """Budgets, corrections, the whole ledger: administrators."""
    return is_administrator(account)


def can_settle(account: Account | None, engagement: Engagement) -> bool:
    """Setting points aside, releasing and taking back those of one engagement: its bureau's
    officers, and administrators."""
    return is_officer_of(account, engagement) or can_keep_books(account)


def require_bookkeeper(by: Officer) -> None:
    """Let administrators and the system pass; raise ``SignInNeeded`` or ``Refused``."""
    if by == SYSTEM:
        return
    if by is None or isinstance(by, str):
        raise SignInNeeded
    if not can_keep_books(by):
        raise Refused


def require_administrator(by: Officer) -> None:
    """Let administrators pass, and nobody else: corrections have a name. Raises as above."""
    if not isinstance(by, Account):
        raise SignInNeeded
    require_bookkeeper(by)


def require_settler(by: Officer, engagement: Engagement) -> None:
    """Let the bureau's officers, administrators and the system pass; raise otherwise."""
    if by == SYSTEM:
        return
    if by is None or isinstance(by, str):
        raise SignInNeeded
    if not can_settle(by, engagement):
        raise Refused


def require_other(by: Officer, person: Person) -> None:
    """Nobody moves their own points as an officer. Raises ``Refused``."""
    if isinstance(by, Account) and by.person_id == person.pk:
        raise Refused(
            _("Nobody decides on points of their own. Ask a colleague."), code="own_points"
        )
