"""The one way the launcher says no."""


class Refusal(Exception):  # noqa: N818 -- said to a person, like SystemExit
    """One sentence for the person at the keyboard: what is wrong and what to do."""


DISK_FULL = "No space left on device"


def explain(what: str, output: str) -> Refusal:
    """Turn the output of a failed program into a refusal; its last line is the reason."""
    if DISK_FULL in output:
        return Refusal(f"{what}: the disk is full; free some space and start again.")
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    reason = f" ({lines[-1]})" if lines else ""
    return Refusal(f"{what}{reason}; what it said stands above. Mend it and start again.")
