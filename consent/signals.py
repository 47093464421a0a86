"""What consent tells the apps above it, inside the transaction of the act."""

from django.dispatch import Signal

#: A donor has withdrawn. Sent with `donor_id`, `programme_id` and `withdrawal_id`; an error in a receiver undoes it.
withdrawn = Signal()

#: A donor wants no contact, or nothing new, any more. Sent with `donor_id`, `programme_id`, `kind`, `withdrawal_id`.
limited = Signal()

#: A donor has changed what their data may be used for. Sent with `donor_id` and `programme_id`.
changed = Signal()
