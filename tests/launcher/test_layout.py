from pathlib import Path

import pytest

from launcher.layout import FOLDERS, REPO, ROOT_STATE, is_root, open_state, state_folder


@pytest.mark.parametrize("testing", [False, True])
@pytest.mark.parametrize("chosen", ["", "/srv/portal"])
@pytest.mark.parametrize("root", [False, True])
def test_tests_never_share_the_state_of_the_portal(testing: bool, chosen: str, root: bool) -> None:
    environment = {"PORTAL_STATE_DIR": chosen} if chosen else {}

    path = state_folder(environment, testing=testing, root=root)

    assert path.name.endswith("-test") == testing
    if chosen:
        assert path.parent == Path("/srv")
    else:
        assert path.parent == (ROOT_STATE if root else REPO)


def test_state_holds_a_folder_for_each_keeper(folder: Path) -> None:
    state = folder / "new" / "state"

    open_state(state, root=is_root())
    open_state(state, root=is_root())

    assert {path.name for path in state.iterdir()} == set(FOLDERS)
    assert {path.stat().st_mode & 0o777 for path in state.iterdir()} == {0o700}
