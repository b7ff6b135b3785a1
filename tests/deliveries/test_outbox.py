"""What the outbox decides without a database: how long it waits, where it sends, and what it signs."""

import base64
import hashlib
import hmac
import json
import socket
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from app.deliveries import formats, posting, reasons, webhooks
from app.deliveries.formats import News, Point
from app.deliveries.outbox import NotSent
from app.deliveries.worker import pause_after

MOMENT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_tries_double_from_a_minute_to_six_hours_and_end_after_three_days() -> None:
    pauses: list[timedelta] = []
    while pause := pause_after(len(pauses) + 1):
        pauses.append(pause)
    assert pauses[:4] == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 8)]
    assert max(pauses) == timedelta(hours=6)
    assert sorted(pauses) == pauses
    assert timedelta(days=3) <= sum(pauses, timedelta()) < timedelta(days=3, hours=6)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
     "224.0.0.1", "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1",
     "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2002:a00:1::",
     "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1", "fec0::1"],
)  # fmt: skip
def test_addresses_that_are_nobody_elses_are_inside(address: str) -> None:
    assert not posting.is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_addresses_on_the_internet_are_public(address: str) -> None:
    assert posting.is_public(address)


@pytest.mark.parametrize(
    "url",
    ["http://example.org/x", "ftp://example.org", "https://", "https://user:word@example.org/", "https://@example.org/",
     "https://127.0.0.1/", "https://localhost/", "https://[::1]/", "https://10.0.0.1/x", "https://169.254.169.254/latest",
     "https://example.org:99999/", "https://exa mple.org/", "//example.org/x", "example.org", "https://exämple.org/",
     "https://[::ffff:10.0.0.1]/"],
)  # fmt: skip
def test_what_leads_inside_or_is_no_secure_address_cannot_be_typed(url: str) -> None:
    assert not posting.may_be_typed(url, inside=False)


def test_an_address_of_the_internet_can_be_typed_and_this_machine_only_while_developing() -> None:
    assert posting.may_be_typed("https://hooks.slack.com/services/T0/B0/x", inside=False)
    assert posting.may_be_typed("https://example.org:8443/a?b=c", inside=False)
    for url in ("http://localhost:8000/x", "http://127.0.0.1:8000/", "https://localhost/"):
        assert posting.may_be_typed(url, inside=True)
    assert not posting.may_be_typed("http://10.0.0.1/", inside=True)


def resolved(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    found = [(2, 1, 6, "", (address, 443)) for address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: found)


def test_a_name_that_leads_inside_is_refused_even_if_it_leads_outside_too(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolved(monkeypatch, "8.8.8.8", "10.0.0.1")
    with pytest.raises(NotSent, match="private"):
        posting.resolve("both.example", 443, inside=True)
    resolved(monkeypatch, "8.8.8.8")
    assert posting.resolve("outside.example", 443, inside=False) == ("8.8.8.8", 443)


def test_this_machine_is_refused_in_production(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    resolved(monkeypatch, "127.0.0.1")
    with pytest.raises(NotSent, match="private"):
        posting.resolve("localhost", 80, inside=False)
    assert posting.resolve("localhost", 80, inside=True) == ("127.0.0.1", 80)


def test_the_signature_is_that_of_the_standard() -> None:
    """The example of standardwebhooks.com's reference libraries."""
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'
    found = webhooks.signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    signed = b"msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330." + body
    assert base64.b64decode(found[3:]) == hmac.new(key, signed, hashlib.sha256).digest()


HOSTILE = "<!channel> *no* [here](https://evil.example) <https://evil.example|x> & \u202e"


def news(*lessons: str) -> News:
    points = tuple(Point(str(number), text, "A hand-over", "Cara") for number, text in enumerate(lessons))
    return News(
        "lessons.shared", "North", "1 new lesson", "https://here.example/lessons", "All lessons", ("a&b",), points
    )


def texts(value: Any, kinds: tuple[str, ...]) -> list[str]:
    """Every text in `value`, of the objects whose type is one of `kinds`."""
    if isinstance(value, list):
        return [text for each in value for text in texts(each, kinds)]
    if not isinstance(value, dict):
        return []
    own = [value["text"]] if value.get("type") in kinds else []
    return own + [text for each in value.values() for text in texts(each, kinds)]


def test_in_slack_words_are_plain_text_and_nothing_is_markup() -> None:
    message = formats.as_slack(news(HOSTILE), MOMENT)
    assert HOSTILE in "".join(texts(message, ("plain_text",)))
    assert texts(message, ("mrkdwn",)) == []
    assert HOSTILE not in message["text"]
    assert message["blocks"][-1]["elements"][0]["url"] == "https://here.example/lessons"


def test_in_teams_words_are_runs_that_know_no_markdown() -> None:
    message = formats.as_teams(news(HOSTILE), MOMENT)
    assert HOSTILE in "".join(texts(message, ("TextRun",)))
    card = message["attachments"][0]["content"]
    assert {each["type"] for each in card["body"]} == {"RichTextBlock"}
    assert (message["type"], card["type"]) == ("message", "AdaptiveCard")
    assert message["attachments"][0]["contentType"] == "application/vnd.microsoft.card.adaptive"


@pytest.mark.parametrize("letter", ["a", "字", "é"])
def test_long_and_many_lessons_stay_within_what_slack_and_teams_take(letter: str) -> None:
    many = news(*[letter * 4000] * 40)
    slack, teams = formats.as_slack(many, MOMENT), formats.as_teams(many, MOMENT)
    assert len(json.dumps(teams, ensure_ascii=False).encode()) < 28 * 1024
    assert len(slack["blocks"]) <= 50
    assert max(map(len, texts(slack, ("plain_text",)))) <= 3000
    assert "And 30 more." in texts(slack, ("plain_text",))


def test_json_holds_the_lessons_whole() -> None:
    found = formats.as_json(news("字" * 4000), MOMENT)
    assert found["type"] == "lessons.shared"
    assert found["data"]["lessons"] == [{"id": "0", "text": "字" * 4000, "situation": "A hand-over", "name": "Cara"}]


def test_every_reason_is_a_sentence() -> None:
    assert reasons.sentence("") == ""
    assert reasons.sentence("status:404") == "The other side refused it (404)."
    assert reasons.sentence("unheard_of") == reasons.sentence("ours")
    assert all(sentence.endswith(".") for sentence in reasons.REASONS.values())
