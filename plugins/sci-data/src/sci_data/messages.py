"""Short messages, a good eighth of them spam, whose words overlap so that no rule tells all of them apart."""

from __future__ import annotations

import numpy as np

from sci_data.grammar import filled, pick

SPAM_SHARE = 0.134
"""The share of spam among the messages of Almeida, Hidalgo and Yamakami (2011), doi:10.1145/2034691.2034742."""

PLAIN_SPAM = 0.25
"""Of the spam, so much says nothing that a friend would not say."""

ODD_HAM = 0.025
"""Of the ham, so much quotes an offer."""

FRIENDLY = (
    "are we still on for {meal} {day}?",
    "i left my {thing} at your place, can you bring it {day}",
    "running late, be there in {minutes} minutes",
    "thanks for the {thing}, {person} loved it",
    "the meeting moved to {day} at {hour}",
    "can you pick up {person} from the station at {hour}?",
    "did you watch the game? what a finish",
    "{person} says hi and asks about the {thing}",
    "i will cook {meal} tonight if you buy bread",
    "happy birthday! hope you have a lovely {day}",
    "my train is stuck again, start without me",
    "how was the exam? i am sure it went fine",
    "let me know when you get home safe",
    "the doctor moved my appointment to {day}",
    "sorry i missed you, phone was on silent",
    "lecture is cancelled {day}, sleep in",
    "do you still have the notes from {day}?",
    "we should visit {person} before {day}",
    "it is raining, take the {thing} with you",
    "haha no way, tell me everything at {meal}",
)
OFFERS = (
    "you have won a {prize}, claim before {day}",
    "congratulations, your number was drawn for a {prize}",
    "urgent: your account is on hold, verify at {site}",
    "text WIN to {short} to claim your {prize}",
    "final notice: collect your {prize} by calling {phone}",
    "get a loan of {amount} today, no checks, call {phone}",
    "free entry in our weekly draw for a {prize}, reply YES",
    "cheap {thing} offers until {day} only at {site}",
    "your parcel is waiting, pay {amount} at {site}",
    "earn {amount} a week from home, reply JOB to {short}",
    "exclusive deal: {prize} for only {amount}, order on {site}",
    "we tried to reach you about your {prize}, call {phone} now",
)
COMMON = (
    "call me on {phone} when you are free",
    "your {thing} is ready",
    "reply when you can",
    "see you {day} at {hour}",
    "do not forget, {day} is the last day",
    "are you free {day} evening?",
    "{person} gave me your number",
    "it costs only {amount}",
    "check {site} for the details",
    "have a great {day}",
    "just a short reminder about {day}",
    "please send your address for the {thing}",
)
OPENINGS = ("hi {person}, ", "hey, ", "hello {person}, ", "dear {person}, ", "ok ", "", "", "", "")
WORDS = {
    "amount": ("20", "50", "99", "150", "250", "500", "1000"),
    "day": ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "tomorrow"),
    "hour": ("eight", "nine", "ten", "noon", "two", "half past three", "five", "six"),
    "meal": ("breakfast", "lunch", "dinner", "pizza", "soup", "curry", "noodles"),
    "minutes": ("5", "10", "15", "20", "30", "40"),
    "person": ("anna", "ben", "carla", "david", "emma", "farid", "grace", "hugo", "ines", "jun", "kofi", "lena", "mei"),
    "phone": ("0700 312 118", "0700 455 902", "0700 871 340", "0700 226 715", "0700 990 064"),
    "prize": ("holiday", "phone", "voucher", "laptop", "car", "gift card", "cash prize"),
    "short": ("80155", "80274", "80399", "80461"),
    "site": ("deals.example", "parcel.example", "bank.example", "news.example", "tickets.example"),
    "thing": ("umbrella", "ticket", "book", "jacket", "charger", "photo", "key", "bag", "laptop", "phone"),
}  # fmt: skip


def messages(rows: int, random: np.random.Generator) -> tuple[list[str], list[str]]:
    """Labels (`spam` or `ham`) and texts.

    A message is an opening and one to three sentences. One sentence decides: an offer in most spam and in a little ham,
    a friendly one in most ham. The others are of the kind that both write."""
    spam = np.zeros(rows, dtype=bool)
    spam[random.permutation(rows)[: round(SPAM_SHARE * rows)]] = True
    offer = np.where(spam, random.random(rows) >= PLAIN_SPAM, random.random(rows) < ODD_HAM)
    texts = [
        _message(random, _kinds(random, is_spam, has_offer)) for is_spam, has_offer in zip(spam, offer, strict=True)
    ]
    return np.where(spam, "spam", "ham").tolist(), texts


def _kinds(random: np.random.Generator, spam: bool, offer: bool) -> list[tuple[str, ...]]:
    friendly = not spam and random.random() < 0.75
    deciding = [*([OFFERS] if offer else []), *([FRIENDLY] if friendly else [])]
    return [*deciding, *[COMMON] * int(random.integers(0 if deciding else 1, 3))]


def _message(random: np.random.Generator, kinds: list[tuple[str, ...]]) -> str:
    sentences = [pick(random, kind) for kind in kinds]
    random.shuffle(sentences)
    pattern = pick(random, OPENINGS) + ". ".join(dict.fromkeys(sentences)).replace("?.", "?")
    return filled(random, pattern, WORDS)
