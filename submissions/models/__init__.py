"""What an enterprise filed, in which activity, under which scheme."""

from submissions.models.activities import Activity, DeclarationScheme
from submissions.models.attachments import Attachment
from submissions.models.checking import CheckMark, Correction, ProposalAnswer, Rejection
from submissions.models.declarations import (
    LANGUAGE_CHOICES,
    Declaration,
    DeclarationVersion,
    Translation,
    TranslationVersion,
)
from submissions.models.drafts import Presence, SavedValue
from submissions.models.fingerprints import Fingerprint
from submissions.models.joint import JointConfirmation
from submissions.models.notices import Annex, ClosingChange, DemandTheme, Supporter
from submissions.models.profiles import Profile
from submissions.models.recommendations import Recommendation
from submissions.models.rules import RuleSet
from submissions.models.seals import EarlyLook
from submissions.models.trials import RuleTrial
from submissions.models.uploads import PartialUpload

__all__ = [
    "LANGUAGE_CHOICES",
    "Activity",
    "Annex",
    "Attachment",
    "CheckMark",
    "ClosingChange",
    "Correction",
    "Declaration",
    "DeclarationScheme",
    "DeclarationVersion",
    "DemandTheme",
    "EarlyLook",
    "Fingerprint",
    "JointConfirmation",
    "PartialUpload",
    "Presence",
    "Profile",
    "ProposalAnswer",
    "Recommendation",
    "Rejection",
    "RuleSet",
    "RuleTrial",
    "SavedValue",
    "Supporter",
    "Translation",
    "TranslationVersion",
]
