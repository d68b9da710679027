"""Files in bodies and answers of the API."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from core.errors import InvalidInput
from tenants.actions.files import decoded_upload


class ContentInput(serializers.Serializer):
    """A small file in the body: ``name`` and ``content`` become ``file`` among the values."""

    name = serializers.CharField(required=False, max_length=200, help_text="With its ending, such as report.pdf.")
    content = serializers.CharField(
        required=False, max_length=1_400_000, trim_whitespace=False, help_text="In base64; at most 1 MB."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return with_upload(attrs)


def with_upload(values: dict[str, Any]) -> dict[str, Any]:
    """The values of a body with a ``file`` instead of its name and content, where it has any."""
    name, content = values.pop("name", ""), values.pop("content", "")
    if not content:
        if name:
            raise serializers.ValidationError({"content": [_("Give the content in base64.")]})
        return values
    try:
        return {**values, "file": decoded_upload(name, content)}
    except InvalidInput as wrong:
        raise serializers.ValidationError({wrong.field: [wrong.message]}) from None
