"""The audit trail and its seals. No foreign keys: an entry outlives whatever it speaks of."""

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Model, UTCDateTime

# One encoder for all: json.dumps would make a new one for each entry.
canonical = json.JSONEncoder(sort_keys=True, ensure_ascii=False).encode


class AuditEntry(Model):
    """One thing somebody did. Ids, never names: a person who is erased must not live on in here."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_about", "about_kind", "about_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    action: Mapped[str] = mapped_column(String(60))
    by_id: Mapped[int | None]  # the person who acted; None when the product did by itself
    about_kind: Mapped[str] = mapped_column(String(40))
    about_id: Mapped[int | None]
    person_id: Mapped[int | None] = mapped_column(index=True)  # whom it concerns
    reason: Mapped[str | None] = mapped_column(String(500))
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    def digest(self, previous: str, sequence: int) -> str:
        """The seal of this entry at its place in the chain (SHA-256 over canonical JSON), as hex."""
        content = [
            previous,
            sequence,
            self.id,
            self.at.isoformat(),
            self.action,
            self.by_id,
            self.about_kind,
            self.about_id,
            self.person_id,
            self.reason,
            self.details,
        ]
        return hashlib.sha256(canonical(content).encode()).hexdigest()


class AuditSeal(Model):
    """One link of the chain: covers its entry and, through the hash before it, everything earlier."""

    __tablename__ = "audit_seal"

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(unique=True)
    hash: Mapped[str] = mapped_column(String(64))
