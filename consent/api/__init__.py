"""The API: one's own consents."""
