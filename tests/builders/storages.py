"""A storage like one of objects somewhere else: no paths, no folders, nothing to be changed."""

import io
from typing import Any

from django.core.files import File
from django.core.files.storage import Storage


class Objects(Storage):
    """Keeps each object by its name, as long as the storage lives."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}

    def _save(self, name: str, content: Any) -> str:
        self.objects[name] = b"".join(content.chunks())
        return name

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        if name not in self.objects:
            raise FileNotFoundError(name)
        return File(io.BytesIO(self.objects[name]), name)

    def exists(self, name: str) -> bool:
        return name in self.objects

    def delete(self, name: str) -> None:
        self.objects.pop(name, None)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        prefix = f"{path.rstrip('/')}/".lstrip("/")
        below = [name.removeprefix(prefix) for name in self.objects if name.startswith(prefix)]
        return (
            sorted({one.split("/")[0] for one in below if "/" in one}),
            sorted(one for one in below if "/" not in one),
        )
