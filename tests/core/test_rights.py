"""The engine of rights, on a model without any rights of its own."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import rights
from core.models import Progress
from core.rights import PORTAL, Address, Bar, ObjectRights, rule

pytestmark = pytest.mark.django_db


def person(*roles: str, least: int = 0) -> Any:
    return SimpleNamespace(roles=set(roles), least=least)


def everywhere(role: str):
    return lambda user: Q() if role in user.roles else None


def large(user) -> Q | None:
    """Hold the role on what is at least as large as the person says."""
    return Q(total__gte=user.least)


def shut(_user) -> Q | None:
    return Q(note="shut")


@pytest.fixture
def lay(monkeypatch) -> Any:
    """Lay rows of the table for ``Progress``; its note is its state."""
    monkeypatch.setattr(rights, "_objects", dict(rights._objects))
    monkeypatch.setattr(rights, "_by_model", dict(rights._by_model))

    def laying(*rules: rights.Rule, bars=(), **relations: rights.Relation) -> ObjectRights:
        entry = ObjectRights(
            "piece", Progress, relations=relations, rules=list(rules), state_field="note"
        )
        entry.bars.extend(bars)
        rights.declare(entry)
        return entry

    return laying


@pytest.fixture
def pieces() -> list[Progress]:
    return Progress.objects.bulk_create(
        Progress(name=f"{state}-{total}", total=total, note=state)
        for state in ("open", "shut")
        for total in (1, 10)
    )


def seen(actor: Any, right: str = "read") -> set[str]:
    rows = rights.with_right(Progress.objects.all(), actor, right)
    return set(rows.values_list("name", flat=True))


ALL = {"open-1", "open-10", "shut-1", "shut-10"}


def test_what_no_rule_grants_is_not_there(lay, pieces):
    lay(rule("clerk", "edit"), clerk=everywhere("clerk"))

    assert seen(person("clerk")) == set()
    assert seen(person("clerk"), "edit") == ALL
    assert not rights.can(person("clerk"), "read", pieces[0])


def test_a_role_without_a_relation_is_held_by_nobody(lay, pieces):
    lay(rule("ghost", "read"))

    assert seen(person("ghost")) == set()


def test_a_rule_holds_in_its_states_only(lay, pieces):
    lay(rule("clerk", "read", {"open"}), clerk=everywhere("clerk"))

    assert seen(person("clerk")) == {"open-1", "open-10"}


def test_a_rule_in_no_state_grants_nothing(lay, pieces):
    lay(rule("clerk", "read", set()), clerk=everywhere("clerk"))

    assert seen(person("clerk")) == set()


def test_a_relation_says_on_which_rows(lay, pieces):
    lay(rule("owner", "read"), owner=large)

    assert seen(person(least=5)) == {"open-10", "shut-10"}


def test_roles_add_up_and_the_widest_wins(lay, pieces):
    lay(
        rule("owner", "read", {"shut"}),
        rule("clerk", "read", {"open"}),
        rule("chief", "read"),
        owner=large,
        clerk=everywhere("clerk"),
        chief=everywhere("chief"),
    )

    assert seen(person("clerk", least=5)) == {"open-1", "open-10", "shut-10"}
    # Every row beside some rows is every row.
    assert seen(person("clerk", "chief", least=5)) == ALL


def test_a_bar_takes_the_rows_from_the_named_roles_only(lay, pieces):
    lay(
        rule("clerk", "read edit"),
        rule("owner", "read"),
        clerk=everywhere("clerk"),
        owner=large,
        bars=[Bar(frozenset({"clerk"}), large, "large ones")],
    )

    someone = person("clerk", least=5)
    assert seen(someone) == ALL
    assert seen(someone, "edit") == {"open-1", "shut-1"}


def test_a_bar_may_take_one_right_and_leave_the_others(lay, pieces):
    lay(
        rule("clerk", "read edit"),
        clerk=everywhere("clerk"),
        bars=[Bar(frozenset({"clerk"}), shut, "shut ones", frozenset({"edit"}))],
    )

    assert seen(person("clerk")) == ALL
    assert seen(person("clerk"), "edit") == {"open-1", "open-10"}


def test_a_bar_on_every_row_leaves_none(lay, pieces):
    lay(
        rule("clerk", "read"),
        clerk=everywhere("clerk"),
        bars=[Bar(frozenset({"clerk"}), everywhere("rival"), "every one")],
    )

    assert seen(person("clerk")) == ALL
    assert seen(person("clerk", "rival")) == set()


def test_the_portal_holds_its_own_role_and_no_other(lay, pieces):
    lay(
        rule(PORTAL, "expire", {"open"}),
        rule("clerk", "read"),
        clerk=lambda user: Q(),
        bars=[Bar(frozenset({PORTAL, "clerk"}), lambda user: Q(), "every one")],
    )

    assert seen(None, "expire") == {"open-1", "open-10"}
    assert seen(None) == set()
    assert seen(person(), "expire") == set()


def test_can_asks_the_row_as_it_is_in_the_database(lay, pieces):
    lay(rule("clerk", "read", {"open"}), clerk=everywhere("clerk"))
    stale = Progress.objects.get(name="open-1")
    Progress.objects.filter(name="open-1").update(note="shut")

    assert stale.note == "open"
    assert not rights.can(person("clerk"), "read", stale)


def test_may_ever_looks_at_no_row(lay, django_assert_num_queries):
    lay(rule("clerk", "read", {"open"}), clerk=everywhere("clerk"))

    with django_assert_num_queries(0):
        assert rights.may_ever(person("clerk"), "read", Progress)
        assert not rights.may_ever(person("clerk"), "edit", Progress)
        assert not rights.may_ever(person(), "read", Progress)
        assert not rights.may_ever(None, "read", Progress)


def test_a_model_without_rows_in_the_table_grants_nothing_ever():
    assert not rights.may_ever(person("clerk"), "read", Progress)
    with pytest.raises(KeyError):
        rights.visible(Progress.objects.all(), person("clerk"))


def test_a_higher_app_adds_a_role_and_a_bar(lay, pieces):
    lay(rule("clerk", "read"), clerk=everywhere("clerk"))

    rights.extend("piece", {"expert": large}, [rule("expert", "read", {"open"})])
    rights.bar("piece", Bar(frozenset({"clerk"}), shut, "shut ones"))

    assert seen(person(least=5)) == {"open-10"}
    assert seen(person("clerk", least=5)) == {"open-1", "open-10"}


ROLES = ("a", "b", "c")
relations = st.one_of(st.none(), st.just(0), st.just(5), st.just(50))
tables = st.lists(
    st.tuples(
        st.sampled_from(ROLES),
        st.sampled_from(["read", "edit", "read edit"]),
        st.none() | st.sets(st.sampled_from(["open", "shut"])),
    ),
    max_size=5,
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    table=tables,
    least=st.fixed_dictionaries(dict.fromkeys(ROLES, relations)),
    bars=st.lists(st.tuples(st.sets(st.sampled_from(ROLES)), relations), max_size=2),
    right=st.sampled_from(["read", "edit"]),
)
def test_the_database_and_the_table_say_the_same(lay, table, least, bars, right):
    """Compare with the table read row by row; 0 stands for every row, None for no relation."""
    Progress.objects.all().delete()
    rows = Progress.objects.bulk_create(
        Progress(name=f"{state}-{total}", total=total, note=state)
        for state in ("open", "shut")
        for total in (1, 10)
    )

    def relation(limit):
        return lambda user: None if limit is None else Q(total__gte=limit) if limit else Q()

    def held(limit, row) -> bool:
        return limit is not None and row.total >= limit

    lay(
        *(rule(*one) for one in table),
        bars=[Bar(frozenset(roles), relation(limit), "some") for roles, limit in bars],
        **{role: relation(limit) for role, limit in least.items()},
    )

    expected = {
        row.name
        for row in rows
        for role, rights_of_rule, states in table
        if right in rights_of_rule.split()
        if states is None or row.note in states
        if held(least[role], row)
        if not any(role in roles and held(limit, row) for roles, limit in bars)
    }
    assert seen(person(), right) == expected


def test_an_address_is_found_by_its_longest_entry(monkeypatch):
    monkeypatch.setattr(rights, "_addresses", {})
    public, staff, narrow = Address(), rights.staff("clerk"), rights.staff("chief")
    rights.declare_addresses({"shop:*": staff, "shop:door": public, "shop:safe_*": narrow})

    assert rights.address_of("shop:door") is public
    assert rights.address_of("shop:safe_open") is narrow
    assert rights.address_of("shop:shelf") is staff
    assert rights.address_of("shopping") is None
    assert rights.address_of("") is None
