"""Become another program that does not outlive the launcher.

    python -I -S leash.py SIGNAL PARENT UID|- PROGRAM [ARGUMENTS]

Runs in the child before the program does: it takes the user id away if asked, lets the
kernel send SIGNAL when the parent dies, and executes PROGRAM under the same process id.
A small program instead of a ``preexec_fn``: nothing of ours runs between fork and exec of
a process with threads, and all imports are done while the user may still read them (the
Python may lie under /root, where the unprivileged user can open nothing).
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1
PARENT_GONE = 112


def _drop_to(uid: int) -> None:
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)


def main(arguments: list[str]) -> None:
    death_signal, parent, uid, *program = arguments
    prctl = getattr(ctypes.CDLL(None), "prctl", None)  # Linux only
    if uid != "-":
        _drop_to(int(uid))
    # After the change of user: the kernel forgets the signal when credentials change.
    if prctl is not None:
        prctl(PR_SET_PDEATHSIG, int(death_signal))
    if os.getppid() != int(parent):
        sys.exit(PARENT_GONE)  # it died before the kernel could be told
    # With a full path: a search along PATH would import once more, too late for that.
    os.execv(program[0], program)  # noqa: S606 -- this is what a leash is for


if __name__ == "__main__":
    main(sys.argv[1:])
