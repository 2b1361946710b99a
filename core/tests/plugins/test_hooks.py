"""What pluggy would let through and must not get through here."""

from __future__ import annotations

import pytest

from sci.hookspecs import GROUPS, OBSERVER_HOOKS, STAGE_HOOKS
from sci.plugins.hooks import new_manager

HEAD = "from sci.api import ComponentSpec, hookimpl\n"


def reason(site, source: str) -> str:
    site.add("sci-probe", HEAD + source)
    [record] = site.system().records
    assert record.status == "broken"
    assert record.specs == {}
    return record.reason


WRAPPER = """
@hookimpl(wrapper=True)
def sci_load(context):
    context.append("{0} in")
    result = yield
    context.append("{0} out")
    return result
"""


class Core:
    from sci.api import hookimpl

    @hookimpl(trylast=True)
    def sci_load(self, context):
        context.append("core")
        return "rows"


def test_wrappers_nest_in_the_order_of_plugin_names_not_of_installation(site):
    for name in ("zebra", "apple", "mango"):
        site.add(f"sci-{name}", HEAD + WRAPPER.format(name))
    system = site.system()
    system.register_core(Core())
    calls: list[str] = []

    result = system.hooks.sci_load(context=calls)

    assert result == "rows"
    assert calls == ["zebra in", "mango in", "apple in", "core", "apple out", "mango out", "zebra out"]
    assert system.wrappers() == {"sci_load": ["zebra", "mango", "apple"]}
    assert {record.name: record.wraps for record in system.records} == dict.fromkeys(
        ("apple", "mango", "zebra"), ("sci_load",)
    )


def test_a_plugin_cannot_replace_a_stage(site):
    assert "write @hookimpl(wrapper=True)" in reason(site, "@hookimpl\ndef sci_train(context, prepared): return 1")


def test_a_stage_has_one_implementation_after_all_plugins_are_loaded(site):
    site.add("sci-thief", HEAD + "@hookimpl(tryfirst=True)\ndef sci_train(context, prepared): return 'stolen'")
    site.add("sci-honest", HEAD + WRAPPER.format("honest"))

    system = site.system()

    for stage in STAGE_HOOKS:
        assert [one for one in getattr(system.hooks, stage).get_hookimpls() if not one.wrapper] == []


def test_one_raising_catalogue_hook_hides_nothing_of_the_others(site, metric):
    site.add("sci-abad", HEAD + "@hookimpl\ndef sci_metrics(): raise ValueError('oops')")
    site.add("sci-good", metric("sci_good", "tone"))
    site.add("sci-later", metric("sci_later", "pitch"))

    system = site.system()

    assert [record.status for record in system.records] == ["broken", "ok", "ok"]
    assert system.records[0].reason == "ValueError: oops (sci_abad/plugin.py:3)"
    assert system.registry.names("metrics") == ["pitch", "tone"]


def test_a_misspelt_hook_is_named_with_the_nearest_one(site):
    assert (
        reason(site, "@hookimpl\ndef sci_modles(): return []")
        == "there is no hook `sci_modles`; did it mean `sci_models`?"
    )


def test_an_unknown_hook_may_be_marked_as_optional(site):
    site.add("sci-future", HEAD + "@hookimpl(optionalhook=True)\ndef sci_quantum_stage(): return []")

    assert [record.status for record in site.system().records] == ["ok"]


def test_a_hook_without_its_mark_is_named(site):
    assert reason(site, "def sci_models(): return []").startswith("`sci_models` is not marked with @hookimpl")


