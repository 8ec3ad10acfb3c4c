"""What people agree to when they choose how their words are shown, and which wording that was.

The version is stored with each entry (product promise on consent); change it whenever one of the
sentences changes, in any language.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from participation.models import PublishChoice

CONSENT_VERSION = "2026-11"

CONSENT: dict[str, str | Promise] = {
    PublishChoice.NAME: _(
        "I agree that my comment is published here under my display name, in the words I wrote."
    ),
    PublishChoice.CONFIDENTIAL: _(
        "I agree that the bureau reads my comment. It is not shown to the public; it is counted."
    ),
}
