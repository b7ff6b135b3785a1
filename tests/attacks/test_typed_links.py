"""Addresses that somebody typed, and links that are keys: the server opens none of the first, and the second leave no
trace in a browser.
"""

import re
import socket

import pytest
from sqlalchemy import select, update

from app.deliveries import Delivery, mail
from app.deliveries.outbox import composers
from app.extensions import db
from app.sessions.models import Intervision
from tests.attacks import test_words_in_exports, test_words_in_pages
from tests.attacks.everything import Everything, everything  # noqa: F401 - a fixture
from tests.followup.mail_server import mail_server
from tests.visitor import Visitor, path_of

OPENS = {
    "/account/new/<token>": "account",
    "/account/password/<token>": "password",
    "/follow-up/<token>": "follow_up",
    "/join/<token>": "join",
    "/seat/<token>": "seat",
}
"""What each link with a token is for."""
OF_A_FEED = "/feeds/<token>.atom"
"""A feed reader has no cookie that could keep the token; what it gets is no page, and leads to pages without it."""
NO_KEYS = {"code", "document", "extension", "filename", "name", "part", "seat_id", "team_id", "token_id", "webhook_id",
           "what"}  # fmt: skip
"""What else stands in addresses opens nothing by itself."""


def was_opened(trap: socket.socket) -> bool:
    """Whether somebody has connected to it: who did waits there to be taken."""
    try:
        trap.accept()[0].close()
    except BlockingIOError:
        return False
    return True


def test_the_server_never_opens_an_address_that_somebody_typed(
    everything: Everything,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as trap, mail_server() as mails:
        trap.setblocking(False)
        typed = f"http://127.0.0.1:{trap.getsockname()[1]}/x"
        held = everything.holds(f'{typed} <img src={typed}> ![x]({typed}) <link rel="stylesheet" href="{typed}">')
        db.session.execute(update(Intervision).values(call_url=typed))
        db.session.commit()
        test_words_in_pages.seen(everything)
        test_words_in_exports.check(everything, held, pdf=True)
        for name, value in (("HOST", "127.0.0.1"), ("PORT", mails.port), ("SECURITY", "none"), ("USER", "")):
            monkeypatch.setitem(everything.app.config, f"SMTP_{name}", value)
        it = everything.closed.room().it
        about = {"intervision_id": it.id, "team_id": it.team_id, "seat_id": everything.closed.seats["Otto"]}
        with everything.app.test_request_context():
            mail.send(composers["confirm"](db.session, Delivery(**about)))
            db.session.rollback()
        assert len(mails.mails) == 1
        assert db.session.scalars(select(Intervision.call_url).distinct()).all() == [typed]
        assert not was_opened(trap)
        with socket.create_connection(trap.getsockname()):  # it would have been caught
            assert was_opened(trap)


def test_every_token_leaves_the_address_bar_at_once(everything: Everything) -> None:  # noqa: F811
    rules = {rule.rule: rule.arguments for rule in everything.app.url_map.iter_rules()}
    assert {argument for arguments in rules.values() for argument in arguments} == NO_KEYS | {"token"}
    assert {rule for rule, arguments in rules.items() if "token" in arguments} == {*OPENS, OF_A_FEED}
    for rule, purpose in OPENS.items():
        browser, token = Visitor(everything.app), everything.tokens[purpose]
        answer = browser.get(rule.replace("<token>", token))
        assert answer.headers["Referrer-Policy"] == "no-referrer", rule
        page = browser.get(path_of(answer))
        assert page.status_code == 200, rule
        for shown in (answer, page):
            assert token not in shown.text + shown.headers.get("Location", ""), rule
            assert not re.search(token, str(shown.headers)), rule


def test_what_a_feed_leads_to_is_without_its_token(everything: Everything) -> None:  # noqa: F811
    token = everything.tokens["feed"]
    answer = Visitor(everything.app).get(OF_A_FEED.replace("<token>", token))
    assert answer.status_code == 200
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert token not in answer.text
