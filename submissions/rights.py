"""Rows of the table of rights: activities and declarations."""

from typing import Any

from django.db.models import CharField, F, Func, Model, Q, Value
from django.db.models.functions import Cast
from django.db.models.lookups import In

from accounts.relations import everyone, granted, member
from accounts.roles import Role
from core.querysets import VisibleQuerySet
from core.rights import ACCOUNT, PUBLIC, Address, Bar, ObjectRights, rule, staff
from submissions import sealing
from submissions.models import (
    Activity,
    Annex,
    Attachment,
    CheckMark,
    ClosingChange,
    Correction,
    Declaration,
    DeclarationScheme,
    DeclarationVersion,
    DemandTheme,
    EarlyLook,
    Fingerprint,
    JointConfirmation,
    PartialUpload,
    Presence,
    Profile,
    ProposalAnswer,
    Recommendation,
    Rejection,
    RuleSet,
    RuleTrial,
    SavedValue,
    Supporter,
    Translation,
    TranslationVersion,
)
from submissions.relations import (
    lifted_from_oneself,
    officer_of_filed,
    officer_of_filed_file,
    officer_where_seen,
    own_upload,
    rejected_oneself,
)
from submissions.states import (
    EDITABLE,
    FILED,
    ActivityStatus,
    JointStatus,
    RecommendationStatus,
    Status,
)

UNASKED = {RecommendationStatus.NAMED}


def shown(_user: Any) -> Q | None:
    return Q(shown=True)


def reminder_of_the_unseen(user: Any) -> Q | None:
    """Name the reminders of what the person may not see: they tell what is asked of whom."""
    unseen = Q(pk__in=())
    kinds: tuple[tuple[str, VisibleQuerySet[Any]], ...] = (
        ("activity", Activity.objects.all()),
        ("declaration", Declaration.objects.all()),
        ("joint confirmation", JointConfirmation.objects.all()),
    )
    # A declaration returned again is named with the number of its version: KEY/2.
    named = Func(
        F("subject_id"), Value("/"), Value(1), function="split_part", output_field=CharField()
    )
    for kind, rows in kinds:
        seen = rows.visible_to(user).annotate(key=Cast("pk", CharField())).values("key")
        unseen |= Q(subject_type=kind) & ~Q(In(named, seen))
    return unseen


REMINDERS = Bar(
    frozenset({Role.OFFICER}),
    reminder_of_the_unseen,
    "reminders of what one may not see",
)


def part_of_a_notice(name: str, model: type[Model]) -> ObjectRights:
    """Return the rows of something shown on the page of an activity."""
    return ObjectRights(
        name,
        model,
        relations={Role.ANYONE: shown, Role.OFFICER: granted(Role.OFFICER)},
        rules=[
            rule(Role.ANYONE, "read", set(ActivityStatus) - {ActivityStatus.PREPARED}),
            rule(Role.OFFICER, "read add"),
            rule(Role.OFFICER, "edit", {ActivityStatus.PREPARED, ActivityStatus.OPEN}),
        ],
        state_field="activity__status",
    )


