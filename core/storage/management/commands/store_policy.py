"""`manage.py store_policy --web ARN --worker ARN [--apply]`: each bucket's policy, printed, or given to the server."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.storage.policy import bucket_policy
from core.storage.roles import Role
from core.storage.s3 import S3Store
from core.storage.store import plain_store
from core.storage.zones import Zone


class Command(BaseCommand):
    help = "Prints what each bucket must allow the web process and the workers, and nobody else; for S3 stores."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--web", required=True, help="the web process's user: arn:aws:iam:::user/donara-web")
        parser.add_argument("--worker", required=True, help="the workers' user")
        parser.add_argument("--apply", action="store_true", help="make the buckets and give them their policies")

    def handle(self, *args: Any, web: str, worker: str, apply: bool = False, **options: Any) -> None:
        chosen = plain_store()
        if not isinstance(chosen, S3Store):
            raise CommandError("The store is a folder, which has no users. Set DONARA_STORE to s3: first.")
        if apply:
            chosen.probe()
        users = {Role.WEB: web, Role.WORKER: worker}
        policies = {chosen.bucket(zone): bucket_policy(chosen.bucket(zone), zone, users) for zone in Zone}
        for bucket, policy in policies.items():
            if apply:
                chosen.client.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))
        self.stdout.write(json.dumps(policies, indent=2))
