"""Questions by what would answer them: a person, a place, a number, a time, a reason or a thing."""

from __future__ import annotations

import numpy as np

from sci_data.grammar import filled, pick

ODD = 0.05
"""Of the questions, so much is asked in the way of another kind."""

PATTERNS = {
    "number": (
        "how many {things} does {place} have",
        "how far is {place} from {town}",
        "how old was {name} when the {invention} appeared",
        "what is the population of {place}",
        "how much does a {thing} weigh",
        "what percentage of {things} come from {place}",
    ),
    "person": (
        "who invented the {invention}",
        "who was the first to cross {place}",
        "what is the name of the {role} of {place}",
        "which {role} wrote about the {invention}",
        "whose {thing} is shown in {town}",
        "who taught {name} to build a {thing}",
    ),
    "place": (
        "where was {name} born",
        "where do most {things} come from",
        "what city lies between {place} and {town}",
        "in which country was the {invention} invented",
        "where can one see the oldest {thing}",
        "what is the capital of {place}",
    ),
    "reason": (
        "why are {things} kept in {place}",
        "why did {name} leave {town}",
        "what made {name} give up the {invention}",
        "how does a {thing} work",
        "why is the {invention} named after {name}",
        "what is the reason for {things} in {town}",
    ),
    "thing": (
        "what is a {thing} made of",
        "what did {name} carry to {town}",
        "which {thing} is used in {place}",
        "what do people in {place} call a {thing}",
        "what replaced the {invention}",
        "name a {thing} found in {town}",
    ),
    "time": (
        "when was the {invention} invented",
        "what year did {name} come to {town}",
        "in which century was {place} settled",
        "when is the market of {things} in {town}",
        "how long did {name} work on the {invention}",
        "what day does {place} celebrate",
    ),
}
WORDS = {
    "invention": ("telephone", "compass", "printing press", "steam engine", "telescope", "zipper", "thermometer"),
    "name": ("anna berg", "li wei", "tomas rey", "ada holm", "omar said", "mary oak", "ivan petrov"),
    "place": ("the island", "the desert", "the north", "the valley", "the republic", "the delta", "the plain"),
    "role": ("queen", "poet", "president", "painter", "captain", "chemist"),
    "thing": ("lamp", "boat", "drum", "clock", "bridge", "mask", "kite"),
    "things": ("lamps", "boats", "drums", "clocks", "bridges", "masks", "kites"),
    "town": ("porto", "bergen", "quito", "kyoto", "tartu", "fes", "galway"),
}


def questions(rows: int, random: np.random.Generator) -> tuple[list[str], list[str]]:
    """Labels (the six kinds, as many of each) and texts."""
    kinds = list(PATTERNS)
    labels = [kinds[place % len(kinds)] for place in random.permutation(rows)]
    asked = [pick(random, kinds) if random.random() < ODD else label for label in labels]
    return labels, [filled(random, pick(random, PATTERNS[kind]), WORDS) + " ?" for kind in asked]
