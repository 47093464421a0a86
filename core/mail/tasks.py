"""Registers the sending of e-mails as due work."""

from core.due.kinds import kind
from core.mail import work

SEND = kind("mail.send", work.send)
