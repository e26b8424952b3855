"""What a field of the record is called by others: one table, printed as a page.

GB/T 21063.3 names its elements in Chinese; the names are those of its core metadata as later
standards of provinces repeat them (docs/adr/0030). Our field is a path into the record.
"""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Named(NamedTuple):
    """One field under its other names; "" where a vocabulary has none for it."""

    field: str
    label: str | Promise
    gb_t_21063: str
    dublin_core: str
    dcat: str
    schema_org: str


MAPPING = (
    Named("titles", _("Title"), "信息资源名称", "dc:title", "dct:title", "name"),
    Named(
        "texts.summary",
        _("Summary"),
        "信息资源摘要",
        "dc:description",
        "dct:description",
        "description",
    ),
    Named("number", _("Number"), "信息资源标识符", "dc:identifier", "dct:identifier", "identifier"),
    Named("id", _("Identifier of the record"), "元数据标识符", "dc:identifier", "@id", "@id"),
    Named("holder", _("Holder"), "信息资源提供方", "dc:creator", "dct:creator", "creator"),
    Named("field", _("Field"), "信息资源分类", "dc:subject", "dcat:theme", ""),
    Named(
        "subcategory", _("Sub-category"), "信息资源分类", "dc:subject", "dcat:keyword", "keywords"
    ),
    Named("pollutants", _("Pollutants"), "关键字说明", "dc:subject", "", ""),
    Named("texts.keywords", _("Keywords"), "关键字说明", "dc:subject", "dcat:keyword", "keywords"),
    Named(
        "cases.country",
        _("Country or region with a reference case"),
        "",
        "dc:coverage",
        "dct:spatial",
        "spatialCoverage",
    ),
    Named("indicators", _("Performance"), "", "", "", "variableMeasured"),
    Named("sources", _("Sources"), "", "dc:source", "", ""),
    Named("language", _("Language"), "", "dc:language", "dct:language", "inLanguage"),
    Named(
        "listed_on", _("Listed on"), "信息资源发布日期", "dc:date", "dct:issued", "datePublished"
    ),
    Named("valid_until", _("Valid until"), "", "", "", "expires"),
    Named(
        "",
        _("Last change"),
        "元数据更新日期",
        "datestamp (OAI-PMH)",
        "dct:modified",
        "dateModified",
    ),
    Named(
        "",
        _("Address of the page"),
        "在线资源链接地址",
        "dc:identifier",
        "dcat:landingPage",
        "url",
    ),
    Named(
        "",
        _("Address of the record"),
        "在线资源链接地址",
        "dc:relation",
        "dcat:downloadURL",
        "distribution.contentUrl",
    ),
    Named("", _("Ways to fetch it"), "服务信息", "", "dcat:service", "includedInDataCatalog"),
    Named(
        "",
        _("Publisher of the catalogue"),
        "元数据维护方",
        "dc:publisher",
        "dct:publisher",
        "publisher",
    ),
    Named(
        "note",
        _("Terms and note"),
        "",
        "dc:rights",
        "dct:license, dct:rights",
        "license, conditionsOfAccess",
    ),
)
