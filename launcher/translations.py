"""Compile what the translators wrote, without gettext, which a bare machine has not."""

from pathlib import Path

import polib

from launcher.refusal import Refusal


def compile_all(repo: Path) -> int:
    """Write each .mo that is missing or older than its .po; return how many were written."""
    written = 0
    for source in sorted(repo.glob("**/locale/*/LC_MESSAGES/*.po")):
        if any(part.startswith(".") for part in source.relative_to(repo).parts):
            continue  # packages in .venv bring their own, compiled
        written += _compile(source)
    return written


def _compile(source: Path) -> bool:
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
        return False
    half = target.with_suffix(".mo.half")
    try:
        polib.pofile(str(source)).save_as_mofile(str(half))
        half.chmod(0o644)  # whoever serves the pages reads it, whatever the mask of who compiles
        half.replace(target)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise Refusal(f"the translation {source} cannot be compiled ({error}).") from error
    return True
