"""Views of lists that people keep, who pinned them, and the record of what was taken out of lists."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantForeignKey, TenantModel
from core.versions import VersionedModel
from tenants.choices import ExportFormat, ViewVisibility
from tenants.models.fields import MemberForeignKey
from tenants.models.units import Unit


class SavedView(VersionedModel):
    """A named query of one list: filter, columns, sort, size and shape as they stand in its address.

    Private to its owner, or shared with the members of one unit, or with the office. The query is canonical
    (``core.views_of_lists``), so that equal views have equal texts.
    """

    list_code = models.CharField(_("list"), max_length=40)
    name = models.CharField(_("name"), max_length=80)
    query = models.CharField(_("query"), max_length=2000, blank=True)
    visibility = models.CharField(
        _("who sees it"), max_length=8, choices=ViewVisibility, default=ViewVisibility.PRIVATE
    )
    unit = TenantForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("team")
    )
    owner = MemberForeignKey(related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "owner", "list_code", "name"], name="tenants_savedview_name"),
            models.CheckConstraint(
                condition=models.Q(visibility="team", unit__isnull=False)
                | models.Q(visibility__in=["private", "office"], unit=None),
                name="tenants_savedview_visibility",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "list_code", "name"], name="tenants_savedview_list")]

    def __str__(self) -> str:
        return self.name


class ViewMark(TenantModel):
    """What a view is to one member: pinned to their rail, what they see first when they open the list, or both."""

    unaudited_because = "Pins are one person's own convenience and change nothing that anybody else sees."

    member = MemberForeignKey(related_name="+")
    view = TenantForeignKey(SavedView, on_delete=models.CASCADE, related_name="marks")
    list_code = models.CharField(max_length=40, editable=False)
    is_pinned = models.BooleanField(default=False)
    is_default = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "member", "view"], name="tenants_viewmark_once"),
            models.UniqueConstraint(
                fields=["tenant", "member", "list_code"],
                condition=models.Q(is_default=True),
                name="tenants_viewmark_default",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}, {self.view}"


class Export(TenantModel):
    """One file that somebody took out of a list: which rows of it, how many, and when."""

    append_only_because = "It says who took data out of the office: nobody may rewrite or remove that."

    member = MemberForeignKey(related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    list_code = models.CharField(_("list"), max_length=40)
    query = models.CharField(_("query"), max_length=2000, blank=True)
    file_format = models.CharField(_("format"), max_length=4, choices=ExportFormat)
    rows = models.PositiveIntegerField(_("rows"))
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(file_format__in=ExportFormat.values), name="tenants_export_file_format"
            )
        ]
        indexes = [models.Index(fields=["tenant", "at"], name="tenants_export_at")]

    def __str__(self) -> str:
        return f"{self.list_code}, {self.rows}"
