import json
from pathlib import Path

import pytest
from django.conf import settings

from reference.models import Subcategory


@pytest.mark.django_db
def test_each_recorded_technology_has_a_subcategory():
    path = Path(settings.BASE_DIR) / "demo" / "data" / "subcategory_map.json"
    codes: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))

    assert len(codes) == 56
    assert set(codes.values()) <= {s.code for s in Subcategory.objects.active()}
    assert {code for code in codes.values() if code in ("AIR-12", "WAT-12", "SOI-10")} == {
        "AIR-12",
        "WAT-12",
        "SOI-10",
    }
