"""Token authentication for the API: the middleware has proved the token, this tells REST framework."""

from rest_framework.authentication import BaseAuthentication


class TokenAuthentication(BaseAuthentication):
    """``request.actor`` of a bearer token. Requests without one fall to the session, which checks CSRF."""

    def authenticate(self, request):
        inner = request._request
        if not getattr(inner, "by_token", False) or inner.actor is None:
            return None
        return TokenUser(inner.actor.user_id), None

    def authenticate_header(self, request) -> str:
        return "Bearer"


class TokenUser:
    """The least that REST framework wants of a user; what may be done is the actor's matter."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, pk: int):
        self.pk = self.id = pk
