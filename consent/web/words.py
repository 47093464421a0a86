"""Consent's codes in words."""

from django.utils.translation import gettext_lazy as _

from core.accounts.checks import IdentityCheck

CHECK_WORDS = {
    IdentityCheck.SELF_DECLARED: _("They said who they are"),
    IdentityCheck.EMAIL_CONFIRMED: _("They confirmed their e-mail address"),
    IdentityCheck.SITE_IN_PERSON: _("A member of staff looked at their passport or identity card"),
    IdentityCheck.ELECTRONIC_ID: _("An electronic identity card or signature was checked"),
}
#: The same, said to the donor.
MY_CHECK_WORDS = {
    IdentityCheck.SELF_DECLARED: _("You told us who you are"),
    IdentityCheck.EMAIL_CONFIRMED: _("You confirmed your e-mail address"),
    IdentityCheck.SITE_IN_PERSON: _("A member of staff looked at your passport or identity card"),
    IdentityCheck.ELECTRONIC_ID: _("Your electronic identity card or signature was checked"),
}
