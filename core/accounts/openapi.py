"""How the OpenAPI document names the token (loaded by the accounts app, for drf-spectacular to find)."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # the library's hook is untyped
    """How the OpenAPI document names the token."""

    target_class = "core.accounts.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
