"""How long a search takes over many articles, and how much memory: made-up texts and vectors.

Every vector is drawn at random, so the answers mean nothing; the work is that of a real question:
encoders read it, every passage is compared, the grounds of ten answers are put together.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import queue
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from bench.precedents.evaluation import questions
from hub.precedents.article import Article, Kind, Paragraph, Revision
from hub.precedents.collection import take
from hub.precedents.encoders import installed
from hub.precedents.question import Question
from hub.precedents.search import Searcher
from hub.precedents.service.asking import SearchProcess
from hub.precedents.service.encoding import Encoding, EncodingState
from hub.precedents.store import Store
from hub.precedents.vectors import packed

TODAY = dt.date(2026, 11, 23)
ROUNDS = 60
CHANGED = 100  # articles
SAID = (
    "市町村長 届出 住所 世帯 申請 被保険者 選挙 投票 名簿 交付 期間 十四日以内 請求 相続 "
    "登録 許可 保護 給付 徴収 処分 通知 都道府県知事 省令 条例 経過した日 当該 前項 規定 "
    "施行 記載 変更 取消し 者 及び 又は を し なければならない に関する"
)
ASKED = tuple(one.question for one in questions("tune"))  # words vary as they do at a counter


def made_up(
    count: int, chance: random.Random, *, articles: int = 250, name: str = "law"
) -> list[Revision]:
    """Laws of 250 articles each, of statute words in no order, two passages an article or so."""
    words = SAID.split()

    def article(number: int) -> Article:
        text = "".join(chance.choices(words, k=chance.randint(20, 120))) + "。"
        paragraphs = (Paragraph("1", text),)
        return Article(
            str(number), f"第{number}条", "".join(chance.choices(words, k=2)), (), paragraphs
        )

    return [
        Revision(
            law_id=f"own-{name}-{law:012x}",
            title=f"第{law}号見本法（{name}）",
            kind=Kind.LAW,
            issuer="見本",
            number="",
            snapshot="2026-01",
            source="made up",
            articles=tuple(article(number) for number in range(1, articles + 1)),
        )
        for law in range(count // 250)
    ]


def fill(store: Store, count: int) -> int:
    """Import made-up laws and give each passage a random vector; returns how many passages."""
    chance = random.Random(7)  # noqa: S311 - made-up words
    take(store, made_up(count, chance), TODAY)
    draw = np.random.default_rng(7)
    with store.writing() as connection:
        digests = [row[0] for row in connection.execute("SELECT DISTINCT digest FROM passage")]
        for packaged in installed():
            width = len(packaged.verified().question("一"))
            rows = (
                (packaged.name, digest, packed(draw.normal(size=width).astype(np.float32)))
                for digest in digests
            )
            connection.executemany("INSERT INTO vector VALUES (?, ?, ?)", rows)
    return len(digests)


def ask(path: Path, rounds: int = ROUNDS) -> dict[str, float]:
    """Ask `rounds` questions of a filled store in this process; milliseconds."""
    with Store(path) as store:
        began = time.perf_counter()
        searcher = Searcher(store, [packaged.verified() for packaged in installed()])
        searcher.search(Question(ASKED[0], TODAY))
        opened = time.perf_counter() - began
        taken: list[float] = []
        worked = time.process_time()
        for number in range(rounds):
            result = searcher.search(Question(f"{ASKED[number % len(ASKED)]}（{number}）", TODAY))
            taken.append(result.milliseconds["total"])
        worked = time.process_time() - worked
    taken.sort()
    return {
        "open s": round(opened, 2),
        "median ms": round(taken[len(taken) // 2], 1),
        "p95 ms": round(taken[int(0.95 * len(taken))], 1),
        "processor ms": round(1000 * worked / rounds, 1),
    }


def served(path: Path, rounds: int = ROUNDS, count: int = CHANGED) -> dict[str, float]:
    """The same asked as the pages ask: of the search process, stage by stage, pairs judged too.

    Then `changed` articles are imported while the process is asked on: it has the former and the
    new generation to hold for a moment, so its memory is told before and after.
    """
    search = SearchProcess(path)
    began = time.perf_counter()
    search.start()
    try:
        while search.ready is None:
            assert time.perf_counter() - began < 120, "the search process does not get ready"
            time.sleep(0.1)
        list(search.ask(Question(ASKED[0], TODAY)))
        taken: dict[str, list[float]] = {}
        for number in range(rounds):
            for stage, spent in _asked(search, number).items():
                taken.setdefault(stage, []).append(spent)
        found = {
            f"{stage} p95 ms": round(sorted(times)[int(0.95 * len(times))], 1)
            for stage, times in taken.items()
        }
        assert search.pid is not None
        found["search process MiB"] = _most_resident_mib(search.pid)
        found |= _asked_on(search, lambda: changed(path, count))
        found["search process, then changed MiB"] = _most_resident_mib(search.pid)
        return found
    finally:
        search.stop()


def _asked(search: SearchProcess, number: int) -> dict[str, float]:
    """Ask one question; when each stage was there, in milliseconds."""
    began = time.perf_counter()
    return {
        found.stage: 1000 * (time.perf_counter() - began)
        for found in search.ask(Question(f"{ASKED[number % len(ASKED)]}（{number}）", TODAY))
    }


def _asked_on(search: SearchProcess, work: Callable[[], dict[str, float]]) -> dict[str, float]:
    """What work gives, and the longest that words took of a process asked meanwhile and after."""
    with ThreadPoolExecutor(1) as pool:
        working, words = pool.submit(work), list[float]()
        while not working.done():
            words.append(_asked(search, len(words))["words"])
            time.sleep(0.5)
        words.append(_asked(search, len(words))["words"])
        return working.result() | {"words while changed, at most ms": round(max(words), 1)}


def changed(path: Path, count: int = CHANGED) -> dict[str, float]:
    """How long so many changed articles take to be found by their words, and by meaning.

    They are imported into a filled store as a hub does it: vectors are made behind, by a child.
    """
    told: queue.SimpleQueue[EncodingState] = queue.SimpleQueue()
    encoding = Encoding(path, None, lambda: told.put(encoding.state))
    began = time.perf_counter()
    with Store(path) as store:
        chance = random.Random(8)  # noqa: S311 - made-up words
        take(store, made_up(250, chance, articles=count, name="changed"), TODAY)
        by_words = time.perf_counter() - began
    encoding.start()
    try:
        state = told.get()
        while state.running:
            state = told.get(timeout=600)
        by_meaning = time.perf_counter() - began
        assert not state.problem, state.problem
    finally:
        encoding.stop()
    return {"changed words s": round(by_words, 1), "changed meaning s": round(by_meaning, 1)}


def _most_resident_mib(pid: int) -> float:
    """The most memory that a process had resident (VmHWM of proc(5))."""
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    kib = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
    return round(kib / 1024, 1)


def speed(count: int) -> dict[str, Any]:
    """The figures for so many articles; asked in processes of their own: their memory counts."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "speed.sqlite3"
        with Store(path, create=True) as store:
            passages = fill(store, count)
        command = [sys.executable, "-m", "bench.precedents_speed", str(path)]
        one_thread = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=one_thread)
        beside = served(path)
    found = {"articles": count, "passages": passages} | json.loads(done.stdout) | beside
    sys.stderr.write("  ".join(f"{key} {value}" for key, value in found.items()) + "\n")
    return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(ask(Path(sys.argv[1]))))
