"""Merkle trees over a log that only grows (RFC 6962, section 2.1), and signed heads. Plain Python, no Django."""
