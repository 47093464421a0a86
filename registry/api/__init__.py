"""The API: uploads, requests for access, grants."""
