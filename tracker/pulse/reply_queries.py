"""Comments with what was said about them since: for who answers, and for whoever wrote one and holds its code."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import joinedload

from tracker.core.audience import Viewer
from tracker.core.db import db
from tracker.pulse.answering import reply_hash
from tracker.pulse.bank import Item, item_from
from tracker.pulse.models import PulseComment, PulseNode, PulseReply, PulseRound
from tracker.pulse.policy import comments_seen_by, rounds_read_by

LONGEST_CODE = 80
Comments = Select[PulseComment]


@dataclass(frozen=True)
class Turn:
    """by: the name of who answered, None where that person is gone. is_writers: of whoever wrote the comment."""

    text: str
    is_writers: bool
    by: str | None
    is_delivered: bool


@dataclass(frozen=True)
class Conversation:
    """A comment and its turns, oldest first. key: its random key as it stands in addresses of staff's pages."""

    comment: PulseComment
    item: Item
    month: date
    group: str
    turns: Sequence[Turn]

    @property
    def key(self) -> str:
        return self.comment.k.hex()

    @property
    def waits(self) -> bool:
        """Whether the writer has had the last word."""
        return bool(self.turns) and self.turns[-1].is_writers

    @property
    def can_be_answered(self) -> bool:
        return self.comment.reply_hash is not None


def conversations(comments: Sequence[PulseComment], *, with_own: bool = False) -> list[Conversation]:
    """In the order given. with_own: also what its writer has added that is not delivered yet. Four queries."""
    keys = [comment.k for comment in comments]
    turns = _turns(keys, with_own=with_own)
    round_ids, node_ids = {comment.round_id for comment in comments}, {comment.node_id for comment in comments}
    rounds = {one.id: one for one in db.session.scalars(select(PulseRound).where(PulseRound.id.in_(round_ids)))}
    names = dict(db.session.execute(select(PulseNode.id, PulseNode.name).where(PulseNode.id.in_(node_ids))).all())
    return [
        Conversation(
            comment,
            _item(rounds[comment.round_id], comment.item),
            rounds[comment.round_id].month,
            names[comment.node_id],
            turns[comment.k],
        )
        for comment in comments
    ]


def _turns(keys: Iterable[bytes], *, with_own: bool) -> dict[bytes, list[Turn]]:
    found: dict[bytes, list[Turn]] = defaultdict(list)
    replies = select(PulseReply).where(PulseReply.comment_k.in_(list(keys))).options(joinedload(PulseReply.by))
    if not with_own:
        replies = replies.where(PulseReply.is_delivered.is_(True))
    for reply in db.session.scalars(replies.order_by(PulseReply.comment_k, PulseReply.number)):
        name = reply.by.name if reply.by else None
        found[reply.comment_k].append(Turn(reply.text, reply.is_writers, name, reply.is_delivered))
    return found


def _item(pulse_round: PulseRound, key: str) -> Item:
    return next((item_from(stored) for stored in pulse_round.items if stored["key"] == key), Item(key, {"en": key}))


def rounds_with_comments(viewer: Viewer) -> list[PulseRound]:
    """Newest first."""
    said = comments_seen_by(viewer).with_only_columns(PulseComment.round_id).order_by(None)
    return list(db.session.scalars(rounds_read_by(viewer).where(PulseRound.id.in_(said))))


def written_back(comments: Select[PulseComment]) -> Select[PulseComment]:
    """Those of a scope whose writer has added something that is delivered."""
    added = exists(
        select(PulseReply.number).where(
            PulseReply.comment_k == PulseComment.k, PulseReply.is_writers.is_(True), PulseReply.is_delivered.is_(True)
        )
    )
    return comments.where(added)


def key_in_address(text: str) -> bytes:
    """Empty, which no comment has, for what is no key."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


def of_code(code: str) -> list[PulseComment]:
    """The comments that a writer's code opens, in all rounds that are closed; none for every other text."""
    if not 0 < len(code) <= LONGEST_CODE:
        return []
    closed = select(PulseRound).where(PulseRound.state == "closed")
    items = {stored["key"] for one in db.session.scalars(closed) for stored in one.items}
    hashes = [reply_hash(code, item) for item in sorted(items)]
    found = select(PulseComment).where(PulseComment.reply_hash.in_(hashes))
    return list(db.session.scalars(found.order_by(PulseComment.item, PulseComment.k)))
