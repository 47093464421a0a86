"""What the registry tells the apps above it. A lost signal costs a sweep's interval, never correctness."""

from django.dispatch import Signal

#: A donation is complete. Sent with `donation_id` in the transaction that submits it.
donation_submitted = Signal()

#: A version takes no new use from now on. Sent with `version_id` and `reason` (a code) in the closing transaction.
version_closed = Signal()

#: Images, or a job's output, are out of reach since a report names them. Sent with `report_id`, in its transaction.
identity_reported = Signal()

#: A steward has decided on a report. Sent with `report_id` in the deciding transaction.
report_decided = Signal()