OBJECTS = (
    part_of_a_notice("annex", Annex),
    part_of_a_notice("supporter", Supporter),
    part_of_a_notice("demand theme", DemandTheme),
    ObjectRights(
        "activity",
        Activity,
        relations={Role.ANYONE: everyone, Role.OFFICER: granted(Role.OFFICER)},
        rules=[
            rule(Role.ANYONE, "read", set(ActivityStatus) - {ActivityStatus.PREPARED}),
            rule(Role.OFFICER, "read manage add"),
            rule(Role.OFFICER, "edit", {ActivityStatus.PREPARED, ActivityStatus.OPEN}),
            rule(Role.PORTAL, "read manage run_out"),
        ],
    ),
    ObjectRights(
        "scheme",
        DeclarationScheme,
        relations={Role.OFFICER: granted(Role.OFFICER)},
        rules=[rule(Role.OFFICER, "read add"), rule(Role.PORTAL, "read add")],
        state_field="",
    ),
    ObjectRights(
        "rule set",
        RuleSet,
        relations={Role.OFFICER: granted(Role.OFFICER)},
        rules=[rule(Role.OFFICER, "read add"), rule(Role.PORTAL, "read add")],
        state_field="",
    ),
    ObjectRights(
        # Numbers over a whole activity, of no single declaration: no bar of declarations touches
        # them. Who asks needs "manage" on the activity besides.
        "rule trial",
        RuleTrial,
        relations={Role.OFFICER: granted(Role.OFFICER)},
        rules=[rule(Role.OFFICER, "read add")],
        state_field="",
    ),
    ObjectRights(
        "declaration",
        Declaration,
        relations={
            Role.VIEWER: member(Role.VIEWER),
            Role.EDITOR: member(Role.EDITOR),
            Role.OWNER: member(Role.OWNER),
            Role.OFFICER: officer_of_filed,
        },
        rules=[
            rule(Role.VIEWER, "read"),
            rule(Role.EDITOR, "add"),
            rule(Role.EDITOR, "edit submit", EDITABLE),
            rule(Role.EDITOR, "contest", {Status.REJECTED}),
            # After filing too: a translation stands beside what was filed and changes none of it.
            rule(Role.EDITOR, "translate", set(Status) - {Status.REJECTED, Status.WITHDRAWN}),
            rule(Role.OWNER, "withdraw", set(Status) - {Status.ACCEPTED, Status.REJECTED}),
            rule(Role.OFFICER, "read know", FILED),
            rule(Role.OFFICER, "check", {Status.SUBMITTED, Status.IN_CHECK}),
            rule(Role.OFFICER, "give_time", {Status.RETURNED}),
            rule(Role.OFFICER, "hear", {Status.CONTESTED}),
        ],
        # Enterprise beats staff on rows of one's own organisation.
        bars=[
            Bar(
                frozenset({Role.OFFICER}),
                member(Role.VIEWER),
                "declarations of one’s own organisation",
            ),
            Bar(
                frozenset({Role.OFFICER}),
                rejected_oneself,
                "declarations one rejected oneself, when that is contested",
                frozenset({"hear"}),
            ),
            Bar(
                frozenset({Role.OFFICER}),
                lifted_from_oneself,
                "declarations one rejected oneself, once another officer lifted that",
                frozenset({"check", "give_time"}),
            ),
            # Under seal an officer knows that it is there; reading takes an early look.
            Bar(
                frozenset({Role.OFFICER}),
                sealing.sealed_to,
                "declarations under seal, without an early look",
                frozenset({"read"}),
            ),
            Bar(
                frozenset({Role.OFFICER}),
                sealing.sealed,
                "declarations under seal",
                leaves=frozenset({"know", "read"}),
            ),
        ],
    ),
    ObjectRights(
        # Who is handed a file is asked of its declaration (Attachment.objects.served_to); these
        # rows are about the malware scan.
        "attachment",
        Attachment,
        relations={Role.OFFICER: officer_of_filed_file},
        rules=[rule(Role.OFFICER, "read scan"), rule(Role.PORTAL, "read scan judge")],
        bars=[
            Bar(
                frozenset({Role.OFFICER}),
                member(Role.VIEWER, "declaration__organisation"),
                "files of one’s own organisation",
            )
        ],
    ),
    ObjectRights(
        # A file on its way is for who sends it, as long as the declaration can be edited.
        "upload",
        PartialUpload,
        relations={Role.EDITOR: own_upload},
        rules=[rule(Role.EDITOR, "read edit")],
        state_field="",
    ),
    ObjectRights(
        "profile",
        Profile,
        relations={Role.VIEWER: member(Role.VIEWER), Role.EDITOR: member(Role.EDITOR)},
        # Officers and experts read it as it was filed, in the version of a declaration.
        rules=[rule(Role.VIEWER, "read"), rule(Role.EDITOR, "read edit")],
        state_field="",
    ),
    ObjectRights(
        "early look",
        EarlyLook,
        relations={Role.OFFICER: granted(Role.OFFICER)},
        rules=[rule(Role.OFFICER, "read")],
        state_field="",
        bars=[
            Bar(
                frozenset({Role.OFFICER}),
                member(Role.VIEWER, "declaration__organisation"),
                "declarations of one’s own organisation",
            )
        ],
    ),
    ObjectRights(
        # What officers noted on the way to their decision; the applicant is told the decision.
        "mark",
        CheckMark,
        relations={Role.OFFICER: officer_where_seen("version__declaration")},
        rules=[rule(Role.OFFICER, "read")],
        state_field="",
        bars=[
            Bar(
                frozenset({Role.OFFICER}),
                member(Role.VIEWER, "version__declaration__organisation"),
                "declarations of one’s own organisation",
            )
        ],
    ),
    ObjectRights(
        "recommendation",
        Recommendation,
        relations={
            Role.VIEWER: member(Role.VIEWER, "declaration__organisation"),
            Role.OFFICER: granted(Role.OFFICER),
        },
        rules=[
            rule(Role.VIEWER, "read"),
            rule(Role.OFFICER, "read", set(RecommendationStatus) - UNASKED),
            rule(Role.OFFICER, "waive", {RecommendationStatus.ASKED}),
            rule(Role.PORTAL, "read ask answer"),
        ],
        bars=[
            Bar(
                frozenset({Role.OFFICER}),
                member(Role.VIEWER, "declaration__organisation"),
                "declarations of one’s own organisation",
            ),
            Bar(frozenset({Role.OFFICER}), sealing.of_sealed, "declarations under seal"),
        ],
    ),
    ObjectRights(
        "joint confirmation",
        JointConfirmation,
        relations={
            Role.VIEWER: member(Role.VIEWER, "declaration__organisation"),
            Role.EDITOR: member(Role.EDITOR, "declaration__organisation"),
            Role.OFFICER: granted(Role.OFFICER),
        },
        rules=[
            rule(Role.VIEWER, "read"),
            rule(Role.EDITOR, "resend", {JointStatus.ASKED}),
            rule(Role.OFFICER, "read"),
            rule(Role.OFFICER, "waive", {JointStatus.ASKED, JointStatus.DECLINED}),
            rule(Role.PORTAL, "read answer supersede"),
        ],
        bars=[
            Bar(
                frozenset({Role.OFFICER}),
                member(Role.VIEWER, "declaration__organisation"),
                "declarations of one’s own organisation",
            ),
            Bar(frozenset({Role.OFFICER}), sealing.of_sealed, "declarations under seal"),
        ],
    ),
    *(
        # What is written before it is filed is the applicant's alone.
        ObjectRights(
            name,
            model,
            relations={Role.VIEWER: member(Role.VIEWER, "declaration__organisation")},
            rules=[rule(Role.VIEWER, "read")],
            state_field="",
        )
        for name, model in (("saved text", SavedValue), ("presence", Presence))
    ),
    ObjectRights(
        # The text being written; what was confirmed is part of a version.
        "translation",
        Translation,
        relations={Role.VIEWER: member(Role.VIEWER, "declaration__organisation")},
        rules=[rule(Role.VIEWER, "read")],
        state_field="",
    ),
)

