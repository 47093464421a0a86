"""Tests that need a real server are collected only where the environment names one; the second run of the gate does."""

from django.conf import settings
from django.db import connection

collect_ignore = []
if settings.OBJECT_STORE["kind"] != "s3":
    collect_ignore.append("test_s3_server.py")
if connection.vendor != "postgresql":
    collect_ignore.append("test_postgresql.py")
