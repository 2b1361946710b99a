"""What the policies in force say about an experiment: locked values, defaults, steps in front, what a report must have.

It is worked into the document before anything is checked, each value with the line of the policy as its place. So a
mistake in a policy is shown in the policy, and a change of what is locked is shown where the experiment makes it.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from sci.api.errors import Place, PolicyError, SciError, SeveralErrors
from sci.experiment.components import name_of
from sci.experiment.document import Document, Keys, dotted, walk
from sci.experiment.generic import generic_keys
from sci.experiment.model import Experiment
from sci.experiment.overrides import placed
from sci.experiment.scalars import Refused, scalar
from sci.experiment.writing import inline
from sci.plugins.nearest import nearest
from sci.plugins.policyreader import Plain

if TYPE_CHECKING:
    from sci.plugins.policy import Policy
    from sci.plugins.policyfile import PolicyFile
    from sci.plugins.policyreader import Setting
    from sci.plugins.registry import Registry

PROSE = ("question", "intended_use")
"""Sections of a report that come from a key of the experiment; all others come from an analysis of that name."""


class Rule(NamedTuple):
    """One value that a policy gives for a key of the experiment."""

    policy: PolicyFile
    setting: Setting
    value: Any

    @property
    def keys(self) -> tuple[str, ...]:
        """The way to the value."""
        return self.setting.keys

    @property
    def where(self) -> Place:
        """The line of the policy, without a column."""
        return Place(self.setting.place.file, self.setting.place.line)


class Given(NamedTuple):
    """A value that the experiment has from a policy."""

    keys: Keys
    value: Any
    how: str
    policy: PolicyFile
    where: Place

    @property
    def line(self) -> str:
        """One line for people, such as the head of the resolved configuration has."""
        shown = inline(self.value)
        shown = shown if len(shown) <= 60 else f"{shown[:56]} ..."
        return f"{dotted(self.keys)}: {shown}   {self.how} of {self.policy.words} ({self.where})"


def locks(policy: Policy) -> list[Rule]:
    """The locked values; of several for one key the one of the highest level."""
    return list(_first(policy, "locked", set()))


def defaults(policy: Policy) -> list[Rule]:
    """The default values; those of keys that are locked do not count."""
    return list(_first(policy, "defaults", {rule.keys for rule in locks(policy)}))


def steps(policy: Policy) -> list[Rule]:
    """The preprocessing steps that stand in front, those of the highest level first."""
    return [Rule(file, one, plain(one)) for file in policy.files for one in file.first]


def seeds(policy: Policy) -> Rule | None:
    """The largest of the minimum numbers of seeds."""
    found = [
        Rule(file, file.minimum_seeds, file.minimum_seeds.value)
        for file in policy.files
        if file.minimum_seeds is not None
    ]
    return max(found, key=lambda rule: int(rule.value), default=None)


def governed(document: Document, registry: Registry) -> tuple[Document, tuple[Given, ...]]:
    """The document as the policies in force want it, and what they gave.

    Raises:
        PolicyError: the experiment changes what is locked, has too few seeds, or lacks what a report must have.
    """
    policy = registry.policy
    house = _House(document, registry)
    for rule in locks(policy):
        house.lock(rule)
    house.seeds(seeds(policy))
    house.prepend(steps(policy))
    for file in policy.files:
        house.sections(file)
    for rule in defaults(policy):
        house.default(rule)
    mistakes = sorted(house.mistakes, key=_order)
    if mistakes:
        raise mistakes[0] if len(mistakes) == 1 else SeveralErrors(mistakes)
    return house.document, tuple(house.given)


def with_steps(document: Document, registry: Registry) -> Document:
    """The document of a baseline: a rival has settings of its own, and the steps in front all the same."""
    house = _House(document, registry)
    house.prepend(steps(registry.policy))
    return house.document


def plain(setting: Setting) -> Any:
    """The value as an experiment file would have it.

    Raises:
        PolicyError: the key is none of an experiment, or a number is none that a setting can hold.
    """
    if setting.keys[0] not in Experiment.model_fields:
        guess = nearest(setting.keys[0], Experiment.model_fields)
        raise PolicyError(
            f"`{setting.dotted}` is no key of an experiment" + (f"; did you mean `{guess}`?" if guess else ""),
            id="policy.malformed",
            where=setting.place,
        )
    try:
        return _plain(setting.value)
    except Refused as refused:
        raise PolicyError(
            f"the number in `{setting.dotted}` {refused}", id="policy.malformed", where=setting.place
        ) from None


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return scalar(str(value)) if isinstance(value, Plain) else value


def head(given: Iterable[Given]) -> str:
    """Comments that say where values of a resolved configuration come from; nothing where no policy gave any."""
    lines = [f"# {one.line}\n" for one in given]
    return "".join(["# Not from the experiment file:\n", *lines]) if lines else ""


def _first(policy: Policy, group: str, taken: set[tuple[str, ...]]) -> Iterator[Rule]:
    for file in policy.files:
        for setting in getattr(file, group):
            if not any(_overlap(setting.keys, keys) for keys in taken):
                taken.add(setting.keys)
                yield Rule(file, setting, plain(setting))


def _order(mistake: SciError) -> tuple[bool, int, int]:
    """By line; what stands on the command line comes last."""
    where = mistake.where or Place("")
    return (where.line is None, where.line or 0, where.column or 0)


def _overlap(first: Keys, second: Keys) -> bool:
    depth = min(len(first), len(second))
    return first[:depth] == second[:depth]


class _House:
    """A document on its way through the policies."""

    def __init__(self, document: Document, registry: Registry) -> None:
        self.document = document
        self.registry = registry
        self.given: list[Given] = []
        self.mistakes: list[SciError] = []

    def lock(self, rule: Rule) -> None:
        found = self._said(rule.keys)
        if found is None:
            self._put(rule, rule.value, "locked value")
        elif not agrees(rule.value, found):
            self._refuse(
                f"`{dotted(rule.keys)}` is locked to {inline(rule.value)} by {rule.policy.title}",
                "policy.locked",
                rule,
                self.document.place(rule.keys),
                f"{rule.keys[-1]}: {inline(rule.value)}",
            )
        elif (whole := _merged(rule.value, found)) != found:
            self._put(rule, whole, "locked value")

    def default(self, rule: Rule) -> None:
        if self._said(rule.keys) is None:
            self._put(rule, rule.value, "default")

    def seeds(self, rule: Rule | None) -> None:
        if rule is None:
            return
        found = self.document.get(rule.keys)
        if found is None:
            self._put(rule, rule.value, "least number")
        elif isinstance(found, int) and found < rule.value:
            self._refuse(
                f"{found} {'seed is' if found == 1 else 'seeds are'} fewer than the {rule.value} that "
                f"{rule.policy.title} asks for",
                "policy.seeds",
                rule,
                self.document.place(rule.keys),
                f"seeds: {rule.value}",
            )

    def prepend(self, rules: list[Rule]) -> None:
        """Put steps in front, unless just these stand there already, as in a resolved configuration."""
        found = self.document.get(("preprocessing",))
        if not rules or not (found is None or isinstance(found, list)):
            return
        own = list(found or ())
        if len(own) >= len(rules) and all(map(self._is_same_step, [rule.value for rule in rules], own)):
            return
        places: dict[Keys, Place] = {
            ("preprocessing", position): rule.setting.place for position, rule in enumerate(rules)
        }
        moved = _moved_back(self.document, ("preprocessing",), len(rules))
        self.document = _replaced(moved, ("preprocessing",), [*(rule.value for rule in rules), *own], places)
        self.given += [
            Given(("preprocessing", position), rule.value, "step in front", rule.policy, rule.where)
            for position, rule in enumerate(rules)
        ]

    def _is_same_step(self, wanted: Any, found: Any) -> bool:
        """Whether two steps have the same settings, defaults included: one that is weaker is not the house's."""
        both = [_in_full(step, self.registry) for step in (wanted, found)]
        return both[0] is not None and both[0] == both[1]

    def sections(self, policy: PolicyFile) -> None:
        """What every report must have: texts that the experiment gives, and analyses, which are added."""
        for wanted in policy.sections:
            if wanted.pattern in PROSE:
                if not str(self.document.get((wanted.pattern,)) or "").strip():
                    self.mistakes.append(
                        PolicyError(
                            f"the experiment lacks `{wanted.pattern}`, which {policy.title} asks of every report",
                            id="policy.section",
                            where=self.document.place((), key=True),
                            note=policy.note(wanted.place),
                            hint=f"{wanted.pattern}: ...",
                        )
                    )
                continue
            analyses = self.document.get(("analysis",))
            if not (analyses is None or isinstance(analyses, list)):
                continue
            if wanted.pattern not in [name_of(one) for one in analyses or ()]:
                whole = [*(analyses or ()), wanted.pattern]
                places: dict[Keys, Place] = {("analysis", len(whole) - 1): wanted.place}
                self.document = _replaced(self.document, ("analysis",), whole, places)
                at = Place(wanted.place.file, wanted.place.line)
                self.given.append(Given(("analysis", len(whole) - 1), wanted.pattern, "section", policy, at))
        if policy.sections and self.document.get(("report",)) == []:
            self.mistakes.append(
                PolicyError(
                    f"there is no report, and {policy.title} asks for one",
                    id="policy.section",
                    where=self.document.place(("report",)),
                    note=policy.note(policy.sections[0].place),
                    hint="report: [html]",
                )
            )

    def _said(self, keys: tuple[str, ...]) -> Any:
        """What the experiment says; `random` says the same as `{name: random}`."""
        above = self.document.get(keys[:-1]) if keys[-1] == "name" else None
        return above if isinstance(above, str) else self.document.get(keys)

    def _put(self, rule: Rule, value: Any, how: str) -> None:
        if not _has_room(self.document, rule.keys):
            return  # The shape of the file is judged elsewhere.
        self.document = placed(self.document, rule.keys, value, rule.setting.place)
        self.given.append(Given(rule.keys, value, how, rule.policy, rule.where))

    def _refuse(self, message: str, id: str, rule: Rule, where: Place, hint: str) -> None:
        note = rule.policy.note(rule.setting.place)
        self.mistakes.append(PolicyError(message, id=id, where=where, note=note, hint=hint))


