"""What may be done with a round's build."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.exceptions import Closed
from crowdtasks.products.models import Build, Round


def refuse_taken_back(round: Round) -> None:
    """Raise Closed ('taken_back') where the bureau took the round's build out of its product."""
    if not Build.objects.standing().filter(pk=round.build_id).exists():
        raise Closed(
            _("The bureau has taken this build back, so nobody can try it now."), code="taken_back"
        )
