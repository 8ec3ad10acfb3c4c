"""As whom somebody answers, and who may read it: what the check page asks."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.actions import choose_display_name
from accounts.models import Account, Person
from core.exceptions import Invalid
from core.text import clean_name, clean_text
from participation.actions.contributions import check_name_not_withheld
from participation.models import PublishChoice
from questionnaires.models import Capacity, Response

ORGANISATION_LIMIT = Response._meta.get_field("organisation").max_length or 200


@dataclass(frozen=True)
class Signing:
    """What was chosen. ``display_name`` is only for an account that has none yet."""

    capacity: str = Capacity.INDIVIDUAL
    organisation: str = ""
    publish_choice: str = PublishChoice.CONFIDENTIAL
    alias: str = ""
    display_name: str = ""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Signing:
        """What a draft holds; names that are not ours are left out."""
        return cls(
            **{
                name: value
                for name, value in data.items()
                if name in cls.__dataclass_fields__ and isinstance(value, str)
            }
        )

    def to_json(self) -> dict[str, str]:
        return {name: str(value) for name, value in asdict(self).items() if value}

    @property
    def public(self) -> bool:
        return self.publish_choice != PublishChoice.CONFIDENTIAL


def clean_signing(signing: Signing, *, organisations: bool) -> Signing:
    """The same with cleaned names; raises Invalid naming the field at fault.

    ``organisations``: whether the questionnaire takes responses for organisations at all.
    """
    if signing.capacity not in Capacity.values:
        raise Invalid(_("Say who you answer for."), field="capacity")
    if signing.publish_choice not in PublishChoice.values:
        raise Invalid(_("Choose who may read your answers."), field="publish_choice")
    organisation, alias = "", ""
    if signing.capacity == Capacity.ORGANISATION:
        if not organisations:
            raise Invalid(
                _("This questionnaire is for individuals."), field="capacity", code="individuals"
            )
        if not signing.organisation.strip():
            raise Invalid(
                _("Write the name of your organisation."), field="organisation", code="required"
            )
        organisation = clean_text(
            signing.organisation,
            max_length=ORGANISATION_LIMIT,
            field="organisation",
            multiline=False,
        )
        if signing.publish_choice == PublishChoice.ALIAS:
            raise Invalid(
                _("An organisation answers under its own name, or to the bureau only."),
                field="publish_choice",
                code="organisation_alias",
            )
    elif signing.publish_choice == PublishChoice.ALIAS:
        if not signing.alias.strip():
            raise Invalid(_("Write the name to show."), field="alias", code="required")
        alias = clean_name(signing.alias, field="alias")
    return Signing(
        capacity=signing.capacity,
        organisation=organisation,
        publish_choice=signing.publish_choice,
        alias=alias,
        display_name=signing.display_name,
    )


def author_name(signing: Signing, person: Person | None, account: Account | None) -> str:
    """What stands as the author's name on the entry: the display name, the alias, or nothing.

    An organisation's name stands on the response. Raises Invalid where a name is still needed,
    and for one that a moderator withheld from this person.
    """
    if not signing.public or signing.capacity == Capacity.ORGANISATION:
        return ""
    if signing.publish_choice == PublishChoice.ALIAS:
        if person is not None:
            check_name_not_withheld(person=person, name=signing.alias, field="alias")
        return signing.alias
    if account is None:
        raise Invalid(
            _("Without signing in there is no display name. Choose another name, or none."),
            field="publish_choice",
            code="name_needed",
        )
    if account.display_name:
        return account.display_name
    if not signing.display_name.strip():
        raise Invalid(
            _("Choose a name that is shown with your answers."),
            field="display_name",
            code="name_needed",
        )
    if person is not None:
        check_name_not_withheld(person=person, name=signing.display_name, field="display_name")
    return choose_display_name(account=account, name=signing.display_name).display_name


def signature(signing: Signing) -> str:
    """The name that a moderator reads: the alias, or the organisation's where it is shown."""
    return (signing.organisation or signing.alias) if signing.public else ""
