"""How Django's forms become the library's markup."""

from django.forms.renderers import TemplatesSetting


class ShellFormRenderer(TemplatesSetting):
    """``{{ form }}`` gives every field in a ``govuk-form-group``; no error list of its own.

    The summary is placed by the page, above its title:
    ``{% include "components/error-summary.html" with form=form %}``.
    Widgets keep Django's templates, so the CMS's own forms are untouched.
    """

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    formset_template_name = "forms/formset.html"