def test_helpers_from_other_modules_may_have_any_name(site):
    site.add(
        "sci-helped",
        HEAD + "from sci_helped.names import sci_helper\nimport sci_helped.names as sci_models\n",
        files={"sci_helped/names.py": "def sci_helper(): return 1\n"},
    )

    assert [record.status for record in site.system().records] == ["ok"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "@hookimpl(wrapper=True)\ndef sci_load(context, rows): yield",
            "`sci_load` has no argument `rows`; it is called with context",
        ),
        (
            "@hookimpl\ndef sci_models(kind): return []",
            "`sci_models` has no argument `kind`; it is called without arguments",
        ),
        ("@hookimpl\ndef sci_stage_started(*, context): ...", "`sci_stage_started` takes `context` by keyword only"),
        ("@hookimpl\ndef sci_stage_started(context=None): ...", "`sci_stage_started` gives `context` a default"),
        ("@hookimpl\nasync def sci_models(): return []", "`sci_models` is async"),
        ("@hookimpl\nasync def sci_models(): yield 1", "`sci_models` is async"),
        ("sci_models = []", "`sci_models` is a list, not a function marked with @hookimpl"),
        ("class Odd: ...\nsci_models = hookimpl(Odd())", "`sci_models` is a Odd, not a function"),
        ("@hookimpl(hookwrapper=True)\ndef sci_load(context): yield", "`sci_load` is an old-style hookwrapper"),
        ("@hookimpl(wrapper=True)\ndef sci_load(context): return 1", "`sci_load` does not yield"),
        ("@hookimpl(wrapper=True)\ndef sci_models(): yield", "`sci_models` is no stage, so there is nothing to wrap"),
        ("@hookimpl\ndef sci_stage_started(context): yield", "`sci_stage_started` yields"),
        ("class P:\n    @hookimpl\n    def sci_models(self): ...\nsci_models = P.sci_models", "has no argument `self`"),
    ],
)
def test_what_would_fail_when_it_is_called_is_refused_when_it_is_loaded(site, source, expected):
    assert expected in reason(site, source)


def test_arguments_may_be_left_out(site):
    site.add("sci-brief", HEAD + "@hookimpl\ndef sci_stage_finished(seconds): ...")

    [record] = site.system().records

    assert (record.status, record.observes) == ("ok", ("sci_stage_finished",))


@pytest.mark.parametrize(
    ("returned", "expected"),
    [
        ("None", "`sci_models` returns None, not a list of ComponentSpec"),
        ("'bert'", "`sci_models` returns a str"),
        ("{'bert': 1}", "`sci_models` returns a dict"),
        ("float('nan')", "`sci_models` returns a float"),
        ("['bert']", "`sci_models` returns a list with a str in it"),
        ("[ComponentSpec('Bert', {'torch': 'a:b'})]", "name 'Bert' is not lower case, digits and hyphens"),
        ("[ComponentSpec('../bert', {'torch': 'a:b'})]", "name '../bert'"),
        ("[ComponentSpec(7, {'torch': 'a:b'})]", "name 7"),
        ("[ComponentSpec('bert', 'a:b')]", "spec `bert`: target is a str; a model has one for each engine"),
        ("[ComponentSpec('bert', {})]", "spec `bert`: target is a dict"),
        ("[ComponentSpec('bert', {'torch': 'os.system'})]", "spec `bert`: target for torch is 'os.system'"),
        ("[ComponentSpec('bert', {'torch': 'a:b()'})]", "spec `bert`: target for torch is 'a:b()'"),
        ("[ComponentSpec('bert', {'Torch': 'a:b'})]", "spec `bert`: target has the engine 'Torch'"),
        ("[ComponentSpec('bert', {'torch': 'a:b'}, config='a.b')]", "spec `bert`: config is 'a.b'"),
        ("[ComponentSpec('bert', {'torch': 'a:b'}, tasks='regression')]", "spec `bert`: tasks is 'regression'"),
        ("[ComponentSpec('bert', {'torch': 'a:b'}, accepts=('word',))]", "spec `bert`: accepts is ('word',)"),
        ("[ComponentSpec('bert', {'torch': 'a:b'}, summary=None)]", "spec `bert`: summary is None"),
        (
            "[ComponentSpec('bert', {'torch': 'a:b'}), ComponentSpec('bert', {'torch': 'c:d'})]",
            "two specs are named `bert` on torch",
        ),
    ],
)
def test_what_a_catalogue_hook_returns_is_checked_field_by_field(site, returned, expected):
    assert expected in reason(site, f"@hookimpl\ndef sci_models(): return {returned}")


def test_a_component_of_every_engine_has_one_target(site):
    source = "@hookimpl\ndef sci_metrics(): return [ComponentSpec('tone', {'torch': 'a:b'})]"

    assert "every engine uses the same metric" in reason(site, source)


def test_specs_may_come_from_a_generator_and_its_errors_are_the_plugins_own(site):
    site.add("sci-lazy", HEAD + "@hookimpl\ndef sci_metrics():\n    yield ComponentSpec('tone', 'a:b')")
    site.add(
        "sci-worse",
        HEAD + "@hookimpl\ndef sci_metrics():\n    yield ComponentSpec('tone', 'a:b')\n    raise OSError('later')",
    )

    lazy, worse = site.system().records

    assert [spec.name for spec in lazy.specs["metrics"]] == ["tone"]
    assert worse.reason.startswith("OSError: later")


