"""Writes the examples beside the schema: `python -m tests.hub.messages.message.write_examples`.

The signed one is signed anew each time; the others stay as they are until the format changes.
"""

from dataclasses import replace

from lxml import etree

from hub.keys.message_key import to_pem
from hub.messages.message.content import Content, Document, File
from hub.messages.message.making import make
from hub.messages.message.schema import FOLDER
from hub.messages.message.to_xml import tree
from tests.hub.messages.message.message_samples import NOW, full, key, minimal
from tests.hub.messages.pdf_maker import MadePage, made

EXAMPLES = FOLDER.parent / "examples"
SMALL_PDF = made([MadePage().text(70, 70, "固定資産税 納税通知書", 16)])


def full_example() -> Content:
    """The full sample with documents that open, and no character that only one office has."""
    sample = full()
    name = type(sample.recipient.name).of(
        one for one in sample.recipient.name if not one.repertoire.startswith("office:")
    )
    return replace(
        sample,
        recipient=replace(sample.recipient, name=name, jis="渡邉邉吉"),
        main=_small(sample.main),
        additional=tuple(map(_small, sample.additional)),
    )


def _small(document: Document) -> Document:
    files = tuple(File(one.name, one.media_type, SMALL_PDF) for one in document.files)
    return replace(document, files=files)


def pretty(content: Content) -> bytes:
    """XML as a core system may write it: in lines, without a signature."""
    return etree.tostring(tree(content), pretty_print=True, xml_declaration=True, encoding="UTF-8")


def main() -> None:
    """Write them all."""
    EXAMPLES.mkdir(exist_ok=True)
    (EXAMPLES / "minimal.xml").write_bytes(pretty(minimal()))
    (EXAMPLES / "full.xml").write_bytes(pretty(full_example()))
    (EXAMPLES / "signed.xml").write_bytes(make(full_example(), key(), NOW))
    (EXAMPLES / "signed.crt").write_bytes(to_pem(key().certificate))


if __name__ == "__main__":
    main()
