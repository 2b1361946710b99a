"""A published work, as a list of references names it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

_VENUE = {"article": "journal", "inproceedings": "booktitle", "book": "publisher", "misc": "howpublished"}


@dataclass(frozen=True)
class Work:
    """What a component carries out, as its authors published it. The fields are those of BibTeX.

    Args:
        author: ``Kingma, Diederik P. and Ba, Jimmy``; ``and others`` stands for those who are left out.
        title: as printed.
        year: of publication.
        venue: journal, conference, publisher or archive, as `kind` has one.
        volume: of a journal.
        number: of the issue.
        pages: ``1-9``.
        doi: without ``doi:``.
        arxiv: number of the preprint.
        kind: type of the entry.
    """

    author: str
    title: str
    year: int
    venue: str = ""
    volume: str = ""
    number: str = ""
    pages: str = ""
    doi: str = ""
    arxiv: str = ""
    kind: Literal["article", "inproceedings", "book", "misc"] = "article"

    def __str__(self) -> str:
        """``Kingma and Ba (2015), Adam: A Method for Stochastic Optimization, arXiv:1412.6980``."""
        address = f", doi:{self.doi}" if self.doi else f", arXiv:{self.arxiv}" if self.arxiv else ""
        return f"{self._names()} ({self.year}), {self.title}{address}"

    @property
    def families(self) -> list[str]:
        """Family names of the authors, ``others`` where some are left out."""
        return [name.partition(",")[0].strip() for name in self.author.split(" and ")]

    def _names(self) -> str:
        names = self.families
        return f"{names[0]} et al." if len(names) > 2 or "others" in names else " and ".join(names)

    @property
    def key(self) -> str:
        """``kingma2015adam``: the first author, the year, the first longer word of the title."""
        word = next((word for word in re.findall(r"[\w]+", self.title) if len(word) > 3), "work")
        bare = unicodedata.normalize("NFKD", f"{self.families[0]}{self.year}{word}".lower())
        return re.sub(r"[^a-z0-9]", "", bare)

    def fields(self) -> dict[str, str]:
        """The fields of the entry in the order of BibTeX, those that are known; ``type`` and ``key`` first."""
        found = {
            "type": self.kind,
            "key": self.key,
            "author": self.author,
            "title": self.title,
            _VENUE[self.kind]: self.venue,
            "year": str(self.year),
            "volume": self.volume,
            "number": self.number,
            "pages": self.pages.replace("-", "--"),
            "doi": self.doi,
            "eprint": self.arxiv,
            "archiveprefix": "arXiv" if self.arxiv else "",
        }
        return {name: value for name, value in found.items() if value}
