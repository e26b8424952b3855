from django.conf import settings

from pool_portal import manual


def test_the_workflow_page_is_as_the_tables_are():
    assert (settings.BASE_DIR / "docs/workflow.md").read_text() == manual.workflow_page()


def test_the_rights_page_is_as_the_table_is():
    assert (settings.BASE_DIR / "docs/rights.md").read_text() == manual.rights_page()


def test_no_table_of_the_manual_says_one_thing_twice():
    for table in manual.rights_page().split("\n\n"):
        rows = table.splitlines()
        assert len(set(rows)) == len(rows), table
