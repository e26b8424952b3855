"""The one form of the home page."""

from crispy_forms.bootstrap import FieldWithButtons, StrictButton
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _


class SearchForm(forms.Form):
    """What to look for in the catalogue; sent there as ``?q=``."""

    q = forms.CharField(label=_("Search the pool"), max_length=200, required=False)

    def __init__(self, action: str) -> None:
        super().__init__(auto_id="home-%s")
        self.fields["q"].widget.attrs |= {
            "type": "search",
            "aria-label": _("Search the pool"),
            "placeholder": _("Name, pollutant, industry"),
        }
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.form_action = action
        self.helper.form_show_labels = False
        self.helper.attrs = {"role": "search"}
        button = StrictButton(_("Search"), type="submit", css_class="btn-primary")
        self.helper.layout = Layout(FieldWithButtons("q", button))
