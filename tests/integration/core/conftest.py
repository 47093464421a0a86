"""What one sort of server alone does is tested where the environment names it; the gate runs once with each."""

from django.conf import settings
from django.db import connection

collect_ignore = []
if settings.OBJECT_STORE["kind"] != "s3":
    collect_ignore += ["test_s3_server.py", "test_s3_users.py"]
collect_ignore.append("test_sqlite.py" if connection.vendor == "postgresql" else "test_postgresql.py")
