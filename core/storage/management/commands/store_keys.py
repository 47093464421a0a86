"""`manage.py store_keys --for ROLE`: the store keys of one role of process, as lines for its environment."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.storage.rings import for_role, is_whole
from core.storage.roles import Role


class Command(BaseCommand):
    help = "Prints what DONARA_STORE_KEY, and DONARA_STORE_KEYS_OLD, are to be for the processes of one role."

    def add_arguments(self, parser: CommandParser) -> None:
        roles = [role.value for role in Role if role is not Role.ALL]
        parser.add_argument("--for", required=True, choices=roles, dest="role", help="what the process is")

    def handle(self, *args: Any, role: str, **options: Any) -> None:
        if not all(is_whole(each) for each in (settings.STORE_KEY, *settings.STORE_KEYS_OLD)):
            raise CommandError("The keys of a role are made of the whole store key; this is a role's already.")
        today, *old = (self._ring(each, Role(role)) for each in (settings.STORE_KEY, *settings.STORE_KEYS_OLD))
        self.stdout.write(f"DONARA_STORE_KEY={today}")
        if old:
            self.stdout.write(f"DONARA_STORE_KEYS_OLD={','.join(old)}")

    def _ring(self, store_key: str, role: Role) -> str:
        return for_role(store_key, role, settings.OBJECT_STORE.get("encryption", ""))
