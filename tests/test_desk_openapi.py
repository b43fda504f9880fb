"""The whole OpenAPI description, tried by schemathesis on a real server: requests well-formed and not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="the extra 'desk' is not installed")
pytest.importorskip("schemathesis", reason="schemathesis is not installed")

import schemathesis
from desks import TEXT, Served
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from desk import accounts
from desk.store import Store

# Requests an operation, well-formed and again as many malformed ones; all take about a minute.
EXAMPLES = 40


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, tiny_model: Any) -> Iterator[tuple[str, str]]:
    """The URL of a desk with an article in it, and a key."""
    database = tmp_path_factory.mktemp("openapi") / "desk.db"
    with Store.open(str(database)) as store:
        key = accounts.make_key(store, "tester", "reviewer")
    server = Served("--database", database, "--model", tiny_model)
    try:
        assert server.call("/api/v1/articles", {"id": "a", "text": TEXT}, key=key)[0] == 201
        yield server.url, key
    finally:
        server.stop()


OPERATIONS = (
    *("tag", "add_articles", "list_articles", "get_article", "decide"),
    *("export", "statistics", "officials", "export_officials", "log", "export_log", "topics"),
)


@pytest.fixture(scope="module")
def operations(served: tuple[str, str]) -> dict[str, Any]:
    description = schemathesis.openapi.from_url(f"{served[0]}/api/v1/openapi.json")
    found = [each.ok() for each in description.get_all_operations()]
    return {each.definition.raw["operationId"]: each for each in found}


def test_every_operation_is_tried(operations: dict[str, Any]) -> None:
    assert set(operations) == set(OPERATIONS)


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_does_what_its_description_says(
    operations: dict[str, Any], served: tuple[str, str], name: str, mode: Any
) -> None:
    @given(case=operations[name].as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def attempt(case: Any) -> None:
        # No schema can say which bytes are a Word file or a table that can be read.
        is_file = case.media_type == "multipart/form-data"
        case.call_and_validate(
            headers={"Authorization": f"Bearer {served[1]}"},
            excluded_checks=[positive_data_acceptance] if is_file else [],
        )

    attempt()
