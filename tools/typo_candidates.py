"""Writes content/candidates: common words, likely misspellings of them, and idioms, from jieba and pypinyin (both MIT).

    pip install jieba==0.42.1 pypinyin==0.55.0 && python tools/typo_candidates.py

office.txt   read: words of official prose, written for this project; its words of two characters are corrected first
words.txt    the commonest words of two to four characters: what the monitor knows as right when it looks at a suspicion
typos.tsv    right word and its likely misspellings: one character replaced by one of the same sound or shape, or the two
             exchanged; kept where the result is no word and meets by chance far more seldom than the right word occurs
lexicon/likely.tsv  the likeliest misspellings of official words as rows of the lexicon, with their exceptions
idioms.txt   idioms and set phrases of four characters, whose one-character misspellings the monitor finds by itself

Every number below is a choice made from the frequencies of the word list alone.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import jieba
from like_characters import common_characters
from pypinyin import Style, lazy_pinyin, pinyin

COMMON_WORDS = 80_000
CORRECTED_WORDS = 9_000
IDIOMS = 3_000
LEAST_CHARACTER = 500
"""Characters of like sound that occur more seldom in the list are hardly written by mistake."""
SURE, DOUBTFUL = 0.15, 0.2
"""Meetings by chance of the two characters as words of their own that all sure (all doubtful) misspellings together may
expect in 1,000 characters, by the frequencies of the list. The likeliest misspellings come first."""
LEXICON_ROWS, EXCEPTIONS = 1_000, 40
LEAST_EXPECTED = 10
"""A misspelling must be that likely a slip of its word (count in the list × share): seldomer ones only slow every start."""
OFFICE = 1_000
"""What a word of official prose counts at least: the list was counted on other texts."""
PROVINCES = frozenset("京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川蜀黔滇藏陕甘青宁新港澳台")
"""Short names of provinces begin names that no list knows."""
CHARACTERS_PER_WORD = 1.6
SOUND, SHAPE, EXCHANGED = 0.8, 0.4, 0.02
"""Shares of slips by sound and by shape (C.-L. Liu et al., Visually and phonologically similar characters in incorrect
simplified Chinese words, COLING 2010: 83 % and 48 %, many are both), shared out among the candidates of a character, and
of two characters exchanged."""
SAME_TONE = 2
"""How much likelier a character of the same tone is than one of the same syllable with another tone."""
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_OPEN = re.compile(r"([一不半无有大小])[\u4e00-\u9fff]\1[\u4e00-\u9fff]")
"""Patterns that any two characters may fill (一县一策, 不等不靠): a phrase that differs in one is another right phrase."""
_NAMES = frozenset({"nr", "nrt", "nrfg", "ns", "nt", "nz", "j"})
_PEOPLE = frozenset({"nr", "nrt", "nrfg"})
"""Names of places and bodies explain what stands there as well as words do; those of people are too many."""
_ROOT = Path(__file__).parent.parent / "content"
_SOURCE = "# 由 tools/typo_candidates.py 生成，请勿手改。Generated; do not edit. 数据来源：jieba 0.42.1（MIT）词频表、pypinyin（MIT）。\n"


class WordList:
    """The word list of jieba with its frequencies and parts of speech."""

    def __init__(self) -> None:
        path = Path(jieba.__file__).parent / "dict.txt"
        rows = [line.split(" ") for line in path.read_text("utf-8").splitlines()]
        self.counts = {word: int(count) for word, count, _ in rows}
        self.kinds = {word: kind for word, _, kind in rows}
        self.total = sum(self.counts.values())
        self.characters: Counter[str] = Counter()
        for word, count in self.counts.items():
            for character in word:
                self.characters[character] += count

    def commonest(self, sizes: range, count: int, left_out: frozenset[str] = _NAMES) -> list[str]:
        """The commonest words of these lengths, without those of the kinds `left_out`."""
        words = (word for word in self.counts if len(word) in sizes and _HAN.fullmatch(word))
        kept = (word for word in words if self.kinds.get(word) not in left_out)
        return sorted(kept, key=lambda word: (-self.counts[word], word))[:count]


class Candidates:
    """Likely misspellings."""

    def __init__(self, words: WordList) -> None:
        self.words = words
        self.by_sound: dict[str, list[str]] = {}
        self.tones: dict[str, frozenset[str]] = {}
        for character in common_characters():
            if words.characters[character] >= LEAST_CHARACTER:
                self.tones[character] = frozenset(pinyin(character, style=Style.TONE3, heteronym=True)[0])
                for reading in set(pinyin(character, style=Style.NORMAL, heteronym=True)[0]):
                    self.by_sound.setdefault(reading, []).append(character)
        self.by_shape: dict[str, str] = {}
        for line in (_ROOT / "characters" / "shapes.tsv").read_text("utf-8").splitlines():
            group = line.rpartition("\t")[2]
            for character in group if line.startswith("shape") else "":
                self.by_shape[character] = self.by_shape.get(character, "") + group

    def of(self, word: str) -> Iterator[tuple[str, float]]:
        """Misspellings of a word of two characters that are no words, each with its likelihood."""
        shares: dict[str, float] = defaultdict(float)
        toned = [reading[0] for reading in pinyin(word, style=Style.TONE3)]
        for place, reading in enumerate(lazy_pinyin(word)):
            for other, share in self._slips(word[place], reading, toned[place]).items():
                shares[word[:place] + other + word[place + 1 :]] += share
        if word[0] != word[1]:
            shares[word[::-1]] += EXCHANGED
        for wrong, share in shares.items():
            expected = share * self.words.counts[word]
            if wrong not in self.words.counts and expected >= LEAST_EXPECTED:
                yield wrong, expected / self.chance(wrong)

    def _slips(self, right: str, reading: str, toned: str) -> dict[str, float]:
        """The characters that may be written for one, each with its share of the slips."""
        weights = {
            other: (SAME_TONE if toned in self.tones[other] else 1) * self.words.characters[other] ** 0.5
            for other in self.by_sound.get(reading, [])
            if other != right
        }
        every = sum(weights.values())
        shares = {other: SOUND * weight / every for other, weight in weights.items()}
        shapes = set(self.by_shape.get(right, "")) - {right}
        for other in shapes:
            shares[other] = shares.get(other, 0) + SHAPE / len(shapes)
        return shares

    def chance(self, wrong: str) -> float:
        """How often the two characters meet as words of their own in a text as long as the list was counted on."""
        first, second = (self.words.counts.get(character, 0) + 20 for character in wrong)
        return first * second / self.words.total


def ranked(candidates: Candidates, right: Iterable[str]) -> dict[str, tuple[str, bool]]:
    """Misspelling → right word and whether it is sure: the likeliest first, until chance alone would find too many."""
    best: dict[str, tuple[float, str]] = {}
    for word in right:
        for wrong, score in candidates.of(word):
            best[wrong] = max(best.get(wrong, (0.0, "")), (score, word))
    found: dict[str, tuple[str, bool]] = {}
    per_thousand = 1000 / CHARACTERS_PER_WORD / candidates.words.total
    expected = 0.0
    for wrong, (_, word) in sorted(best.items(), key=lambda item: (-item[1][0], item[0])):
        expected += candidates.chance(wrong) * per_thousand
        if expected > DOUBTFUL:
            break
        found[wrong] = word, expected <= SURE and wrong[0] not in PROVINCES
    return found


def written_by_hand() -> frozenset[str]:
    """The misspellings that the other files of the lexicon list."""
    files = [path for path in (_ROOT / "lexicon").glob("*.tsv") if path.name != "likely.tsv"]
    return frozenset(line.partition("\t")[0] for path in files for line in path.read_text("utf-8").splitlines())


def likeliest(found: dict[str, tuple[str, bool]], office: frozenset[str]) -> list[str]:
    """The likeliest misspellings of official words: they become rows of the lexicon that a clerk may edit."""
    return [wrong for wrong, (right, sure) in found.items() if sure and right in office][:LEXICON_ROWS]


def write_lexicon(own: list[str], found: dict[str, tuple[str, bool]], words: WordList) -> None:
    """Rows with basis and, as exceptions, the commonest words that end or begin with the characters."""
    ends: dict[str, list[str]] = {}
    begins: dict[str, list[str]] = {}
    for word in words.commonest(range(2, 4), 30_000):
        ends.setdefault(word[-1], []).append(word[:-1])
        begins.setdefault(word[0], []).append(word[1:])
    rows = []
    for wrong in sorted(own):
        right = found[wrong][0]
        before, after = ends.get(wrong[0], [])[:EXCEPTIONS], begins.get(wrong[1], [])[:EXCEPTIONS]
        basis = f"《现代汉语词典》“{right}”条"
        rows.append("\t".join((wrong, right, "typo", "review", "|".join(before), "|".join(after), "", "", basis)))
    head = "wrong\tright\tcategory\tmode\tnot_after\tnot_before\tvalid_from\tvalid_to\tbasis\n"
    (_ROOT / "lexicon" / "likely.tsv").write_text(_SOURCE + head + "\n".join(rows) + "\n", "utf-8")


def main() -> None:
    """Writes the three files."""
    words = WordList()
    candidates = Candidates(words)
    office = (_ROOT / "candidates" / "office.txt").read_text("utf-8").split("\n", 1)[1].split()
    words.counts |= {word: OFFICE for word in office if words.counts.get(word, 0) < OFFICE}
    right = [*(word for word in office if len(word) == 2), *words.commonest(range(2, 3), CORRECTED_WORDS)]
    known = written_by_hand()
    found = {wrong: meant for wrong, meant in ranked(candidates, dict.fromkeys(right)).items() if wrong not in known}
    own = likeliest(found, frozenset(office))
    write_lexicon(own, found, words)
    grouped: dict[str, tuple[list[str], list[str]]] = {}
    for wrong, (word, is_sure) in sorted(found.items()):
        if wrong in own:
            continue
        grouped.setdefault(word, ([], []))[not is_sure].append(wrong)
    rows = [f"{word}\t{' '.join(sure)}\t{' '.join(doubtful)}" for word, (sure, doubtful) in sorted(grouped.items())]
    folder = _ROOT / "candidates"
    folder.mkdir(exist_ok=True)
    (folder / "typos.tsv").write_text(f"{_SOURCE}right\tsure\tdoubtful\n" + "\n".join(rows) + "\n", "utf-8")
    common = sorted(words.commonest(range(2, 5), COMMON_WORDS, _PEOPLE))
    (folder / "words.txt").write_text(_SOURCE + "\n".join(common) + "\n", "utf-8")
    phrases = (word for word in words.commonest(range(4, 5), 60_000) if words.kinds.get(word) in ("i", "l"))
    idioms = [word for word in phrases if not _OPEN.fullmatch(word)][:IDIOMS]
    (folder / "idioms.txt").write_text(_SOURCE + "\n".join(sorted(idioms)) + "\n", "utf-8")
    print(len(rows), "words,", len(found), "misspellings,", len(idioms), "idioms")  # noqa: T201 a tool tells what it did


if __name__ == "__main__":
    main()
