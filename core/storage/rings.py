"""Keys of the store as a process holds them: all that the store key makes, or the ring of a role, for its zones alone.

A zone into which somebody may put what they must not read is one-way: data keys are wrapped there for a public key, by
HPKE (RFC 9180, base mode: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM), and only its private half opens them.
"""

import hashlib
import hmac
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from core.sealing import Unopened, seal, unseal
from core.storage.roles import May, Role, may
from core.storage.zones import Zone

ONE_WAY: Final = frozenset(
    zone for zone in Zone if any(may(role, zone, May.PUT) and not may(role, zone, May.READ) for role in Role)
)
HPKE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
#: How a ring begins where it is written; the whole key is 64 hexadecimal digits.
MARK: Final = "ring1."
Keys = Mapping[Zone, bytes]


class Lacking(Exception):
    """This ring has not the key that would be needed."""


@dataclass(frozen=True)
class Ring:
    """What one store key, which `name` names, gives to one role.

    `zones`: keys of zones that it reads. `public` and `private`: of one-way zones that it puts into and reads.
    `lent`: the key that a server is lent which encrypts by itself (SSE-C).
    """

    name: str
    zones: Keys
    public: Keys
    private: Keys
    lent: bytes = b""

    def id_of(self, zone: Zone) -> str:
        """Names the key under which data keys of this zone are wrapped today; raises Lacking."""
        if zone not in ONE_WAY:
            return self.name
        return _name(b"2", self._held(self.public, zone))

    def wrap(self, zone: Zone, pk: UUID, data_key: bytes) -> bytes:
        """The data key of an object, for whoever may read the zone; raises Lacking."""
        if zone not in ONE_WAY:
            return seal(self._held(self.zones, zone), data_key, pk.bytes)
        return HPKE.encrypt(data_key, X25519PublicKey.from_public_bytes(self._held(self.public, zone)), _info(zone, pk))

    def unwrap(self, zone: Zone, pk: UUID, wrapped: bytes, key_id: str) -> bytes:
        """The data key of an object; raises Lacking, and Unopened where it was wrapped otherwise than its row says."""
        if key_id == self.name:  # also what lies in a one-way zone from before it was one
            return unseal(self._held(self.zones, zone), wrapped, pk.bytes)
        if zone not in ONE_WAY or key_id != self.id_of(zone):
            raise Lacking
        private = X25519PrivateKey.from_private_bytes(self._held(self.private, zone))
        try:
            return HPKE.decrypt(wrapped, private, _info(zone, pk))
        except (InvalidTag, ValueError):
            raise Unopened("this does not open under this key") from None

    def serves(self, role: Role) -> bool:
        """Whether a process of this role finds every key that it needs."""
        need = ring_of(b"\0" * 32, role)
        return set(need.zones) <= set(self.zones) and all(
            set(theirs) <= set(mine) for theirs, mine in ((need.public, self.public), (need.private, self.private))
        )

    def written(self) -> str:
        """The ring as one word, for a process's environment."""
        body = {
            "name": self.name,
            "zones": _written(self.zones),
            "public": _written(self.public),
            "private": _written(self.private),
            "lent": self.lent.hex(),
        }
        return MARK + urlsafe_b64encode(json.dumps(body, separators=(",", ":")).encode()).decode()

    @staticmethod
    def _held(keys: Keys, zone: Zone) -> bytes:
        try:
            return keys[zone]
        except KeyError:
            raise Lacking from None


def ring_of(store_key: bytes, role: Role, *, lends: bool = False) -> Ring:
    """What a process of this role gets of the store key: of each zone what the table of roles lets it do there."""
    reads = [zone for zone in Zone if may(role, zone, May.READ)]
    one_way = [zone for zone in ONE_WAY if may(role, zone, May.READ) or may(role, zone, May.PUT)]
    return Ring(
        name=_name(b"1", store_key),
        zones={zone: _zone_key(store_key, zone) for zone in reads},
        public={zone: _private(store_key, zone).public_key().public_bytes_raw() for zone in one_way},
        private={zone: _private(store_key, zone).private_bytes_raw() for zone in one_way if zone in reads},
        lent=hmac.digest(store_key, b"donara.sse-c.1", "sha256") if lends else b"",
    )


def for_role(key: str, role: Role, encryption: str) -> str:
    """What a process of this role is given of a whole store key, as a word; the key that a server is lent goes with it
    where the server encrypts by SSE-C."""
    return ring_of(bytes.fromhex(key), role, lends=encryption == "sse-c").written()


@lru_cache(maxsize=32)
def read_ring(text: str) -> Ring:
    """The whole key's ring, or the one that is written there; raises ValueError where it is neither."""
    if is_whole(text):
        return ring_of(bytes.fromhex(text), Role.ALL, lends=True)
    if not text.startswith(MARK):
        raise ValueError("neither a key nor a ring")
    try:
        body = json.loads(urlsafe_b64decode(text.removeprefix(MARK).encode()))
        parts = {part: _read(body[part]) for part in ("zones", "public", "private")}
        return Ring(name=str(body["name"]), **parts, lent=bytes.fromhex(body["lent"]))
    except (KeyError, TypeError, AttributeError):
        raise ValueError("not a whole ring") from None


def is_whole(text: str) -> bool:
    """Whether this is a store key itself and no ring."""
    return re.fullmatch("[0-9a-fA-F]{64}", text) is not None


def _read(keys: dict[str, str]) -> Keys:
    found = {Zone(zone): bytes.fromhex(key) for zone, key in keys.items()}
    if any(len(key) != 32 for key in found.values()):
        raise ValueError("a key of the wrong length")
    return found


def _written(keys: Keys) -> dict[str, str]:
    return {zone.value: key.hex() for zone, key in sorted(keys.items())}


def _name(sort: bytes, key: bytes) -> str:
    """Names a key without saying anything of it."""
    return hashlib.sha256(b"donara.store-key-id." + sort + key).hexdigest()[:16]


def _zone_key(store_key: bytes, zone: Zone) -> bytes:
    return hmac.digest(store_key, f"donara.zone-key.1\0{zone}".encode(), "sha256")


def _private(store_key: bytes, zone: Zone) -> X25519PrivateKey:
    seed = hmac.digest(store_key, f"donara.zone-pair.1\0{zone}".encode(), "sha256")
    return X25519PrivateKey.from_private_bytes(seed)


def _info(zone: Zone, pk: UUID) -> bytes:
    """What a wrapped key is bound to."""
    return f"donara.data-key.1\0{zone}\0".encode() + pk.bytes
