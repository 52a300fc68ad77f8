"""What the monitor costs: matching beside the bare automaton, all layers on official prose, the cold start, memory.

Texts: the clean official texts of ../shared/data where they are, else sentences put together at random. The words of the
large lexica are made up from the characters of the text with a fixed seed, so that no list is shipped for this.
"""

from __future__ import annotations

import gzip
import json
import os
import platform
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from ahocorasick_rs import AhoCorasick

from syndicate.config.load import load_monitor
from syndicate.model.finding import Severity
from syndicate.model.rule import LexiconEntry, LexiconMode, RuleSpec
from syndicate.monitor.compile import compile_monitor
from syndicate.monitor.monitor import Monitor, found, steps
from syndicate.monitor.view import View
from syndicate.text.plain import from_text

ROOT = Path(__file__).resolve().parent.parent
CLEAN = ROOT.parent / "shared" / "data" / "clean" / "laws_national.jsonl.gz"
RUNS = 5
WORDS = 100_000
MEGABYTES = 4
LAYERS_SHOWN = 16
SCRIPT = str(Path(sys.executable).with_name("syndicate"))
WORDS_RULE = RuleSpec("words of all lexica", "lexicon", Severity.HINT, "", "", "", "")


def texts() -> tuple[list[str], str]:
    """Some megabytes of official prose, and where it comes from."""
    if CLEAN.is_file():
        with gzip.open(CLEAN, "rt", encoding="utf-8") as lines:
            every = [json.loads(line)["text"] for line in lines]
        source = "national laws (shared/data)"
    else:
        chosen = random.Random(1)
        right = [row.right for row in load_monitor(ROOT)[1]]
        every = ["".join(chosen.choice(right) + "，。\n"[number % 3] for number in range(2_000)) for _ in range(300)]
        source = "right forms of the lexicon at random"
    kept: list[str] = []
    for text in every:
        if sum(len(one.encode()) for one in kept) >= MEGABYTES * 1_000_000:
            break
        kept.append(text)
    return kept, source


def sparse_words(documents: Sequence[str]) -> list[str]:
    """Words of 3 and 4 characters that hardly ever occur."""
    chosen = random.Random(2)
    common = [character for character, _ in Counter("".join(documents)).most_common(1500) if character >= "\u4e00"]
    words: set[str] = set()
    while len(words) < WORDS:
        words.add("".join(chosen.choices(common, k=chosen.choice((3, 4)))))
    return sorted(words)


def dictionary() -> list[str]:
    """The words of a dictionary, filled up with likely misspellings of them."""
    known = load_monitor(ROOT).references.vocabulary
    wrong = known.misspellings
    words = [*sorted(known.words), *(wrong[start : start + 2] for start in range(0, len(wrong), 2))]
    return list(dict.fromkeys(word for word in words if len(word) >= 2))[:WORDS]


def sequences(documents: Sequence[str]) -> list[str]:
    """The commonest character sequences of the text itself: more hits than characters, as no dictionary gives."""
    counts: Counter[str] = Counter()
    for text in documents:
        for size in (2, 3, 4):
            counts.update(text[start : start + size] for start in range(0, len(text), 3))
    return [word for word, _ in counts.most_common(WORDS * 2) if len(word) >= 2 and word.isalnum()][:WORDS]


def words_monitor(words: Sequence[str]) -> Monitor:
    rule = RuleSpec(
        "bench.words", "lexicon", Severity.CONFIRM, "{text}", "{text}", "-", "-", {"severities": {"x": "confirm"}}
    )
    return compile_monitor([rule], [LexiconEntry(word, "", "x", LexiconMode.SUBSTRING, "-", "-") for word in words])


def seconds(work: Callable[[str], object], documents: Sequence[str]) -> float:
    """Processor seconds: what the work costs, however busy the machine is."""
    begun = time.process_time()
    for text in documents:
        work(text)
    return time.process_time() - begun


def alternating(
    ours: Callable[[str], object], peer: Callable[[str], object], documents: Sequence[str]
) -> tuple[float, float]:
    """Median seconds of both, run in turn."""
    pairs = [(seconds(ours, documents), seconds(peer, documents)) for _ in range(RUNS)]
    return statistics.median(one for one, _ in pairs), statistics.median(other for _, other in pairs)


def claim(text: str, ours: float, peer: float | None, unit: str, goal: str, holds: bool, n: int = RUNS) -> None:
    row = {"claim": text, "ours": round(ours, 3), "peer": None if peer is None else round(peer, 3), "unit": unit}
    print(json.dumps({**row, "goal": goal, "holds": holds, "n": n}, ensure_ascii=False), flush=True)


def compare_sparse(documents: Sequence[str], size: float) -> None:
    words = sparse_words(documents)
    monitor, bare = words_monitor(words), AhoCorasick(words, store_patterns=False)
    ours, peer = alternating(
        lambda text: monitor.check(text, markup=False, day=None),
        lambda text: bare.find_matches_as_indexes(text, overlapping=True),
        documents,
    )
    label = f"{WORDS:,} sparse words, normalise + match + findings against bare ahocorasick_rs"
    claim(label, size / ours, size / peer, "MB/s", ">= 0.5 x peer", peer / ours >= 0.5)


