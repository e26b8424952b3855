"""Which organisations a person may not judge: views of the database (docs/adr/0016).

Every question what an officer or expert may do asks them. Columns, not foreign keys: nothing is
written here, and nothing has to be moved or erased with an organisation or a person.
"""

from django.db import models


class _Pair(models.Model):
    """One person and one organisation."""

    pk = models.CompositePrimaryKey("user_id", "organisation_id")
    user_id = models.UUIDField()
    organisation_id = models.UUIDField()

    class Meta:
        abstract = True
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user_id} – {self.organisation_id}"


class House(_Pair):
    """One person, one organisation they belong to for certain.

    As a member, or by the work of today: as employer, or advised by them.
    """

    class Meta(_Pair.Meta):
        managed = False
        db_table = "evaluation_house"


class Tie(_Pair):
    """One person, one organisation they may not judge.

    They act for it, work or worked for it, advised it, or are connected with it; it is a namesake
    of one of these, or another entry of it: of the same registration number in the same country;
    or it belongs to the same group as one of these. Of the history and of connections only what
    the rules of today let count.
    """

    class Meta(_Pair.Meta):
        managed = False
        db_table = "evaluation_tie"


class TiedName(models.Model):
    """One person, one name of an organisation they may not judge, as ``NameKey`` has it."""

    pk = models.CompositePrimaryKey("user_id", "key")
    user_id = models.UUIDField()
    key = models.TextField()

    class Meta:
        managed = False
        db_table = "evaluation_tied_name"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user_id} – {self.key}"


class CountingEmployment(models.Model):
    """A row of a history that counts today, by the rule of its kind."""

    expert_id = models.UUIDField()
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    organisation_id = models.UUIDField(null=True)
    until = models.DateField(null=True)

    class Meta:
        managed = False
        db_table = "evaluation_counting_employment"
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class CountingConnection(models.Model):
    """A connection that counts today, by the rule of its kind."""

    person_id = models.UUIDField(null=True)
    other_person_id = models.UUIDField(null=True)
    organisation_id = models.UUIDField(null=True)
    other_organisation_id = models.UUIDField(null=True)
    organisation_name = models.CharField(max_length=200)

    class Meta:
        managed = False
        db_table = "evaluation_counting_connection"
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.pk)


class Connected(models.Model):
    """One person, one organisation they may not judge because of a connection, and which one."""

    pk = models.CompositePrimaryKey("user_id", "organisation_id", "connection_id")
    user_id = models.UUIDField()
    organisation_id = models.UUIDField()
    connection_id = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "evaluation_connected"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user_id} – {self.organisation_id}"


class _Review(models.Model):
    """One expert, one declaration, and their sheet on an earlier one of the same organisation.

    The organisation is the applicant or a joint applicant of both; earlier is a sheet that was in
    before the case of the later declaration was opened.
    """

    pk = models.CompositePrimaryKey("user_id", "declaration_id", "sheet_id")
    user_id = models.UUIDField()
    declaration_id = models.UUIDField()
    case_id = models.UUIDField()
    sheet_id = models.UUIDField()

    class Meta:
        abstract = True
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user_id} – {self.declaration_id}"


class EarlierReview(_Review):
    """All of them, within the years the rule looks back, whether they bar or not.

    again: the later declaration was begun as a copy of the earlier one. jointly: they have an
    organisation in common that is a joint applicant of one of them.
    """

    earlier_id = models.UUIDField()  # the declaration
    judged_on = models.DateField()
    again = models.BooleanField()
    jointly = models.BooleanField()

    class Meta(_Review.Meta):
        managed = False
        db_table = "evaluation_earlier_review"


class BarringReview(_Review):
    """Those that bar, by the rule of today: none where the rule does not bar."""

    class Meta(_Review.Meta):
        managed = False
        db_table = "evaluation_barring_review"


class LateBar(_Review):
    """One expert, one declaration, and the sheet that was excluded on another of the organisation.

    For a conflict found late. The organisation is the applicant or a joint applicant of both; the
    declarations are not among them of which a sheet of the same expert was excluded. By the rule
    of today.
    """

    earlier_id = models.UUIDField()  # the declaration of the sheet
    found_on = models.DateField()
    # They have an organisation in common that is a joint applicant of one of them.
    jointly = models.BooleanField()

    class Meta(_Review.Meta):
        managed = False
        db_table = "evaluation_late_bar"
