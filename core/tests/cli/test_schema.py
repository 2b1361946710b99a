from __future__ import annotations

import json

from sci.cli.main import main


def test_the_schema_of_the_file_is_one_json_document(capsys):
    assert main(["schema"]) == 0

    schema = json.loads(capsys.readouterr().out)
    assert schema["$schema"].endswith("2020-12/schema")
    assert "component.models" in schema["$defs"]


def test_one_component_can_be_asked_for(capsys):
    assert main(["schema", "adamw"]) == 0

    assert json.loads(capsys.readouterr().out)["properties"]["name"] == {"const": "adamw"}


def test_a_name_of_several_components_asks_for_the_kind(capsys):
    assert main(["schema", "linear"]) == 2
    assert "--kind models" in capsys.readouterr().err

    assert main(["schema", "linear", "--kind", "schedule"]) == 0
    assert "end" in json.loads(capsys.readouterr().out)["properties"]


def test_an_unknown_component_has_the_nearest_in_its_hint(capsys):
    assert main(["schema", "adamv", "--json"]) == 2

    assert json.loads(capsys.readouterr().out)["error"]["id"] == "component.unknown"


def test_a_kind_without_a_name_is_not_passed_over(capsys):
    assert main(["schema", "--kind", "nope"]) == 2
    assert "no kind of component is called `nope`" in capsys.readouterr().err

    assert main(["schema", "--kind", "model"]) == 2
    assert "type: sci components --kind model" in capsys.readouterr().err
