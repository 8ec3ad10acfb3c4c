"""Forms of search."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import LongTextField
from search.actions.synonyms import WORDS_MAXIMUM
from search.models import Every


class SynonymsForm(forms.Form):
    """One line of the table: words for the same thing."""

    words = LongTextField(
        label=_("Words for the same thing"),
        max_length=WORDS_MAXIMUM,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "Each on its own line, in any language. Script, capitals and plurals find each other "
            "already."
        ),
        error_messages={"required": _("Enter at least two different words, each on its own line.")},
    )


class PaceForm(forms.Form):
    """How often somebody is told of what is new for a search."""

    every = forms.ChoiceField(
        label=_("How often shall we tell you what is new?"),
        choices=Every.choices,
        widget=forms.RadioSelect,
        help_text=_("Among your notices, and by e-mail if your notices go there too."),
        error_messages={
            "required": _("Choose how often."),
            "invalid_choice": _("Choose how often."),
        },
    )
