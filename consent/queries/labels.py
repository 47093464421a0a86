"""The labels of the codes that a consent may use, so that they are found when texts are gathered for translation."""

from typing import Final

from django.utils.translation import gettext_noop

#: As consent/rules/data has them; a test compares the two.
TERM_LABELS: Final = (
    gettext_noop("no restriction"),
    gettext_noop("health or medical or biomedical research"),
    gettext_noop("disease specific research"),
    gettext_noop("population origins or ancestry research only"),
    gettext_noop("research specific restrictions"),
    gettext_noop("no general methods research"),
    gettext_noop("genetic studies only"),
    gettext_noop("not for profit, non commercial use only"),
    gettext_noop("publication required"),
    gettext_noop("collaboration required"),
    gettext_noop("ethics approval required"),
    gettext_noop("geographical restriction"),
    gettext_noop("publication moratorium"),
    gettext_noop("time limit on use"),
    gettext_noop("user specific restriction"),
    gettext_noop("project specific restriction"),
    gettext_noop("institution specific restriction"),
    gettext_noop("return to database or resource"),
    gettext_noop("general research use"),
    gettext_noop("clinical care use"),
    gettext_noop("population origins or ancestry research prohibited"),
    gettext_noop("not for profit organisation use only"),
    gettext_noop("non-commercial use only"),
    gettext_noop("no training of models"),
    gettext_noop("no sharing of trained weights"),
    gettext_noop("no commercial model"),
    gettext_noop("no re-identification attempt"),
)
