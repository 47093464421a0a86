"""In which of its languages a form is shown: the one asked for, else the reader's, else the one it was written in."""

from django.http import HttpRequest
from django.utils.translation import get_language, get_language_info

from consent.models import FormVersion
from consent.rules.form_content import FormContent, in_language, languages_of, parse_content

KEY = "form_language"


def language_of(request: HttpRequest, version: FormVersion) -> str:
    """The language of the form on this page; `?language=` asks for one, which then holds for the visit."""
    offered = languages_of(version.content)
    asked = request.GET.get("language", "")
    if asked in offered:
        request.session[KEY] = asked
    wanted = (request.session.get(KEY, ""), get_language() or "", (get_language() or "").partition("-")[0])
    return next((language for language in wanted if language in offered), offered[0])


def content_of(request: HttpRequest, version: FormVersion) -> FormContent:
    """The form as it is shown on this page."""
    return parse_content(in_language(version.content, language_of(request, version)))


def choose_from(request: HttpRequest, version: FormVersion) -> list[dict[str, object]]:
    """The form's languages by their own names, to choose from; none where there is only one."""
    now, offered = language_of(request, version), languages_of(version.content)
    return [{"code": code, "name": name_of(code), "now": code == now} for code in offered] if len(offered) > 1 else []


def name_of(code: str) -> str:
    """A language by its own name."""
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return code
