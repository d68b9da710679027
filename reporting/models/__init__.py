from reporting.models.targets import Target

__all__ = ["Target"]
