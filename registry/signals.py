"""What the registry tells the apps above it. A lost signal costs a sweep's interval, never correctness."""

from django.dispatch import Signal

#: A donation is complete. Sent with `donation_id` in the transaction that submits it.
donation_submitted = Signal()

#: A version takes no new use from now on. Sent with `version_id` and `reason` (a code) in the closing transaction.
version_closed = Signal()
