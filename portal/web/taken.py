"""Everything that a donor gave and signed as one ZIP, made while it is sent: papers, files, and what tells of them."""

import json
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, Final

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consent.web.papers import Paper
from core.errors import Unavailable
from core.web.archives import Archive
from registry.actions.taking import Taken
from registry.queries import GivenFile
from registry.rules.giving_back import Copy, Gone

COPIES: Final[dict[Copy, str | Promise]] = {
    Copy.SENT: _("The files as you sent them. Your name may stand in them."),
    Copy.CLEAN: _("The cleaned copies, which research uses. Your name was taken out of them."),
}
WHY: Final[dict[Gone, str | Promise]] = {
    Gone.ERASED: _("deleted, or being deleted now"),
    Gone.HELD: _("not given back: the name on them is another person's, and you have not said yet whose they are"),
    Gone.STOPPED: _("not given back: somebody else may be recognised in them"),
    Gone.LATER: _("came after the copy for you was made: ask for it again"),
    Gone.HEAD: _("not given back as cleaned copies: a face could be made of them; they are used inside our walls only"),
}
HOW_TO_CHECK: Final = "The sha256 of each file is the SHA-256 of its bytes. files[].recorded is what we noted before."


class Everything:
    """One donor's ZIP. `language` is the reader's: pieces are made long after the page that asked for them."""

    def __init__(self, donor: Any, papers: Iterator[Paper], taken: Iterator[Taken], chosen: Collection[Copy]) -> None:
        self.donor, self.papers, self.taken, self.chosen = donor, papers, taken, chosen
        self.language = translation.get_language()
        self.archive = Archive()
        self.recorded: dict[str, str] = {}
        self.titles: dict[str, str] = {}
        self.unmade: list[str] = []
        self.gone: list[GivenFile] = []

    def pieces(self) -> Iterator[bytes]:
        """The ZIP, to be sent in this order."""
        for paper in self._papers():
            if (data := self._made(paper)) is not None:
                yield from self.archive.add(paper.name, [data], packed=True)
        for file, bytes_of_it in self.taken:
            if bytes_of_it is None:
                self.gone.append(file)
                continue
            self.recorded[file.name] = file.sha256
            yield from self.archive.add(file.name, bytes_of_it, size=file.size)
        now = timezone.now()
        yield from self.archive.add("index.html", [self._index(now)], packed=True)
        yield from self.archive.add("manifest.json", [self._manifest(now)], packed=True)
        yield from self.archive.end()

    def _papers(self) -> Iterator[Paper]:
        """Each with its title noted in the reader's language."""
        while True:
            with translation.override(self.language):
                paper = next(self.papers, None)
            if paper is None:
                return
            self.titles[paper.name] = paper.title
            yield paper

    def _made(self, paper: Paper) -> bytes | None:
        """A paper that cannot be made now (a PDF, on a busy machine) is left out and said to be."""
        try:
            with translation.override(self.language):
                return paper.make()
        except Unavailable:
            self.unmade.append(paper.name)
            return None

    def _index(self, now: datetime) -> bytes:
        names = [member.name for member in self.archive.members]
        folders = [name.partition("/")[0] for name in names]
        context = {
            "programme": self.donor.programme,
            "now": now,
            "papers": [(name, self.titles[name]) for name in names if name in self.titles],
            "unmade": [self.titles[name] for name in self.unmade],
            "copies": [(copy, COPIES[copy], folders.count(copy.value)) for copy in Copy if copy in self.chosen],
            "unwanted": [words for copy, words in COPIES.items() if copy not in self.chosen],
            "gone": [(COPIES[copy], WHY[why], n) for (copy, why), n in self._gone().items() if why],
            "damaged": [member.name for member in self.archive.members if self._is_damaged(member.name, member.sha256)],
        }
        with translation.override(self.language):
            return render_to_string("portal/taken.html", context).encode()

    def _gone(self) -> Counter[tuple[Copy, Gone | None]]:
        return Counter((file.copy, file.why) for file in self.gone)

    def _is_damaged(self, name: str, sha256: str) -> bool:
        return self.recorded.get(name, sha256) != sha256

    def _manifest(self, now: datetime) -> bytes:
        body = {
            "type": "everything that a donor gave and signed",
            "donor": str(self.donor.pk),
            "programme": self.donor.programme.slug,
            "made_at": now.isoformat(),
            "files": [
                {"name": m.name, "bytes": m.size, "sha256": m.sha256, "recorded": self.recorded.get(m.name)}
                for m in self.archive.members
            ],
            "not_here": [_not_here(file) for file in self.gone],
            "could_not_be_made": self.unmade,
            "not_asked_for": [copy for copy in Copy if copy not in self.chosen],
            "how_to_check": HOW_TO_CHECK,
        }
        return json.dumps(body, ensure_ascii=False, indent=1).encode()


def _not_here(file: GivenFile) -> dict[str, Any]:
    at = file.at.isoformat() if file.at and file.why is Gone.ERASED else None
    return {"name": file.name, "bytes": file.size, "recorded": file.sha256, "why": file.why, "erased_at": at}
