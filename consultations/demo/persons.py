"""Making those who take part: accounts that can be tried, neighbours and voters without one."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from accounts.actions import choose_display_name, grant_role, open_account
from accounts.models import Account, Bureau, Level, Person, Role
from core import audit, clock
from participation.models import Engagement

from .people import ACCOUNT_NAMES, ACCOUNTS, LANGUAGES_OF, NEIGHBOURS

SOURCE = "demo"
DOMAIN = "demo.example"
#: Second officers nobody signs in as, so that each bureau with an officer has an approver.
HIDDEN_APPROVERS = {"approver-lcsd": "LCSD"}
#: Who says why an answer of a bureau without an officer here is late.
HIDDEN_OFFICERS = {"officer-devb": "DEVB"}
#: Who judges beside the printed juror.
HIDDEN_JURORS = ("juror-north", "juror-south")
HIDDEN_DOMAIN = "staff.demo.example"
#: People with an address, whom nobody signs in as: volunteers are invited by mail.
HIDDEN_CITIZENS = tuple(f"neighbour-{number}" for number in range(1, 13))
PEOPLE_DOMAIN = "people.demo.example"


def address(name: str) -> str:
    """The e-mail of a printed account."""
    return f"{name}@{DOMAIN}"


def hidden_address(name: str) -> str:
    """The e-mail of an account that is not printed and has no password."""
    return f"{name}@{PEOPLE_DOMAIN if name in HIDDEN_CITIZENS else HIDDEN_DOMAIN}"


def addresses() -> list[str]:
    """Every account of the demonstration."""
    hidden = [*HIDDEN_APPROVERS, *HIDDEN_OFFICERS, *HIDDEN_JURORS, *HIDDEN_CITIZENS]
    return [*map(address, ACCOUNTS), *map(hidden_address, hidden)]


@dataclass
class Speaker:
    """Somebody who writes: a person, the account if there is one, and a name to show."""

    person: Person
    account: Account | None = None
    name: str = ""


@dataclass
class Crowd:
    """Everybody of the demonstration."""

    accounts: dict[str, Account] = field(default_factory=dict)
    speakers: dict[str, Speaker] = field(default_factory=dict)

    def officer_of(self, code: str) -> Account:
        """Who writes the papers of a bureau; the administrator where it has no officer here."""
        found = {bureau: name for name, (role, bureau) in ACCOUNTS.items() if role == Role.OFFICER}
        return self.accounts[found.get(code, "admin")]

    def answers_for(self, code: str) -> Account:
        """Who speaks for a bureau after the close, also where nobody here wrote its paper."""
        hidden = {bureau: name for name, bureau in HIDDEN_OFFICERS.items()}
        return self.accounts[hidden[code]] if code in hidden else self.officer_of(code)

    def approver_of(self, code: str) -> Account | None:
        """Its second officer, if it has one here."""
        for name, (role, bureau) in ACCOUNTS.items():
            if role == Role.APPROVER and bureau == code:
                return self.accounts[name]
        for name, bureau in HIDDEN_APPROVERS.items():
            if bureau == code:
                return self.accounts[name]
        return None

    def neighbours(self) -> list[Account]:
        """Those with an address whom nobody signs in as."""
        return [self.accounts[name] for name in HIDDEN_CITIZENS]

    def jurors(self) -> list[Account]:
        """Three who judge, the printed one first."""
        return [self.accounts[name] for name in ("juror", *HIDDEN_JURORS)]


def make_crowd(*, password: str) -> Crowd:
    """Open the accounts, give the roles and make the neighbours; at the moment of the clock."""
    crowd = Crowd()
    for name, (role, code) in ACCOUNTS.items():
        account = _account(name, address(name), password)
        _grant(account, role, code)
        crowd.accounts[name] = account
    for name, code in HIDDEN_APPROVERS.items():
        account = _account(name, hidden_address(name), None)
        _grant(account, Role.APPROVER, code)
        crowd.accounts[name] = account
    for name, code in HIDDEN_OFFICERS.items():
        account = _account(name, hidden_address(name), None)
        _grant(account, Role.OFFICER, code)
        crowd.accounts[name] = account
    for name in HIDDEN_JURORS:
        account = _account(name, hidden_address(name), None)
        _grant(account, Role.JUROR, "")
        crowd.accounts[name] = account
    for name in HIDDEN_CITIZENS:
        crowd.accounts[name] = _account(name, hidden_address(name), None)
    for name, shown in ACCOUNT_NAMES.items():
        account = choose_display_name(account=crowd.accounts[name], name=shown)
        crowd.accounts[name] = account
    for account in crowd.accounts.values():
        account.refresh_from_db()
    for name in ("citizen", "citizen2"):
        account = crowd.accounts[name]
        crowd.speakers[name] = Speaker(account.person, account, account.display_name)
    made = make_persons([f"neighbour:{key}" for key in NEIGHBOURS])
    for person, (key, (shown, _language)) in zip(made, NEIGHBOURS.items(), strict=True):
        crowd.speakers[key] = Speaker(person, None, shown)
    return crowd


def _account(name: str, email: str, password: str | None) -> Account:
    account = open_account(email=email, password=password, language=LANGUAGES_OF.get(name, "en"))
    # Not an audited field: it only says that the person came with the demonstration.
    Person.objects.filter(pk=account.person_id).update(
        import_source=SOURCE, import_id=f"account:{name}"
    )
    return account


def _grant(account: Account, role: str, code: str) -> None:
    if role:
        bureau = Bureau.objects.get(code=code) if code else None
        grant_role(account=account, role=role, bureau=bureau, by="system")


def make_persons(ids: list[str], engagement: Engagement | None = None) -> list[Person]:
    """Persons without an account, as an importer makes them, with a confirmed e-mail's level."""
    now = clock.now()
    made = Person.objects.bulk_create(
        Person(import_source=SOURCE, import_id=each, level=Level.EMAIL, created_at=now)
        for each in ids
    )
    audit.record_batch(
        "person.import",
        actor="system",
        model=Person,
        keys=[person.pk for person in made],
        engagement_id=engagement.public_id if engagement else "",
    )
    return made


def voters_for(slug: str, number: int, engagement: Engagement) -> list[Person]:
    """Those who vote on one paper's statements."""
    return make_persons([f"voter:{slug}:{place}" for place in range(number)], engagement)


def random_for(slug: str) -> Random:
    """The same chance at every loading: the demonstration always reads the same."""
    return Random(f"demo:{slug}")  # noqa: S311
