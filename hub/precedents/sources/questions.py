"""An office's questions and answers as a spreadsheet writes them: CSV with a heading row."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Final

from hub.precedents.article import Article, Kind, Paragraph, Revision
from hub.precedents.errors import SourceError
from hub.precedents.sources.office_text import decoded, office_text

MOST_ENTRIES: Final = 100_000
_COLUMNS: Final = {
    "質問": "question",
    "問": "question",
    "回答": "answer",
    "答": "answer",
    "発行者": "issuer",
}


def read_questions(name: str, octets: bytes) -> Revision:
    """A CSV with a heading row that has question and answer (質問, 回答); one entry a row.

    A column issuer (発行者) tells files of one name apart: the same in every row, or left empty.
    """
    rows = csv.DictReader(io.StringIO(decoded(name, octets)), strict=True)
    issuers = dict[str, None]()
    try:
        headings = {
            _COLUMNS.get(given.strip(), given.strip()): given for given in rows.fieldnames or ()
        }
        if not {"question", "answer"} <= set(headings):
            raise SourceError(f"{name}: the first row must name the columns question and answer")
        entries = tuple(_answers(rows, headings, issuers))
    except csv.Error as error:
        raise SourceError(f"{name}: is broken CSV in line {rows.line_num}: {error}") from error
    if len(issuers) > 1:
        raise SourceError(
            f"{name}: the column issuer names {' and '.join(list(issuers)[:2])};"
            " make one file for each issuer"
        )
    return office_text(name, {"issuer": "".join(issuers)}, entries, Kind.QUESTIONS)


def _answers(
    rows: "csv.DictReader[str]", headings: Mapping[str, str], issuers: dict[str, None]
) -> Iterator[Article]:
    """The entries; whoever their rows name as issuer is put into `issuers`."""
    for place, row in enumerate(rows, 1):
        said = {key: (row.get(given) or "").strip() for key, given in headings.items()}
        if place > MOST_ENTRIES:
            raise csv.Error(f"more than {MOST_ENTRIES} rows")
        if said["question"] and said["answer"]:
            path = (said["chapter"],) if said.get("chapter") else ()
            answer = (Paragraph("1", said["answer"]),)
            yield Article(str(place), f"問{place}", said["question"], path, answer)
            if said.get("issuer"):
                issuers[said["issuer"]] = None
