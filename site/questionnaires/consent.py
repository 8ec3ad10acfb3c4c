"""What people agree to when they choose who may read their answers, and which wording that was.

The version is stored with each response; change it whenever one of the sentences changes, in any
language.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from participation.models import PublishChoice

CONSENT_VERSION = "answers-2026-11"

CONSENT: dict[str, str | Promise] = {
    PublishChoice.CONFIDENTIAL: _(
        "I agree that the bureau reads my answers. They are counted in the figures and are not "
        "shown to the public."
    ),
    PublishChoice.NAME: _(
        "I agree that my answers are published under my display name, or under the name of my "
        "organisation."
    ),
    PublishChoice.ALIAS: _(
        "I agree that my answers are published under a name that I choose here for this response."
    ),
}
"""Who may read the answers, in the order it is asked; the first is the default."""
