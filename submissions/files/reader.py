"""Reads one file and says what is wrong with it: a program of its own.

    python -I reader.py SECONDS KIND < FILE

``submissions.files.guarded`` runs it so, for whoever reads a hostile file may be led to use up
all time and memory; here that ends one small process. It is given no secret, but it runs as the
portal's user: what that user can read it could, were it taken over (docs/operations.md).
"""

import json
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2]))  # left out by -I

from submissions.files.contents import archive
from submissions.files.contents.checks import CHECKS
from submissions.files.contents.limits import limit
from submissions.files.contents.verdicts import Refusal, Verdict, Word

MEMORY = 512 * 1024 * 1024


def verdict(kind: str, content: bytes) -> Verdict:
    check = {**CHECKS, "zip": archive.check}[kind]
    try:
        check(content)
    except Refusal as refused:
        return refused.verdict
    except (MemoryError, RecursionError):
        return Verdict(Word.COSTLY)
    return Verdict(Word.FINE)


def main(processor: str, kind: str) -> None:
    limit(int(processor), MEMORY)
    found = verdict(kind, sys.stdin.buffer.read())
    sys.stdout.write(json.dumps([found.word, found.kind, found.member]))


if __name__ == "__main__":
    main(*sys.argv[1:])
