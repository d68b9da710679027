"""The stages of the pipeline over HTTP."""

from core.rest.serializers import TenantSerializer
from core.rest.viewsets import TenantViewSet, verb
from partnerships.actions.stages import add_stage, archive_stage, edit_stage, restore_stage
from partnerships.models import OpportunityStage
from partnerships.queries.stages import visible_stages


class PipelineStageSerializer(TenantSerializer):
    class Meta:
        model = OpportunityStage
        fields = [
            "id",
            "version",
            "name",
            "meaning",
            "position",
            "probability",
            "expected_days",
            "exit_criteria",
            "archived_at",
            "created_at",
            "updated_at",
        ]
        read_only_fields = ["position", "archived_at"]
        extra_kwargs = {
            "name": {"max_length": 60},
            "meaning": {"help_text": "What figures count by. It is fixed once an opportunity has been in the stage."},
            "probability": {"help_text": "In percent, for weighted values."},
            "expected_days": {"help_text": "Longer than this counts as aged; null: no limit."},
        }


class StageViewSet(TenantViewSet):
    """The stages of the office's pipeline in their order, archived ones too."""

    serializer_class = PipelineStageSerializer
    reads = staticmethod(visible_stages)
    writes = {"create": add_stage, "update": edit_stage}
    subject = "stage"
    sorting = {"position": "position", "name": "name", "created_at": "created_at"}
    singular, plural = "pipeline stage", "pipeline stages"
    archive = verb(
        archive_stage,
        subject="stage",
        summary="Archive a pipeline stage",
        description="Opportunities in it stay there. One open, one won and one lost stage always remain.",
    )
    restore = verb(restore_stage, subject="stage", summary="Take an archived pipeline stage into use again")