# Seen together with what they belong to.
PARTS: dict[type[Model], str] = {
    ClosingChange: "activity",
    DeclarationVersion: "declaration",
    Correction: "version",
    ProposalAnswer: "correction",
    Rejection: "declaration",
    TranslationVersion: "version",
    Fingerprint: "version",
}

ADDRESSES: dict[str, Address] = {
    "submissions:activity-list": PUBLIC,
    "submissions:activity-detail": PUBLIC,
    "submissions:activity-feed": PUBLIC,
    "submissions:annex-download": PUBLIC,
    "submissions:recommendation": PUBLIC,  # whoever holds the link of the mail
    "submissions:declaration-unit": ACCOUNT,
    "submissions:joint-confirmation": PUBLIC,  # whoever holds the link of the mail
    "submissions:declaration-joint": ACCOUNT,
    "submissions:supporter-logo": PUBLIC,
    "submissions:declaration-list": ACCOUNT,
    "submissions:declaration-start": ACCOUNT,
    "submissions:declaration-detail": ACCOUNT,
    "submissions:declaration-section": ACCOUNT,
    "submissions:declaration-autosave": ACCOUNT,
    "submissions:declaration-presence": ACCOUNT,
    "submissions:declaration-changes": ACCOUNT,
    "submissions:declaration-comparison": ACCOUNT,
    "submissions:declaration-saved-texts": ACCOUNT,
    "submissions:declaration-translation": ACCOUNT,
    "submissions:declaration-check": ACCOUNT,
    "submissions:declaration-proposal": ACCOUNT,
    "submissions:declaration-receipt": ACCOUNT,
    "submissions:declaration-version-print": ACCOUNT,
    "submissions:declaration-draft-print": ACCOUNT,
    "submissions:declaration-version": ACCOUNT,
    "submissions:declaration-document": ACCOUNT,
    "submissions:declaration-step": ACCOUNT,
    "submissions:uploads": ACCOUNT,
    "submissions:upload": Address(signed_in=True, methods=frozenset({"PATCH", "DELETE"})),
    "submissions:attachment-download": ACCOUNT,
    "submissions:attachment-preview": ACCOUNT,
    "file": ACCOUNT,
    "file-page": ACCOUNT,
    "submissions:profile": ACCOUNT,
    "submissions:profile-section": ACCOUNT,
    "admin:submissions_*": staff(Role.OFFICER),
}
