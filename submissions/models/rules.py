"""Sets of rules: what is checked in a declaration, and how grave it is."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.immutable import append_only
from core.querysets import VisibleQuerySet
from reference.names import in_language
from submissions.checks.rulesets import Rules, read

MOST_LOADED = 64
_LOADED: dict[str, Rules] = {}  # by the hash over the document


class RuleSet(models.Model):
    """Which rules look at a declaration, how grave each is, what an officer sees by eye.

    ``document`` is read by ``submissions.checks.rulesets``; ``content_hash`` is taken over it.
    """

    code = models.SlugField(_("code"), max_length=40)
    version = models.PositiveSmallIntegerField(_("version"))
    names = models.JSONField(_("names"))
    document = models.JSONField(_("rules"))
    content_hash = models.CharField(_("checksum"), max_length=64, editable=False)
    created_at = models.DateTimeField(_("stored"), auto_now_add=True)

    objects = VisibleQuerySet["RuleSet"].as_manager()

    class Meta:
        verbose_name = _("set of rules")
        verbose_name_plural = _("sets of rules")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=("code", "version"), name="submissions_rules_once"),
        )
        triggers = (append_only(),)

    def __str__(self) -> str:
        return f"{self.title} ({self.code} {self.version})"

    @property
    def title(self) -> str:
        return in_language(self.names)

    def load(self) -> Rules:
        """Return the rules to work with; RuleSetError when the document is unsound.

        A set never changes: each process reads a document once, and may leave its column out.
        """
        rules = _LOADED.get(self.content_hash)
        if rules is None:
            rules = read(self.document, stored=True)
            if len(_LOADED) >= MOST_LOADED:
                _LOADED.clear()
            _LOADED[self.content_hash] = rules
        return rules
