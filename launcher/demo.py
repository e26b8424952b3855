"""``run.py demo --reset``: a new demo from nothing, also beneath a running portal."""

import shutil
import time
from collections.abc import Mapping
from pathlib import Path

from launcher.console import say
from launcher.hold import held
from launcher.interrupts import Interrupts
from launcher.portal_user import hand_over
from launcher.postgres import drop_database
from launcher.prepare import manage, prepare
from launcher.processes import has_ended, spawn
from launcher.redis_wire import ask
from launcher.refusal import Refusal
from launcher.services import Services, at_hand
from launcher.start import TICK, portal_child, worker

EMPTIED = ("uploads", "lake", "bulk", "signing")


def reset(
    _arguments: list[str], state: Path, outer: Mapping[str, str], interrupts: Interrupts
) -> int:
    with at_hand(state, outer) as services:
        if not services.embedded:
            raise Refusal(
                "the demo exists on the embedded database only; unset DATABASE_URL to rebuild it."
            )
        with held(services):
            empty(services)
            prepare(services)
        code = _load(services, interrupts)
    say("the demo is rebuilt" if code == 0 else f"the demo is not complete (exit code {code})")
    return code


def empty(services: Services) -> None:
    """Forget all the portal kept. Nothing of it may be running."""
    drop_database(services.owner_url)
    if services.own_broker:
        ask(services.redis_url, "FLUSHALL")  # its messages speak of rows that are gone
    for name in EMPTIED:
        shutil.rmtree(services.state / name)
        (services.state / name).mkdir(mode=0o700)
    hand_over(services.state, services.user)


def _load(services: Services, interrupts: Interrupts) -> int:
    """Load the demo and wait until everything is delivered, which takes a worker."""
    if not services.borrowed:
        services.supervisor.add(portal_child(services, "worker", worker()))
    with interrupts.noted_only():
        loading = spawn(
            manage("load_demo", "--wait"),
            environment=services.for_portal(),
            output=None,
            user=services.user,
        )
        while not has_ended(loading) and interrupts.asked is None:
            services.supervisor.tick()
            time.sleep(TICK)
        if interrupts.asked is not None:
            loading.terminate()
    return loading.wait()
