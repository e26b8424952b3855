"""What a program that reads a stranger's file may use."""

import resource


def limit(processor: int, memory: int) -> None:
    """Let this process compute for so many seconds, take so much memory, and write no file."""
    for kind, wanted in (
        (resource.RLIMIT_CPU, processor),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        _soft, hard = resource.getrlimit(kind)
        value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(kind, (value, value))
