"""E-mails that wait to be sent: a mail server that is away costs time, and no page waits for it."""
