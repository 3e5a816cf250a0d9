"""No figure is dead: changing any by half changes the evidence of the run named for it in expected/figures.toml."""

import pytest

from tests.expected.figures import read, shows

ROWS = read()
# Figures that the same run shows stand together: it is run once for them.
SHOWN = sorted((name for name, row in ROWS.items() if "scenario" in row),
               key=lambda name: (ROWS[name]["scenario"], ROWS[name]["site"], str(ROWS[name].get("given"))))  # fmt: skip


@pytest.mark.timeout(240)  # some show late in a year
@pytest.mark.parametrize("name", SHOWN)
def test_a_changed_figure_changes_the_evidence(name: str) -> None:
    row = ROWS[name]
    assert shows(row["scenario"], row["site"], row["path"], row.get("given", {})), f"{name} shows nowhere"


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if "idle" in row])
def test_a_figure_that_cannot_act_on_its_site_does_not(name: str) -> None:
    row = ROWS[name]
    assert not shows("failover.active-server-crash", row["site"], row["path"], {})
