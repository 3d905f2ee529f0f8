"""Word documents made to do harm: refused before anything of them is parsed."""

import io
import zipfile

import pytest

from hub.messages.documents.docx import read
from hub.messages.documents.result import ReadError, WarningCode

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
BODY = f"<w:document {WORD}><w:body><w:p><w:r><w:t>%s</w:t></w:r></w:p></w:body></w:document>"
ENTITIES = '<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]>'
OFFICE = "http://schemas.openxmlformats.org/"
PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{OFFICE}package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package'
        '.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{OFFICE}package/2006/relationships"><Relationship Id="r" '
        f'Type="{OFFICE}officeDocument/2006/relationships/officeDocument" '
        'Target="word/document.xml"/></Relationships>'
    ),
}


def word(body: bytes, **more: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in PARTS.items():
            archive.writestr(name, text)
        archive.writestr("word/document.xml", body)
        for name, text in more.items():
            archive.writestr(name, text)
    return data.getvalue()


def test_the_control_is_read():
    found = read(word((BODY % "あ").encode()))
    assert [line.text for line in found.pages[0].lines] == ["あ"]
    assert found.warnings == ()


@pytest.mark.parametrize("before", ["", "<!--" + "x" * 70_000 + "-->", " " * (1 << 20)])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_wherever_they_are_declared(before: str, encoding: str):
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    body = (head + before + ENTITIES + BODY % "&c;").encode(encoding)
    assert read(word(body)).error is ReadError.FORBIDDEN_CONTENT


@pytest.mark.parametrize("name", ["../x.xml", "..\\..\\x.xml", "/etc/x", "\\\\host\\x", "C:/x.xml"])
def test_a_name_that_leads_out_of_the_folder_is_refused(name: str):
    found = read(word((BODY % "あ").encode(), **{name: "x"}))
    assert found.error is ReadError.FORBIDDEN_CONTENT


def test_what_lies_elsewhere_is_said():
    relations = '<Relationship Target="http://192.0.2.1/x" TargetMode="External"/>'
    found = read(word((BODY % "あ").encode(), **{"word/_rels/document.xml.rels": relations}))
    assert [warning.code for warning in found.warnings] == [WarningCode.ACTIONS]


def test_blocks_beside_each_other_are_read_one_after_the_other():
    cell = "<w:tc>%s</w:tc>"
    lines = "<w:p><w:r><w:t>%s</w:t></w:r></w:p>"
    left, right = lines % "〒206-0011" + lines % "見本　様", lines % "第1号" + lines % "架空市長"
    table = f"<w:tbl><w:tr>{cell % left}{cell % right}</w:tr></w:tbl>"
    body = f"<w:document {WORD}><w:body>{table}</w:body></w:document>"
    page = read(word(body.encode())).pages[0]
    assert [line.text for line in page.lines] == ["〒206-0011", "見本　様", "第1号", "架空市長"]
    assert page.tables == ()
