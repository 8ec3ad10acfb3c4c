"""Every fetch of search's own rows at an edge; hidden and absent look the same."""

from __future__ import annotations

from accounts.models import Account
from core.exceptions import Absent
from core.ids import is_public_id
from search import policies
from search.models import SynonymGroup


def access_synonyms(public_id: str, *, by: Account | None) -> SynonymGroup:
    """A line of the table, for administrators. Raises ``Absent``."""
    if not policies.can_keep_synonyms(by) or not is_public_id(public_id):
        raise Absent
    row = SynonymGroup.objects.filter(public_id=public_id).first()
    if row is None:
        raise Absent
    return row
