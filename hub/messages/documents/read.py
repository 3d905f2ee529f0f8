"""One document, whatever it is: the beginning of its bytes says which reader takes it."""

from hub.messages.documents import docx, pdf
from hub.messages.documents.limits import FILE_BYTES
from hub.messages.documents.part import Part, failed
from hub.messages.documents.result import ReadError


def read(data: bytes, password: str, asked: range) -> Part:
    """The pages `asked` (from 0); a Word document is one page. To be called in the sandbox."""
    if len(data) > FILE_BYTES:
        return failed(ReadError.TOO_LARGE)
    if docx.is_docx(data) and b"%PDF-" not in data[:1024]:
        return docx.read(data) if asked.start == 0 else Part(count=1)
    return pdf.read(data, password, asked)
