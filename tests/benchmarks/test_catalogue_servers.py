"""Readers of the benchmark: what they heard is counted, and an error ends the run."""

import os
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import SimpleNamespace

import pytest

from benchmarks.catalogue_servers import Heard, Server, ask


class Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(429 if "busy" in self.path else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_said: object) -> None:
        pass  # the test says what went wrong


@pytest.fixture
def server() -> Iterator[Server]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as served:
        Thread(target=served.serve_forever, daemon=True).start()
        process = SimpleNamespace(pid=os.getpid())
        yield Server("of the test", served.server_address[1], process)  # type: ignore[arg-type]  # of a process only its number is asked
        served.shutdown()


def test_each_answer_is_heard_once(server: Server):
    heard = Heard()

    ask(server, ["/one", "/other"], 8, heard, readers=4)

    assert len(heard.seconds) == 8
    assert heard.row()["req/s"] == pytest.approx(8 / heard.wall, abs=0.05)


def test_a_refusal_ends_the_run_and_is_no_figure(server: Server):
    heard = Heard()

    with pytest.raises(SystemExit, match=r"^/busy: 429$"):
        ask(server, ["/one", "/busy"], 8, heard, readers=2)

    assert heard.seconds == []
