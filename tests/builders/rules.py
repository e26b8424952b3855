"""Sets of rules, laid down through the service officers use."""

from typing import Any

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