def compare_dense(documents: Sequence[str], size: float, words: Sequence[str], what: str) -> None:
    hits = len(AhoCorasick(words, store_patterns=False).find_matches_as_indexes("\n".join(documents), overlapping=True))
    label = f"{what}, {hits / sum(map(len, documents)):.2f} hits a character: everything against bare pyahocorasick"
    monitor = words_monitor(words)
    if find_spec("ahocorasick") is None:
        label += " (the peer is not installed: pip install pyahocorasick)"
        ours = statistics.median(
            seconds(lambda text: monitor.check(text, markup=False, day=None), documents) for _ in range(RUNS)
        )
        claim(label, size / ours, None, "MB/s", "> peer", holds=False)
        return
    from ahocorasick import Automaton

    bare = Automaton()
    for word in words:
        bare.add_word(word, word)
    bare.make_automaton()
    ours, peer = alternating(
        lambda text: monitor.check(text, markup=False, day=None), lambda text: list(bare.iter(text)), documents
    )
    claim(label, size / ours, size / peer, "MB/s", "> peer", ours < peer)


def all_layers(documents: Sequence[str], size: float) -> None:
    monitor = compile_monitor(*load_monitor(ROOT))
    ours = statistics.median(
        seconds(lambda text: monitor.check(text, markup=False, day=None), documents) for _ in range(RUNS)
    )
    claim(
        "all layers with the shipped rules and lexica, one thread", size / ours, None, "MB/s", ">= 5", size / ours >= 5
    )
    asked = steps(monitor.checks)
    spent: Counter[str] = Counter()
    for text in documents:
        clock = time.process_time
        begun = clock()
        view = View(from_text(text), None, scan=monitor.scan)
        spent["normalise"] += clock() - begun
        begun = clock()
        assert view.literals is not None
        spent["words of all rules"] += clock() - begun
        begun = clock()
        assert view.pairs is not None
        spent["pairs of all rules"] += clock() - begun
        for step in asked:
            begun = clock()
            found([step], view)
            spent[getattr(step[0], "rule", WORDS_RULE).id] += clock() - begun
    costs = {name: round(1000 * cost / size, 1) for name, cost in spent.most_common(LAYERS_SHOWN)}
    print(json.dumps({"milliseconds of each MB": costs}, ensure_ascii=False), flush=True)


def cold_start() -> None:
    """A new process on a warm disk, as a person starts it: with the copy of the tables that the last one kept, and without."""
    page = ROOT / "docs" / "glossary.md"
    surroundings = {key: value for key, value in os.environ.items() if not key.startswith(("SYNDICATE_", "PYTHON"))}
    with tempfile.TemporaryDirectory() as folder:
        surroundings["XDG_CACHE_HOME"] = folder
        for label, with_copy in (
            ("check of one page from a cold start", True),
            ("the same without a kept copy", False),
        ):
            walls, processor = [], []
            for number in range(RUNS * 2 + 1):
                if not with_copy:
                    shutil.rmtree(Path(folder, "syndicate"), ignore_errors=True)
                begun, before = time.perf_counter(), os.times()
                subprocess.run([SCRIPT, "check", "--home", str(ROOT), str(page)], env=surroundings, capture_output=True)
                after = os.times()
                if number:  # the first run compiles to bytecode and fills the copy
                    walls.append(time.perf_counter() - begun)
                    used = after.children_user + after.children_system
                    processor.append(used - before.children_user - before.children_system)
            median = statistics.median(walls)
            goal, holds = ("<= 0.35", median <= 0.35) if with_copy else ("no goal", True)
            label += f" ({statistics.median(processor):.3f} s of processor time)"
            claim(label, median, None, "s", goal, holds, len(walls))


def memory() -> None:
    """The peak of a fresh process as the kernel counts it; `ru_maxrss` would count this process's own too."""
    program = (
        "from pathlib import Path; from syndicate.flow.check_files import open_monitor; "
        f"text = Path({str(ROOT / 'docs' / 'glossary.md')!r}).read_text('utf-8') * 20; "
        f"open_monitor(Path({str(ROOT)!r})).check(text, markup=False, day=None); "
        "print(Path('/proc/self/status').read_text().partition('VmHWM:')[2].split()[0])"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    used = int(result.stdout) / 1024
    claim("memory of a process with all lexica", used, None, "MB", "<= 150", used <= 150, 1)


def main() -> None:
    documents, source = texts()
    size = sum(len(text.encode()) for text in documents) / 1_000_000
    conditions = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "ahocorasick_rs": version("ahocorasick_rs"),
        "text": source,
        "MB": round(size, 2),
        "documents": len(documents),
        "load": round(os.getloadavg()[0], 1),
        "memory_before_MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(json.dumps({"conditions": conditions}, ensure_ascii=False), flush=True)
    compare_sparse(documents, size)
    compare_dense(documents, size, dictionary(), f"{WORDS:,} words of a dictionary")
    compare_dense(documents, size, sequences(documents), f"{WORDS:,} commonest character sequences")
    all_layers(documents, size)
    cold_start()
    memory()


if __name__ == "__main__":
    main()