def agrees(locked: Any, found: Any) -> bool:
    """Whether a value says what is locked; a component may have settings beside those that are locked."""
    if isinstance(locked, dict) and "name" in locked and isinstance(found, str):
        return bool(locked["name"] == found)
    if isinstance(locked, str) and isinstance(found, dict):
        return bool(found.get("name") == locked)
    if isinstance(locked, dict):
        same = isinstance(found, dict) and locked.get("name") in (None, found.get("name"))
        return same and all(key not in found or agrees(value, found[key]) for key, value in locked.items())
    if isinstance(locked, list):
        return isinstance(found, list) and len(locked) == len(found) and all(map(agrees, locked, found))
    return bool(locked == found) and isinstance(locked, bool) == isinstance(found, bool)


def _merged(locked: Any, found: Any) -> Any:
    """The value with the locked settings that it leaves out."""
    if isinstance(locked, dict) and isinstance(found, str):
        return dict(locked)
    if isinstance(locked, dict):
        return {**found, **{key: _merged(value, found.get(key, value)) for key, value in locked.items()}}
    if isinstance(locked, list):
        return [_merged(value, one) for value, one in zip(locked, found, strict=True)]
    return found


def _has_room(document: Document, keys: Keys) -> bool:
    """Whether every value on the way is a mapping, a component's name, or not there."""
    held = [document.get(keys[:depth]) for depth in range(1, len(keys))]
    return all(one is None or isinstance(one, dict | str) for one in held)


