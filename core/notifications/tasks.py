"""Registers the sending of e-mails as due work."""

from core.due.kinds import kind
from core.notifications import work

EMAIL = kind("notifications.email", work.email)
