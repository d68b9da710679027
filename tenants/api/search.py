"""Search over the API: the same rows as on the page of results."""

from rest_framework import serializers

from core.rest.reports import ReportViewSet
from core.search.words import LONGEST_QUESTION
from tenants.queries.search import search_listing


class SearchInput(serializers.Serializer):
    q = serializers.CharField(default="", allow_blank=True, max_length=LONGEST_QUESTION)
    kind = serializers.SlugField(default="", max_length=30)


class FoundSerializer(serializers.Serializer):
    kind = serializers.CharField(help_text="The kind's code, such as partners, people, projects or interactions.")
    id = serializers.IntegerField()
    title = serializers.CharField()
    about = serializers.CharField(help_text="What tells it from its namesakes.")
    matched_in = serializers.CharField(help_text="name, alias, identifier, note … or similar for a misspelled name.")
    excerpt = serializers.CharField(help_text="The text that matched, where it is not the title.")
    url = serializers.CharField()


class SearchViewSet(ReportViewSet):
    """What matches all words of ``q``, by kind, best first; at most 50 of each kind. ``kind``: only this one."""

    reads = staticmethod(search_listing)
    serializer_class = FoundSerializer
    summary = "Search the office"
    inputs = SearchInput
    many = True
