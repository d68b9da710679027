"""A report declares what it reads and nothing else; a mistake is an error when the class is made."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from rest_framework import serializers

from core.rest.reports import ReportViewSet
from reporting.queries.projects import project_summary

WHOLE = {"reads": staticmethod(project_summary), "serializer_class": serializers.Serializer, "summary": "A report"}


def test_a_whole_declaration():
    report = type("Report", (ReportViewSet,), WHOLE)
    assert report.list
    assert not hasattr(report, "create")


@pytest.mark.parametrize("name", WHOLE)
def test_a_part_is_missing(name):
    with pytest.raises(ImproperlyConfigured, match=f"must declare {name}"):
        type("Report", (ReportViewSet,), {key: value for key, value in WHOLE.items() if key != name})


def test_what_it_reads_must_be_marked():
    with pytest.raises(ImproperlyConfigured, match="marked with @visible"):
        type("Report", (ReportViewSet,), WHOLE | {"reads": staticmethod(lambda actor: None)})


@pytest.mark.parametrize("name", ["permission_classes", "authentication_classes", "list", "create", "get_queryset"])
def test_nothing_else_may_be_defined(name):
    with pytest.raises(ImproperlyConfigured, match=f"may not define {name}"):
        type("Report", (ReportViewSet,), WHOLE | {name: []})