def test_one_name_on_two_engines_may_be_two_specs(site):
    site.add(
        "sci-split",
        HEAD
        + "@hookimpl\ndef sci_models():\n"
        + "    return [ComponentSpec('m', {'torch': 'a:b'}), ComponentSpec('m', {'numpy': 'a:c'})]",
    )

    assert site.system().registry.find("models", "m", "numpy").target() == "a:c"


@pytest.mark.parametrize(
    ("returned", "expected"),
    [
        ("['tone']", "not a mapping"),
        ("{'Tone': 'p:folder'}", "is no name"),
        ("{'tone': '/etc'}", "write `package:folder`"),
        ("{'tone': 'p:../../etc'}", "write `package:folder`"),
    ],
)
def test_experiment_templates_are_checked(site, returned, expected):
    assert expected in reason(site, f"@hookimpl\ndef sci_experiments(): return {returned}")


def test_a_refused_plugin_leaves_nothing_behind(site):
    source = WRAPPER.format("half") + "\n@hookimpl\ndef sci_models(): return None\n"
    site.add("sci-half", HEAD + source)

    system = site.system()

    assert system.manager.get_plugins() == set()
    assert system.hooks.sci_load.get_hookimpls() == []


def test_properties_of_a_plugin_object_are_not_run(site, tmp_path):
    canary = tmp_path / "canary"
    site.add(
        "sci-property",
        f"""
        class Plugin:
            @property
            def sci_models(self):
                open({str(canary)!r}, "w")

            @property
            def other(self):
                open({str(canary)!r}, "w")

        plugin = Plugin()
        """,
        module="sci_property.plugin:plugin",
    )

    [record] = site.system().records

    assert record.reason == "`sci_models` is a property, not a function marked with @hookimpl"
    assert not canary.exists()


def test_a_module_that_is_two_plugins_is_one(site, metric):
    site.add("sci-first", metric("sci_first", "tone"))
    site.add("sci-second", "", module="sci_first.plugin")
    site.write("sci_first/plugin.py", metric("sci_first", "tone"))

    first, second = site.system().records

    assert (first.status, second.status) == ("ok", "broken")


def test_no_hook_is_historic_and_stages_give_the_first_result():
    manager = new_manager()

    for group in GROUPS:
        for name in (name for name in vars(group) if name.startswith("sci_")):
            options = getattr(manager.hook, name).spec.opts
            assert not options["historic"]
            assert options["firstresult"] is (name in STAGE_HOOKS)


def test_calls_are_not_traced(site, metric):
    site.add("sci-good", metric("sci_good", "tone"))

    assert site.system().manager._inner_hookexec.__name__ == "_multicall"


def test_a_plugin_is_disabled_by_the_name_of_its_distribution_before_it_is_imported(site, tmp_path):
    canary = tmp_path / "canary"
    site.add("sci-noisy", f"open({str(canary)!r}, 'w')", name="loud")

    for name in ("sci-noisy", "SCI_Noisy", "loud", "*", "sci-n*"):
        [record] = site.system(environ={"SCI_DISABLE_PLUGINS": f"other, {name}"}).records
        assert (record.status, record.reason) == ("disabled", "by SCI_DISABLE_PLUGINS")
    assert not canary.exists()


def test_a_slip_in_the_list_of_disabled_plugins_is_said(site, metric):
    site.add("sci-good", metric("sci_good", "tone"))

    system = site.system(environ={"SCI_DISABLE_PLUGINS": "sci-godo"})

    assert system.warnings() == ["warning: SCI_DISABLE_PLUGINS names `sci-godo`, which is not installed"]


def test_observers_are_told_one_by_one_and_what_they_raise_comes_back(site):
    site.add("sci-abad", HEAD + "@hookimpl\ndef sci_stage_started(context, stage): raise ValueError(stage)")
    site.add("sci-good", HEAD + "@hookimpl\ndef sci_stage_started(stage, context): context.append(stage)")
    system = site.system()
    heard: list[str] = []

    [(record, error)] = system.notify("sci_stage_started", context=heard, stage="load")

    assert heard == ["load"]
    assert (record.distribution, str(error)) == ("sci-abad", "load")


def test_the_observer_hooks_are_those_that_return_nothing():
    assert set(OBSERVER_HOOKS).isdisjoint(STAGE_HOOKS)
