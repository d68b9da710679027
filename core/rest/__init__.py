"""The REST API's one shape: who may enter (access), sealed viewsets (viewsets), one form of errors (errors)."""
