"""Has a PDF looked into by a process of its own, which may use so much time and memory."""

import os
import subprocess
import sys
from pathlib import Path

from submissions.files.pdf_contents import COSTLY, VERDICTS

PROGRAM = Path(__file__).with_name("pdf_contents.py")
PROCESSOR = 15  # seconds of computing; a tagged report of a few hundred pages takes five
PATIENCE = 30  # seconds; twice what it may compute, for a machine that is busy


def look_into(content: bytes) -> str:
    """Return the verdict of ``pdf_contents``; a reader that died of the file was asked too much."""
    try:
        done = subprocess.run(  # noqa: S603 -- a program of ours, given no word from outside
            [sys.executable, "-I", str(PROGRAM), str(PROCESSOR)],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PATH": os.defpath},  # none of the portal's keys and passwords
            cwd="/",
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return COSTLY
    said = done.stdout.decode(errors="replace")
    return said if done.returncode == 0 and said in VERDICTS else COSTLY
