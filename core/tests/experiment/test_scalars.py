from __future__ import annotations

import pytest

from sci.experiment.scalars import Refused, scalar


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5e-4", 5e-4), ("1e-3", 1e-3), ("1E5", 1e5), (".5", 0.5), ("1.", 1.0), ("+3", 3), ("-3", -3), ("0", 0),
        ("0.0", 0.0), ("9223372036854775807", 2**63 - 1), ("-9223372036854775808", -(2**63)),
        ("true", True), ("false", False), ("null", None), ("~", None), ("", None),
    ],
)  # fmt: skip
def test_numbers_booleans_and_null_are_read_by_yaml_1_2(text, value):
    assert scalar(text) == value
    assert type(scalar(text)) is type(value)


@pytest.mark.parametrize(
    "text",
    [
        "no", "yes", "on", "off", "y", "n", "No", "ON", "True", "NULL",
        "010", "0o14", "0x1F", "0b1", "1_000", "12:30:45", "190:20:30", "2024-05-31", "2001-12-14t21:59:43.10-05:00",
        "1,5", "1e", "e5", "--1", "1.2.3", "nan", "inf", "Infinity", "NaN", "=", "<<", "1 000", "00.5", "１２",
    ],
)  # fmt: skip
def test_what_yaml_1_1_would_convert_stays_as_it_is_written(text):
    assert scalar(text) == text


@pytest.mark.parametrize(
    "text",
    [
        ".nan", ".NaN", ".inf", "-.inf", "+.INF", "1e999", "-1e999", "1e-999", "-0", "-0.0", "-0e5",
        "9223372036854775808", "-9223372036854775809", "9" * 5000,
    ],
)  # fmt: skip
def test_numbers_that_no_setting_can_hold_are_refused(text):
    with pytest.raises(Refused):
        scalar(text)
