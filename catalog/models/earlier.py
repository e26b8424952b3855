"""Lists of technologies that were evaluated before the portal: what they say, and no more."""

import uuid
from typing import Any

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from catalog.earlier.states import EARLIER_LIST, EarlierStatus
from core.lifecycle import status_guard
from core.querysets import VisibleQuerySet
from reference.models import Country, Subcategory
from reference.names import in_language
from submissions.models.kept import fixed, kept

EN, ZH = "en", "zh-hans"
STATED = (
    *("code", "title_en", "title_zh", "language", "authority", "year", "published_on"),
    *("source_url", "note"),
)
ENTERED = (
    *("earlier_list_id", "place", "number", "title_en", "title_zh", "holder_en", "holder_zh"),
    *("country_id", "subcategory_id", "website", "summary_en", "summary_zh", "maturity"),
    *("evidence_grade", "cases", "indicators", "source_title", "source_url", "source_year"),
)


def _address(label: Any) -> Any:
    only_web = URLValidator(schemes=["http", "https"])
    return models.CharField(label, max_length=500, blank=True, validators=[only_web])


class EarlierList(models.Model):
    """A list some authority published before the portal; its entries are listed on release."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(_("code"), max_length=40, unique=True)
    title_en = models.CharField(_("title in English"), max_length=300, blank=True)
    title_zh = models.CharField(_("title in Chinese"), max_length=300, blank=True)
    language = models.CharField(
        _("language of the list"),
        max_length=10,
        choices=((EN, _("English")), (ZH, _("Chinese"))),
        help_text=_("In which the list was published; texts in the other one are translations."),
    )
    authority = models.CharField(_("published by"), max_length=300)
    year = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(1990), MaxValueValidator(2100)]
    )
    published_on = models.DateField(_("published on"), null=True, blank=True)
    source_url = _address(_("address of the source"))
    note = models.TextField(_("note"), max_length=2000, blank=True)
    status = models.CharField(
        _("state"),
        max_length=20,
        choices=EarlierStatus.choices,
        default=EarlierStatus.DRAFT,
        editable=False,
    )
    entered_by = models.ForeignKey(
        User, verbose_name=_("entered by"), on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField(_("entered on"))
    proposed_by = models.ForeignKey(
        User,
        verbose_name=_("proposed by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    proposed_at = models.DateTimeField(_("proposed on"), null=True, blank=True)
    released_by = models.ForeignKey(
        User,
        verbose_name=_("released by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    released_at = models.DateTimeField(_("released on"), null=True, blank=True)
    returned_because = models.TextField(_("why it was sent back"), blank=True)

    objects = VisibleQuerySet["EarlierList"].as_manager()

    class Meta:
        verbose_name = _("earlier list")
        verbose_name_plural = _("earlier lists")
        ordering = ("-entered_at", "id")
        constraints = (
            models.CheckConstraint(
                condition=~Q(title_en="", title_zh=""), name="catalog_earlierlist_titled"
            ),
            models.CheckConstraint(
                condition=Q(released_by=None) | ~Q(released_by=F("proposed_by")),
                name="catalog_earlierlist_two_officers",
            ),
            models.CheckConstraint(
                condition=Q(status=EarlierStatus.DRAFT)
                | Q(proposed_by__isnull=False, proposed_at__isnull=False),
                name="catalog_earlierlist_proposed",
            ),
            models.CheckConstraint(
                condition=~Q(status=EarlierStatus.RELEASED)
                | Q(released_by__isnull=False, released_at__isnull=False),
                name="catalog_earlierlist_released",
            ),
        )
        triggers = (
            status_guard(EARLIER_LIST),
            kept(),
            # What waits for a second officer, or was released, is not rewritten.
            fixed("stated_stays", *STATED, condition=~pgtrigger.Q(old__status="draft")),
            fixed(
                *("released_stays", "proposed_by_id", "proposed_at", "released_by_id"),
                "released_at",
                condition=pgtrigger.Q(old__status="released"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.title} ({self.year})"

    @property
    def titles(self) -> dict[str, str]:
        return _by_language(self.title_en, self.title_zh)

    @property
    def title(self) -> str:
        return in_language(self.titles)

    def title_in(self, language: str) -> str:
        return self.titles.get(language) or next(iter(self.titles.values()))


class EarlierEntry(models.Model):
    """One technology of an earlier list, in the words of the list.

    ``cases``: [{"name", "country", "year", "scale"}]; ``indicators``: [{"name", "as_stated",
    "unit_other", "condition"}]; keys without a value are left out. ``organisation`` is the
    holder here, as far as it is known for certain; after the release it always is.
    """

    earlier_list = models.ForeignKey(
        EarlierList,
        verbose_name=_("earlier list"),
        on_delete=models.PROTECT,
        related_name="entries",
    )
    place = models.PositiveIntegerField()  # of the line in the sheet
    number = models.CharField(_("number in the list"), max_length=40)
    title_en = models.CharField(_("title in English"), max_length=300, blank=True)
    title_zh = models.CharField(_("title in Chinese"), max_length=300, blank=True)
    holder_en = models.CharField(_("holder in English"), max_length=200, blank=True)
    holder_zh = models.CharField(_("holder in Chinese"), max_length=200, blank=True)
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+")
    subcategory = models.ForeignKey(Subcategory, on_delete=models.PROTECT, related_name="+")
    website = _address(_("website"))
    summary_en = models.TextField(_("summary in English"), blank=True)
    summary_zh = models.TextField(_("summary in Chinese"), blank=True)
    maturity = models.CharField(_("maturity"), max_length=40, blank=True)
    evidence_grade = models.CharField(_("evidence"), max_length=40, blank=True)
    cases = models.JSONField(_("reference cases"), default=list)
    indicators = models.JSONField(_("indicators"), default=list)
    source_title = models.CharField(_("title of the source"), max_length=300, blank=True)
    source_url = _address(_("address of the source"))
    source_year = models.PositiveSmallIntegerField(_("year of the source"), null=True, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("holder"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = VisibleQuerySet["EarlierEntry"].as_manager()

    class Meta:
        verbose_name = _("entry of an earlier list")
        verbose_name_plural = _("entries of earlier lists")
        ordering = ("earlier_list", "place")
        constraints = (
            models.UniqueConstraint(
                fields=("earlier_list", "number"), name="catalog_earlierentry_once"
            ),
            models.CheckConstraint(
                condition=~Q(title_en="", title_zh=""), name="catalog_earlierentry_titled"
            ),
            models.CheckConstraint(
                condition=~Q(holder_en="", holder_zh=""), name="catalog_earlierentry_held"
            ),
        )
        triggers = (
            # Of a list that waits or was released; ``organisation`` follows merges.
            pgtrigger.Trigger(
                name="entered_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf(*ENTERED) | pgtrigger.Delete,
                func="""
                    IF EXISTS (
                        SELECT 1 FROM catalog_earlierlist AS one
                        WHERE one.status <> 'draft' AND one.id IN (
                            CASE WHEN TG_OP = 'DELETE' THEN NULL
                                ELSE NEW.earlier_list_id END,
                            CASE WHEN TG_OP = 'INSERT' THEN NULL
                                ELSE OLD.earlier_list_id END
                        )
                    ) THEN
                        RAISE EXCEPTION 'earlier list: its entries are no longer being prepared'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def titles(self) -> dict[str, str]:
        return _by_language(self.title_en, self.title_zh)

    @property
    def title(self) -> str:
        return in_language(self.titles)

    @property
    def holder_name(self) -> str:
        return in_language(_by_language(self.holder_en, self.holder_zh))


def _by_language(english: str, chinese: str) -> dict[str, str]:
    """Return the texts there are, by language."""
    return {code: text for code, text in ((EN, english), (ZH, chinese)) if text}
