"""`manage.py store_policy --web ARN --cleaner ARN --runner ARN [--apply]`: each bucket's policy, printed, or given."""

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
        parser.add_argument("--cleaner", help="the user of workers that clean (DONARA_ROLE=cleaner)")
        parser.add_argument("--runner", help="the user of workers that run jobs (DONARA_ROLE=runner)")
        parser.add_argument("--worker", help="the user of workers that do both, in place of those two")
        parser.add_argument("--apply", action="store_true", help="make the buckets and give them their policies")

    def handle(self, *args: Any, apply: bool = False, **options: Any) -> None:
        chosen = plain_store()
        if not isinstance(chosen, S3Store):
            raise CommandError("The store is a folder, which has no users. Set DONARA_STORE to s3: first.")
        users = {role: options[role] for role in Role if options.get(role)}
        if Role.WORKER not in users and not {Role.CLEANER, Role.RUNNER} <= set(users):
            raise CommandError("Name the users of both kinds of workers (--cleaner and --runner), or one --worker.")
        if apply:
            chosen.probe()
        policies = {chosen.bucket(zone): bucket_policy(chosen.bucket(zone), zone, users) for zone in Zone}
        for bucket, policy in policies.items():
            if apply:
                chosen.client.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))
        self.stdout.write(json.dumps(policies, indent=2))
