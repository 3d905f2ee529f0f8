"""Documents: what is read right, and how fast, beside pdfminer.six and pdftotext in the same run.

Reading is measured on the sample notices in one process, the whole way (two readers, order, fields)
on generated letters, in batches and one by one, in the children that the hub uses.
`python -m bench.documents [--json FILE]`.
"""

from __future__ import annotations

import io
import logging
import resource
import shutil
import subprocess
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

from pdfminer.high_level import extract_text
from pdfminer.layout import LAParams

from bench.telling import arguments, tell
from hub.messages.addressing.addressees import Addressee, Addressees
from hub.messages.addressing.prepare import Office, prepare
from hub.messages.documents.characters import bare
from hub.messages.documents.result import to_json
from hub.messages.notices.extract import extract
from hub.messages.notices.template import load_all
from hub.messages.notices.values import ResidentNumber
from hub.messages.sandbox.pool import Pool
from tests.hub.messages.addressing.letters import letters
from tests.hub.messages.pdf_maker import made
from tests.hub.messages.samples import NOTICES, expected_lines, in_process, manifest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

BATCH = 160
SINGLES = 20


def ours(data: bytes) -> list[str]:
    """Lines of the body."""
    return [line.text for page in in_process(data).pages for line in page.lines]


def pdfminer(data: bytes) -> list[str]:
    """Lines of pdfminer.six, vertical writing on."""
    layout = LAParams(detect_vertical=True)
    return extract_text(io.BytesIO(data), laparams=layout).splitlines()


def pdftotext(data: bytes) -> list[str]:
    """Lines of poppler's pdftotext."""
    line = ["pdftotext", "-q", "-", "-"]
    done = subprocess.run(line, input=data, capture_output=True, check=False)
    return done.stdout.decode("utf-8", "replace").splitlines()


def clean() -> list[str]:
    """Samples that open, have their text and expect no warning."""
    return [
        name
        for name, document in manifest().items()
        if document["expect"]["open"] == "ok"
        and not document["expect"]["needs_ocr"]
        and not document["expect"]["warnings"]
    ]


def reading(reader: Callable[[bytes], Sequence[str]]) -> dict[str, float]:
    """Recall of whole lines, recall of characters, order apart, and pages a second."""
    found = lines = kept = characters = pages = 0
    started = time.process_time()
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    for name in clean():
        data = (NOTICES / f"{name}.pdf").read_bytes()
        read = [bare(line) for line in reader(data)]
        expected = [bare(line) for line in expected_lines(name)]
        found += sum(line in read for line in expected)
        lines += len(expected)
        wanted = Counter("".join(expected))
        kept += (wanted & Counter("".join(read))).total()
        characters += wanted.total()
        pages += manifest()[name]["pages"]
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = time.process_time() - started + _cpu(after) - _cpu(children)
    return {
        "line_recall": round(found / lines, 4),
        "character_recall": round(kept / characters, 4),
        "pages_per_cpu_second": round(pages / spent, 1),
    }


def fields() -> dict[str, float]:
    """Fields of the clean samples that are exact."""
    templates = load_all()
    right = total = 0
    for name in clean():
        expected = manifest()[name]["fields"]
        read = in_process((NOTICES / f"{name}.pdf").read_bytes())
        found = extract(read.pages, templates, ResidentNumber())
        right += sum(found.value(key) == value for key, value in expected.items())
        total += len(expected)
    return {"exact": round(right / total, 4), "fields": total}


def _cpu(used: resource.struct_rusage) -> float:
    return used.ru_utime + used.ru_stime


def batches(pool: Pool) -> dict[str, float]:
    """The whole way for a mail merge: read twice in children, fields, persons, cut apart."""
    sample = letters(BATCH, 1, share=0)
    data = made(sample.pages)
    office = Office(load_all())
    persons = Addressees(tuple(Addressee(p.atena_no, p.name) for p in sample.listed))

    def cut(groups: Sequence[Sequence[int]]) -> list[bytes | None]:
        return pool.cut(data, [[page - 1 for page in group] for group in groups])

    started = time.monotonic()
    batch = prepare(pool.read(data), persons, office, cut)
    seconds = time.monotonic() - started
    assert len(batch.messages) == len(persons.persons)
    pages = len(sample.pages)
    return {
        "pages": pages,
        "pages_per_second": round(pages / seconds, 1),
        "pages_per_second_and_child": round(pages / seconds / pool.size, 1),
    }


def singles(pool: Pool) -> dict[str, float]:
    """Single documents one after the other, each in a child of its own."""
    data = (NOTICES / "lo-01-table.pdf").read_bytes()
    templates = load_all()
    started = time.monotonic()
    for _ in range(SINGLES):
        read = pool.read(data)
        to_json(read)
        extract(read.pages, templates, ResidentNumber())
    return {"documents_per_second": round(SINGLES / (time.monotonic() - started), 1)}


def table(figures: dict[str, Any]) -> str:
    """The figures as a table for people."""
    lines = ["reader         lines   characters  pages/CPU s"]
    for name in ("ours", "pdfminer.six", "pdftotext"):
        if name in figures:
            f = figures[name]
            lines.append(
                f"{name:13}  {f['line_recall']:.4f}  {f['character_recall']:.4f}"
                f"      {f['pages_per_cpu_second']}"
            )
    batch, single, exact = figures["batch"], figures["single"], figures["fields"]
    lines.append(f"fields exact   {exact['exact']:.4f} of {exact['fields']}")
    lines.append(
        f"mail merge     {batch['pages_per_second']} pages/s, "
        f"{batch['pages_per_second_and_child']} a child ({batch['pages']} pages, read to cut apart)"
    )
    lines.append(f"one by one     {single['documents_per_second']} documents/s")
    return "\n".join(lines)


def main() -> None:
    """Measure and tell."""
    options = arguments(__doc__).parse_args()
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    figures: dict[str, Any] = {"ours": reading(ours), "pdfminer.six": reading(pdfminer)}
    if shutil.which("pdftotext"):
        figures["pdftotext"] = reading(pdftotext)
    figures["fields"] = fields()
    with Pool() as pool:
        figures["batch"] = batches(pool)
        figures["single"] = singles(pool)
    tell(figures, table, options.json)


if __name__ == "__main__":
    main()