def _in_full(step: Any, registry: Registry) -> dict[str, Any] | None:
    """A step with all its settings; None where it cannot be made, which is judged elsewhere."""
    settings = dict(step) if isinstance(step, dict) else {"name": step}
    try:
        model = registry.find("preprocessors", settings.pop("name")).config_class()
        shared = {key: settings.pop(key) for key in generic_keys("preprocessors", model) if key in settings}
        checked = model.model_validate_json(json.dumps(settings), strict=True)
        return {**shared, "name": name_of(step), "settings": checked.model_dump(mode="json", by_alias=True)}
    except Exception:
        return None


def _moved_back(document: Document, keys: Keys, by: int) -> Document:
    """The document with the items of a list so many positions further back."""

    def behind(known: Mapping[Keys, Place]) -> dict[Keys, Place]:
        return {_moved(one, keys, by): place for one, place in known.items()}

    return dataclasses.replace(document, values=behind(document.values), names=behind(document.names))


def _moved(known: Keys, keys: Keys, by: int) -> Keys:
    if known[: len(keys)] != keys or len(known) == len(keys):
        return known
    position = known[len(keys)]
    return (*keys, position + by, *known[len(keys) + 1 :]) if isinstance(position, int) else known


def _replaced(document: Document, keys: Keys, value: Any, places: Mapping[Keys, Place]) -> Document:
    """The document with another value at a key of the top; the new parts lie where `places` says."""
    below = {
        (*start, *more): place for start, place in places.items() for more, _ in walk(_at(value, start[len(keys) :]))
    }
    values = {**document.values, **below}
    if keys not in values and places:
        values[keys] = next(iter(places.values()))
    return dataclasses.replace(document, value={**document.value, str(keys[0]): value}, values=values)


def _at(value: Any, keys: Iterable[Any]) -> Any:
    for key in keys:
        value = value[key]
    return value
