"""What an officer changes of a set of rules to make the next version, and what it is tried on."""

from collections.abc import Iterator, Mapping
from typing import Any

from crispy_forms.layout import Fieldset
from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.forms import helper
from reference.forms import begin, input_names, per_language, typed
from submissions.checks.remarks import Level
from submissions.checks.rulesets import LONGEST_TEXT, MOST_MANUAL, RULES
from submissions.models import Activity
from submissions.trying import to_choose

LEVEL_NAMES = {
    Level.INFORMATION: _("information"),
    Level.WARNING: _("warning"),
    Level.ERROR: _("error: cannot be filed so"),
}
PARAM_NAMES = {
    "tolerance": _("Difference allowed, in percentage points"),
    "factor": _("How many times as much, or as little, is far off"),
    "share": _("Share of letters of another language, in per cent"),
    "likeness": _("Share of the shorter text that both have, in per cent"),
    "words": _("Least words"),
}
ONLY_LIVE = _(
    "Looked for while a declaration is written, and shown to officers beside it; not part of a "
    "trial nor of the checklist."
)
LONGEST_KEY = 30
NEW_ROWS = 2


class RulesForm(forms.Form):
    """Each rule there is: whether it applies, how grave it is, with which figures."""

    def __init__(self, *args: Any, rules: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = {one["rule"]: one for one in rules}
        # Those that apply first, as they stand; what is added comes after them.
        self.names = [*stored, *(name for name in RULES if name not in stored)]
        self.helper = helper(*(self._rule(name, stored.get(name, {})) for name in self.names))

    def _rule(self, name: str, stored: dict[str, Any]) -> Fieldset:
        names = [f"{name}:level"]
        self.fields[names[0]] = forms.ChoiceField(
            label=_("How grave"),
            help_text=ONLY_LIVE if RULES[name].only_live else "",
            choices=[("", _("does not apply")), *LEVEL_NAMES.items()],
            required=False,
            initial=stored.get("level", ""),
        )
        for param, bounds in RULES[name].params.items():
            names.append(f"{name}:{param}")
            self.fields[names[-1]] = forms.IntegerField(
                label=PARAM_NAMES[param],
                required=False,
                min_value=bounds.least,
                max_value=bounds.most,
                initial=stored.get("params", {}).get(param),
                help_text=_("Empty: as the rule has it."),
            )
        return Fieldset(str(RULES[name].name), *names)

    def rules(self) -> list[dict[str, Any]]:
        """Return the rules that apply, as a document has them."""
        return [
            {
                "rule": name,
                "level": self.cleaned_data[f"{name}:level"],
                **({"params": params} if (params := dict(self._params(name))) else {}),
            }
            for name in self.names
            if self.cleaned_data[f"{name}:level"]
        ]

    def _params(self, name: str) -> Iterator[tuple[str, int]]:
        for param in RULES[name].params:
            value = self.cleaned_data.get(f"{name}:{param}")
            if value is not None:
                yield param, value


class ManualItemForm(forms.Form):
    """One thing an officer sees by eye."""

    key = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = dict(self.initial)  # the document it was made of stays as it is
        begin(self, "label", gettext("What is looked at"), self.initial.get("labels", {}))
        begin(self, "help", gettext("Hint"), self.initial.get("helps", {}))
        for name in input_names("label"):
            self.fields[name].widget.attrs["size"] = 80
        for name in input_names("help"):
            self.fields[name].required = False
            self.fields[name].widget.attrs["rows"] = 2
        self.helper = helper("key", *input_names("label"), *input_names("help"), "DELETE")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for name in (*input_names("label"), *input_names("help")):
            if len(cleaned.get(name, "")) > LONGEST_TEXT:
                self.add_error(name, _("Too long: at most %(most)d.") % {"most": LONGEST_TEXT})
        if not self.errors and typed("help", cleaned) and not cleaned.get(input_names("help")[0]):
            self.add_error(input_names("help")[0], _("This field is required."))
        return cleaned


# One input per language of the settings; a class body cannot loop over them.
ManualItemForm.declared_fields |= per_language("label")
ManualItemForm.declared_fields |= per_language("help", long=True)
ManualItemForm.base_fields |= ManualItemForm.declared_fields


class ManualItems(forms.BaseFormSet[ManualItemForm]):
    """The manual items in their order."""

    def items(self) -> list[dict[str, Any]]:
        """Return them as a document has them; a new one gets a key made of its label."""
        taken = {form.cleaned_data.get("key", "") for form in self._kept()} | set(RULES)
        return [self._item(form.cleaned_data, taken) for form in self._kept()]

    def _kept(self) -> list[ManualItemForm]:
        return [
            form
            for form in self.forms
            if form.cleaned_data.get(input_names("label")[0])
            and not form.cleaned_data.get("DELETE")
        ]

    @staticmethod
    def _item(cleaned: Mapping[str, Any], taken: set[str]) -> dict[str, Any]:
        labels, helps = typed("label", cleaned), typed("help", cleaned)
        key = cleaned.get("key") or _new_key(labels["en"], taken)
        return {"key": key, "labels": labels, **({"helps": helps} if helps else {})}


def _new_key(label: str, taken: set[str]) -> str:
    words = slugify(label).replace("-", "_").lstrip("_0123456789")[:LONGEST_KEY].rstrip("_")
    stem = words or "item"
    key, number = stem, 1
    while key in taken:
        number += 1
        key = f"{stem}_{number}"
    taken.add(key)
    return key


ManualItemsFormSet: Any = forms.formset_factory(
    ManualItemForm,
    formset=ManualItems,
    extra=NEW_ROWS,
    can_delete=True,
    max_num=MOST_MANUAL,
    validate_max=True,
)


class TrialForm(forms.Form):
    """On which activity a set of rules is tried."""

    activity = forms.ModelChoiceField(Activity.objects.none(), label=_("Activity"))

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["activity"]
        field.queryset = to_choose(user)
        self.helper = helper()
