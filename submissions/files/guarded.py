"""Has a file read by a process of its own, which may use so much time and memory."""

import json
import os
import subprocess
import sys
from pathlib import Path

from submissions.files.contents.verdicts import Verdict, Word

PROGRAM = Path(__file__).with_name("reader.py")
PROCESSOR = 15  # seconds of computing; a tagged report of a few hundred pages takes five
PATIENCE = 30  # seconds; twice what it may compute, for a machine that is busy


def look_into(kind: str, content: bytes) -> Verdict:
    """Return what is wrong with a file; a reader that died of it was asked too much."""
    said = run(PROGRAM, str(PROCESSOR), kind, content=content, patience=PATIENCE)
    try:
        word, part, member = json.loads(said or b"")
        return Verdict(Word(word), part, member)
    except ValueError:
        return Verdict(Word.COSTLY)


def run(program: Path, *words: str, content: bytes, patience: float) -> bytes | None:
    """Run a program of ours on a file; return what it wrote, None when it failed or was slow."""
    try:
        done = subprocess.run(  # noqa: S603 -- a program of ours, given no word from outside
            [sys.executable, "-I", str(program), *words],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PATH": os.defpath},  # none of the portal's keys and passwords
            cwd="/",
            timeout=patience,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    return done.stdout if done.returncode == 0 else None
