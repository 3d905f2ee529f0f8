"""The table of what staff said of answers from the precedents."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from hub.storage.base import Base, Code, Counter, TimeUs


class PrecedentVerdict(Base):
    """Whether one answer helped. The question is there only when who asked agreed to it."""

    __tablename__ = "precedent_verdict"
    number: Mapped[Counter] = mapped_column(primary_key=True, autoincrement=True)
    login: Mapped[Code]
    given_us: Mapped[TimeUs]
    law_id: Mapped[Code]
    num: Mapped[Code]
    place: Mapped[int]
    helped: Mapped[bool]
    as_of: Mapped[str] = mapped_column(String(10))
    generation: Mapped[int]
    question: Mapped[str | None]
    log_index: Mapped[Counter]
