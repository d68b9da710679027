"""Importing projects with the organizations that take part in them."""

from partnerships.actions.imports.projects import import_projects

__all__ = ["import_projects"]
