"""Importing technologies: what a file says becomes drafts, and nothing else does."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from accounts.models import Membership, Organisation, User
from core.models import AuditEntry
from submissions import import_drafts, services
from submissions.import_lines import LineError, lines, read
from submissions.models import Declaration, Translation
from submissions.states import Status
from tests.builders import accounts
from tests.builders import submissions as build

pytestmark = pytest.mark.django_db

FILE = Path(__file__).parent / "data" / "technologies.jsonl"
ALL = settings.BASE_DIR / "demo" / "data" / "technologies.jsonl"


def run(path=FILE, **options):
    """Run the command; return what it printed, line by line, and its exit status."""
    out, status = StringIO(), 0
    try:
        call_command("import_declarations", str(path), stdout=out, **options)
    except SystemExit as end:
        status = int(end.code or 0)
    return out.getvalue().splitlines(), status


def written(tmp_path, *rows):
    """Write a file of these lines, each as text, bytes or a record."""
    path = tmp_path / "file.jsonl"
    path.write_bytes(b"\n".join(raw(row) for row in rows))
    return path


def raw(row):
    if isinstance(row, dict):
        row = json.dumps(row, ensure_ascii=False)
    return row if isinstance(row, bytes) else row.encode()


def records():
    return [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


def record(**changes):
    return {**records()[0], **changes}


# The file ---------------------------------------------------------------------------------


def test_real_lines_are_read():
    found = [one.record for one in lines(FILE.read_bytes().split(b"\n"))]

    assert found == records()


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("{", "not JSON"),
        ("[1]", "must be an object"),
        ('{"id": NaN}', "not JSON: NaN is no number"),
        (b"\xff\xfe", "not UTF-8"),
        ("[" * 100_000, "not JSON"),
        (record(colour="red"), "colour is not part of the schema"),
        ({k: v for k, v in record().items() if k != "costs"}, "costs is missing"),
        (record(id=""), "id: must be a text"),
        (record(field="noise"), "field: must be one of air, monitoring, soil, solid_waste, water"),
        (record(name_en="a\u0000b"), "a text holds characters that cannot be stored"),
        (record(indicators=[]), "indicators: must be a list with at least one row"),
        (
            record(indicators=[{"name": "a", "value": None, "unit": None, "condition": None}]),
            "indicators.0.value: must be a number or a text",
        ),
        (record(maturity={"level": "ripe", "evidence": "x"}), "maturity.level: must be one of"),
        (record(enterprise="ACME"), "enterprise: must be an object"),
        (record(source={"title": "x"}), "source.url is missing"),
        (
            record(demonstrations=[{"name": "a", "country": "China", "scale": None, "year": None}]),
            "demonstrations.0.country: must be a country code of two letters",
        ),
        (record(summary="x" * 1_000_001), "longer than 1000000 bytes"),
    ],
)
def test_line_that_is_no_technology_is_refused_with_the_reason(row, reason):
    with pytest.raises(LineError) as refusal:
        read(raw(row))

    assert str(refusal.value).startswith(reason)


def test_second_line_of_an_id_is_refused_and_blank_lines_are_none():
    found = list(lines([raw(record()), b"  ", raw(record(name_en="Another"))]))

    assert [(one.number, one.reason) for one in found] == [
        (1, ""),
        (3, f"id: {record()['id']} is that of line 1"),
    ]


# The drafts -------------------------------------------------------------------------------


def test_lines_become_drafts_of_the_open_activity():
    activity = build.open_activity()

    assert run() == (["4 loaded (4 new, 0 there already), 0 refused"], 0)

    drafts = Declaration.objects.order_by("title")
    assert {one.status for one in drafts} == {Status.DRAFT}
    assert {one.activity for one in drafts} == {activity}
    assert {one.title for one in drafts} == {one["name_en"] for one in records()}


def test_draft_holds_exactly_what_the_line_says():
    build.open_activity()

    run()

    draft = Declaration.objects.get(title="Adsorption petrol-vapour recovery unit")
    assert draft.content == {
        "technology": {
            "title": "Adsorption petrol-vapour recovery unit",
            "keywords": "VOC control (fuel storage and loading)",
            "summary": "Skid units that capture hydrocarbon vapour displaced when fuel is stored "
            "and loaded. The maker offers a pure adsorption unit and a version that adds "
            "condensation.",
            "principle": "Vapour is taken up on an adsorbent; the second version adds a "
            "condensation step.",
            "innovation": "Presented by the maker as the first domestically designed adsorption "
            "unit with its own intellectual property in China.",
            "applicability": "Petrochemical storage and loading terminals.",
            "maturity": "commercial",
            "maturity_evidence": "Maker offers design, supply, installation and service; the "
            "individual sites are not named in the source.",
        },
        "performance": {
            "indicators": [
                {
                    "name": "tail-gas hydrocarbon concentration",
                    "typical": "10",
                    "as_stated": "about 10",
                    "unit": "g/m3",
                    "condition": "on-site test by experts, as reported by the maker",
                },
                {
                    "name": "vapour recovery rate",
                    "typical": "99",
                    "unit": "%",
                    "condition": "as reported by the maker",
                },
            ]
        },
        "property": {
            "rights": [
                {"kind": "patent", "note": "four patents claimed, numbers not given in the source"},
                {"kind": "know_how", "note": "two items claimed"},
            ]
        },
        "evidence": {
            "evidence_grade": "vendor",
            "sources": [
                {
                    "title": "湖北楚冠实业股份有限公司 油气回收技术简介",
                    "url": "https://m.163wenku.com/p-4478016.html",
                }
            ],
        },
    }
    assert draft.subcategory is None
    (name,) = Translation.objects.filter(declaration=draft)
    assert (name.texts, name.confirmed_at) == ({"technology.title": "吸附法油气回收装置"}, None)


def test_all_of_the_demonstrations_technologies_load():
    build.open_activity()

    assert run(ALL) == (["56 loaded (56 new, 0 there already), 0 refused"], 0)
    assert Declaration.objects.count() == 56
    assert Organisation.objects.exclude(name_en="").count() == 56 - repeated()


def repeated():
    names = [json.loads(line)["enterprise"] for line in ALL.read_text().splitlines()]
    keys = {(one["name"], one["country"]) for one in names}
    return len(names) - len(keys)


def test_subcategory_is_taken_where_the_words_name_one_of_their_field(tmp_path):
    build.open_activity()
    rows = [
        record(id="a", subcategory="AIR-05"),
        record(id="b", subcategory="odour control"),
        record(id="c", subcategory="WAT-01"),
    ]

    run(written(tmp_path, *rows))

    drafts = {one.start_key: one for one in Declaration.objects.all()}
    activity = next(iter(drafts.values())).activity
    found = [drafts[import_drafts.key_of(activity, key)].subcategory_id for key in "abc"]
    assert found == ["AIR-05", "AIR-06", None]


def test_malformed_lines_are_refused_by_number_and_the_others_load(tmp_path):
    build.open_activity()
    far = record(id="far", enterprise={**record()["enterprise"], "country": "XX"})
    odd = record(id="odd", source={**record()["source"], "url": "no address"})
    path = written(tmp_path, record(), "{", records()[1], far, odd)

    told, status = run(path)

    assert told[0].startswith("line 2: refused: not JSON")
    assert told[1] == "line 4: refused: enterprise.country: there is no XX."
    assert told[2].startswith("line 5: refused: Address: ")
    assert told[3:] == ["2 loaded (2 new, 0 there already), 3 refused"]
    assert status == 1
    assert Declaration.objects.count() == 2
    assert Organisation.objects.filter(country="XX").count() == 0


def test_the_same_file_again_makes_nothing_and_overwrites_nothing():
    build.open_activity()
    run()
    before = {one.pk: (one.content, one.revision) for one in Declaration.objects.all()}
    acts = AuditEntry.objects.count()

    assert run() == (["4 loaded (0 new, 4 there already), 0 refused"], 0)

    assert {one.pk: (one.content, one.revision) for one in Declaration.objects.all()} == before
    assert AuditEntry.objects.count() == acts


def test_dry_run_says_the_same_and_writes_nothing(tmp_path):
    build.open_activity()
    path = written(tmp_path, *records(), "{")
    before = (User.objects.count(), Organisation.objects.count(), AuditEntry.objects.count())

    dry, dry_status = run(path, dry_run=True)

    assert (
        User.objects.count(),
        Organisation.objects.count(),
        AuditEntry.objects.count(),
    ) == before
    assert Declaration.objects.count() == 0
    told, status = run(path)
    assert dry == [*told[:-1], f"{told[-1]} (dry run: nothing was written)"]
    assert dry_status == status == 1


def test_imported_drafts_are_kept_by_an_account_nobody_can_sign_in_to():
    build.open_activity()

    run()

    keeper = User.objects.get(email=import_drafts.KEEPER)
    assert not keeper.is_active
    assert not keeper.has_usable_password()
    owners = Membership.objects.filter(organisation__declarations__isnull=False)
    assert set(owners.values_list("user", flat=True)) == {keeper.pk}


def test_owner_and_organisation_can_be_named():
    build.open_activity()
    organisation = accounts.organisation()
    owner = accounts.owner_of(organisation)

    assert run(organisation=str(organisation.pk), owner=owner.email)[1] == 0

    assert set(Declaration.objects.values_list("organisation", "created_by")) == {
        (organisation.pk, owner.pk)
    }


def test_organisation_of_somebody_else_is_refused_line_by_line():
    build.open_activity()
    organisation = accounts.organisation()

    told, status = run(organisation=str(organisation.pk))

    refusal = "refused: This account may not declare for the organisation."
    assert told[:-1] == [f"line {number}: {refusal}" for number in range(1, 5)]
    assert (told[-1], status) == ("0 loaded (0 new, 0 there already), 4 refused", 1)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"organisation": "nonsense"}, "there is no organisation nonsense"),
        ({"owner": "nobody@example.org"}, "there is no account nobody@example.org"),
        ({"activity": "NONE-1"}, "name an open activity with --activity"),
    ],
)
def test_what_is_not_there_is_said_before_anything_is_read(options, said):
    build.open_activity()

    with pytest.raises(CommandError, match=said):
        run(**options)


def test_activity_is_asked_for_unless_one_alone_is_open():
    with pytest.raises(CommandError, match="open now: none"):
        run()
    first, second = build.open_activity(), build.open_activity()

    with pytest.raises(CommandError, match=f"open now: {first.code}, {second.code}"):
        run()
    assert run(activity=second.code)[1] == 0
    assert set(Declaration.objects.values_list("activity", flat=True)) == {second.pk}


def test_activity_that_asks_for_less_takes_what_it_asks_for():
    document = json.loads(
        (settings.BASE_DIR / "submissions/schemes/demo-2.json").read_text(encoding="utf-8")
    )
    technology = document["sections"][1]["fields"]
    technology[:] = [one for one in technology if one["key"] != "principle"]
    scheme = services.create_scheme(document, actor=None)
    build.open_activity(scheme=scheme)

    assert run()[1] == 0

    draft = Declaration.objects.get(title="Adsorption petrol-vapour recovery unit")
    assert "principle" not in draft.content["technology"]
    assert draft.content["performance"]["indicators"][0]["unit"] == "g/m3"
