"""The doctor outlives its patients."""

from __future__ import annotations

import pytest

from sci.plugins.doctor import examine
from sci.plugins.policy import Policy
from sci.plugins.selection import scan


@pytest.fixture
def examined(site, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(site.path))

    def run(timeout: float = 20, environ=None):
        return examine(scan(Policy(), discovery=site.discovery, environ=environ or {}), timeout)

    return run


def test_a_healthy_plugin_is_timed(site, metric, examined):
    site.add("sci-good", metric("sci_good", "tone"))

    [found] = examined()

    assert (found.status, found.needs_attention, found.frameworks) == ("ok", False, ())
    assert found.seconds > 0


@pytest.mark.timeout(55)  # the grandchild lives for 60 s
def test_a_grandchild_that_holds_the_output_open_is_not_waited_for(site, examined):
    source = "import os, subprocess\nsubprocess.Popen(['sleep', '60'])\nos._exit(0)\n"
    site.add("sci-parent", source)

    [found] = examined()

    assert found.reason == "ends the program while it is loaded (exit code 0)"


def test_a_plugin_that_asks_a_question_gets_no_answer(site, examined):
    site.add("sci-curious", "input('licence? ')")

    [found] = examined()

    assert found.reason.startswith("EOFError")


@pytest.mark.timeout(55)
def test_threads_and_exit_handlers_do_not_keep_the_doctor_waiting(site, metric, examined):
    source = "import atexit, threading, time\nthreading.Thread(target=time.sleep, args=(60,)).start()\n"
    source += "atexit.register(time.sleep, 60)\n"
    site.add("sci-slow", source + metric("sci_slow", "tone"))

    [found] = examined()

    assert found.status == "ok"


def test_the_way_to_the_fault_and_what_is_lost_are_told(site, metric, examined):
    site.add(
        "sci-bad", "from sci_bad import deep\n" + metric("sci_bad", "tone"), files={"sci_bad/deep.py": "\n1 / 0\n"}
    )

    [found] = examined()

    assert found.reason == "ZeroDivisionError: division by zero (sci_bad/plugin.py:1)"
    assert found.frames == ("sci_bad/plugin.py:1  from sci_bad import deep", "sci_bad/deep.py:2  1 / 0")
    assert found.claims == ("tone",)
    assert "ZeroDivisionError" in found.traceback


def test_what_it_wrote_to_standard_error_is_kept(site, metric, examined):
    site.add("sci-loud", "print('no licence')\n1 / 0\n")

    [found] = examined()

    assert "no licence" in found.output


def test_a_framework_that_slipped_past_the_guard_is_named(site, metric, examined):
    site.write("torch.py", "")
    source = "import threading\nthread = threading.Thread(target=__import__, args=('torch',))\n"
    source += "thread.start()\nthread.join()\n"
    site.add("sci-sly", source + metric("sci_sly", "tone"))

    [found] = examined()

    assert (found.status, found.frameworks) == ("ok", ("torch",))


def test_what_may_not_be_loaded_is_not(site, tmp_path, examined):
    canary = tmp_path / "canary"
    site.add("sci-off", f"open({str(canary)!r}, 'w')")

    [found] = examined(environ={"SCI_DISABLE_PLUGINS": "off"})

    assert (found.status, found.needs_attention) == ("disabled", False)
    assert not canary.exists()
