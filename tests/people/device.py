"""A device that holds passkeys, for tests without a browser: it signs as WebAuthn says, or wrongly where a test wants that."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, encode_cbor

PRESENT, VERIFIED, MAY_SYNC, SYNCED, NEW_KEY = 0x01, 0x04, 0x08, 0x10, 0x40
OWNER_KNOWN = PRESENT | VERIFIED


@dataclass
class Device:
    """One key at one address. `counts`: it counts its signatures; `flags`: what it says it asked of its owner."""

    origin: str = "https://contigo.example"
    host: str = "contigo.example"
    flags: int = OWNER_KNOWN
    counts: bool = True
    count: int = 0
    handle: str = ""
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def makes(self, options: str, **other: Any) -> str:
        """Its answer to `navigator.credentials.create`."""
        asked = json.loads(options)
        self.handle = asked["user"]["id"]
        told = self._told("webauthn.create", asked["challenge"], **other)
        attested = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + self._public()
        data = self._data(self.flags | NEW_KEY) + attested
        attestation = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        return self._sent({"clientDataJSON": told, "attestationObject": attestation})

    def signs(self, options: str, *, handle: str | None = None, **other: Any) -> str:
        """Its answer to `navigator.credentials.get`."""
        told = self._told("webauthn.get", json.loads(options)["challenge"], **other)
        self.count += self.counts
        data = self._data(self.flags)
        signature = self.key.sign(data + hashlib.sha256(told).digest(), ec.ECDSA(SHA256()))
        parts = {"clientDataJSON": told, "authenticatorData": data, "signature": signature}
        return self._sent(parts, self.handle if handle is None else handle)

    def _told(self, kind: str, challenge: str, **other: Any) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, **other}).encode()

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _public(self) -> bytes:
        point = self.key.public_key().public_numbers()
        return encode_cbor({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")})

    def _sent(self, parts: dict[str, bytes], handle: str = "") -> str:
        response = {name: bytes_to_base64url(value) for name, value in parts.items()}
        if handle:
            response["userHandle"] = bytes_to_base64url(base64url_to_bytes(handle))
        name = bytes_to_base64url(self.credential_id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
