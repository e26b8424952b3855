"""Sets of rules, laid down through the service officers use."""

from typing import Any

from core.canonical import content_hash
from submissions.models import RuleSet
from submissions.rule_sets import create_rule_set


def document(*rules: Any, manual: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """Return a document; each rule is its name, its level and, where it has them, figures."""
    applied = [
        {"rule": name, "level": level, **({"params": more[0]} if more else {})}
        for name, level, *more in rules
    ]
    return {"rules": applied, "manual": manual or []}


def source(code: str, *rules: Any, version: int = 1, **more: Any) -> dict[str, Any]:
    names = {"en": f"Rules {code}", "zh-hans": f"规则 {code}"}
    return {"code": code, "version": version, "names": names, **document(*rules, **more)}


def rule_set(code: str, *rules: Any, **more: Any) -> RuleSet:
    return create_rule_set(source(code, *rules, **more), actor=None)


def failing_set(code: str, *more: Any, level: str = "error") -> RuleSet:
    """Return a set one rule of which cannot be run where ``INVESTMENT`` stands.

    It was laid down before figures had bounds, past the service, which would refuse it.
    """
    told = source(code, ("unit_investment_fits", level, {"factor": 0}), *more)
    laid_down = document(("unit_investment_fits", level, {"factor": 0}), *more)
    return RuleSet.objects.create(
        code=code,
        version=1,
        names=told["names"],
        document=laid_down,
        content_hash=content_hash(laid_down),
    )


# What that rule reckons with: unit investment is investment over scale.
INVESTMENT = {
    "scale": "10",
    "scale_unit": "t",
    "investment": "1000",
    "unit_investment": "100",
    "unit_investment_per": "t",
}
