"""Answers what units ask: returned notifications, receipts that never came, consistency proofs."""

from collections.abc import Callable, Sequence

from hub.log.journal import Journal
from hub.log.receipts import Receipts
from hub.log.tree import Tree
from hub.messages.postbox import Postbox
from intake.errors import ProofError, UnknownKeyError, WrongOfficeError, WrongTopicError
from intake.event.admission import DeviceKey
from intake.event.downward import DownwardKind
from intake.event.upward import (
    Answer,
    Ask,
    AskKind,
    decode_hashes,
    decode_sizes,
    encode_answer,
    encode_hashes,
    read_ask,
    verify_ask,
)
from intake.office import decision
from intake.office.decision import Decision

ONE_ANSWER = 256 * 1024


class Answers:
    """Believes a question only when the unit named by its topic signed it."""

    def __init__(
        self,
        office: str,
        *,
        key_of: Callable[[bytes], DeviceKey | None],
        journal: Journal,
        receipts: Receipts,
        postbox: Postbox,
        returned: Callable[[str], Sequence[Decision]],
    ) -> None:
        self._office = office
        self._key_of = key_of
        self._journal = journal
        self._receipts = receipts
        self._postbox = postbox
        self._returned = returned

    def answer(self, device: str, payload: bytes) -> None:
        """Answer one question; a DecodeError or VerificationError when it is not believed."""
        ask = self._believed(device, payload)
        match ask.kind:
            case AskKind.RETURNED:
                self._answer_returned(device, ask)
            case AskKind.RECEIPTS:
                self._answer_receipts(device, ask)
            case AskKind.CONSISTENCY:
                self._answer_consistency(device, ask)

    def _believed(self, device: str, payload: bytes) -> Ask:
        signed = read_ask(payload)
        key = self._key_of(signed.kid)
        if key is None or key.revoked:
            raise UnknownKeyError("the question is not signed by a unit of this office")
        ask = verify_ask(signed, key.public)
        if ask.office != self._office:
            raise WrongOfficeError("the question is for another office")
        if not ask.device == key.device == device:
            raise WrongTopicError("the question came on another unit's topic")
        return ask

    def _answer_returned(self, device: str, ask: Ask) -> None:
        """Every notification that waits to be amended, in as many answers as they need."""
        groups: list[list[Decision]] = [[]]
        size = 0
        for item in self._returned(device):
            length = len(decision.encode(item))
            full = size + length > ONE_ANSWER or len(groups[-1]) == decision.MAX_LIST
            if groups[-1] and full:
                groups.append([])
                size = 0
            groups[-1].append(item)
            size += length
        for number, group in enumerate(groups, start=1):
            body = decision.encode_list(group)
            self._reply(device, ask, body, more=number < len(groups))

    def _answer_receipts(self, device: str, ask: Ask) -> None:
        """A receipt for each identity the hub has seen; silence about the others: send again."""
        with self._journal.database.reading() as session:
            for identity in decode_hashes(ask.body):
                receipt = self._receipts.known(session, self._journal, identity)
                if receipt is not None:
                    self._postbox.receipt(device, receipt)

    def _answer_consistency(self, device: str, ask: Ask) -> None:
        old, new = decode_sizes(ask.body)
        with self._journal.database.reading() as session:
            tree = Tree(session)
            if new > tree.size():
                raise ProofError("the question is about a log longer than this one")
            proof = tree.consistency(old, new)
        self._reply(device, ask, encode_hashes(proof))

    def _reply(self, device: str, ask: Ask, body: bytes, *, more: bool = False) -> None:
        answer = Answer(ask.ask_id, ask.kind, body, more)
        self._postbox.send(device, DownwardKind.ANSWER, encode_answer(answer))
