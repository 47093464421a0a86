"""Consent's pages: a programme's start, the way to signing, receipts, choices, withdrawal, and the stewards' forms."""
