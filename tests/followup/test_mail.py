"""Mail, at a real server that speaks SMTP: to the person concerned alone, and a server that fails loses nothing."""

import re
import ssl
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import config
from app.accounts.models import Link
from app.deliveries import Delivery, worker
from app.extensions import db
from app.followup.models import CheckIn, MailAddress
from app.privacy import erasure
from app.sessions.commands import Refused
from app.times import at, now
from tests.followup.conftest import Enter
from tests.followup.mail_server import MailServer, mail_server
from tests.sessions.cast import Cast
from tests.visitor import Visitor, path_of

ADDRESS = "otto@example.org"


@pytest.fixture
def post(app: Flask) -> Iterator[MailServer]:
    """A mail server on this machine, and an app that uses it."""
    with mail_server() as running:
        use(app, running, "none")
        yield running


def use(app: Flask, server: MailServer, security: str) -> None:
    app.config.update(
        SMTP_HOST="127.0.0.1",
        SMTP_PORT=server.port,
        SMTP_SECURITY=security,
        SMTP_USER="",
        SMTP_PASSWORD="",
        SMTP_FROM="Intervise <intervise@example.org>",
    )


def deliver(after: timedelta = timedelta()) -> int:
    """Send what is due so much later; how many did not get through."""
    db.session.rollback()
    with at(now() + after):
        return worker.deliver_due()[1]


def link_in(server: MailServer) -> str:
    found = re.findall(r"http://localhost(/follow-up/[\w-]{20,})", text_of(server))
    assert len(found) == 1
    return str(found[0])


def text_of(server: MailServer) -> str:
    return server.mails[-1][1].get_content()


def confirmed(app: Flask, page: str, server: MailServer, enter: Enter, who: str = "Otto") -> Visitor:
    """They gave their address, and opened the link in the first mail on another device, which is answered with."""
    enter(who).send(f"{page}/address", email=f"{who.lower()}@example.org")
    deliver()
    phone = Visitor(app)
    phone.open_link(link_in(server))
    assert "comes to this address" in phone.send("/follow-up").text
    return phone


def test_the_first_mail_says_that_the_address_is_right_and_gives_nobody_a_seat(
    app: Flask, page: str, post: MailServer, enter: Enter
) -> None:
    """Otto has mistyped it: Stan reads there, and presses the button."""
    stan = confirmed(app, page, post, enter)
    assert stan.get(page).status_code == 404
    assert stan.get(page.replace("follow-up", "mine")).status_code == 404
    assert "seats" not in stan.cookie()
    assert db.session.scalars(select(MailAddress.confirmed_at)).one() is not None
    assert stan.open_link(link_in(post)).status_code == 404, "it works once"


def test_who_opens_the_first_mail_in_their_own_browser_is_on_their_page(
    page: str, post: MailServer, enter: Enter
) -> None:
    otto = enter("Otto")
    otto.send(f"{page}/address", email=ADDRESS)
    deliver()
    assert "This is my address" in otto.open_link(link_in(post)).text
    assert path_of(otto.send("/follow-up")) == page
    assert f"What is still to be asked goes to {ADDRESS}" in otto.get(page).text


def test_a_first_mail_that_came_twice_gives_nobody_a_seat_afterwards_either(
    app: Flask, page: str, post: MailServer, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter("Otto").send(f"{page}/address", email=ADDRESS)
    with monkeypatch.context() as dying:  # before it notes that the mail was sent
        dying.setattr(worker, "_settle", lambda *_: None)
        deliver()
    deliver(worker.TAKEN_FOR)
    assert len(post.mails) == 2
    for _to, mail in post.mails:
        found = re.search(r"http://localhost(/follow-up/[\w-]{20,})", mail.get_content())
        assert found
        stan = Visitor(app)
        stan.open_link(found[1])
        stan.send("/follow-up")
        assert stan.get(page).status_code == 404


def test_a_first_mail_to_an_address_that_was_taken_back_is_worth_nothing(
    app: Flask, page: str, post: MailServer, enter: Enter
) -> None:
    otto = enter("Otto")
    otto.send(f"{page}/address", email=ADDRESS)
    deliver()
    otto.send(f"{page}/address", email="")
    assert Visitor(app).open_link(link_in(post)).status_code == 404


def test_without_a_mail_server_nobody_is_asked_for_an_address(page: str, enter: Enter) -> None:
    otto = enter("Otto")
    assert "By mail" not in otto.get(page).text
    answer = otto.send(f"{page}/address", email=ADDRESS)
    assert answer.status_code == 409
    assert "sends no mail" in answer.text
    assert db.session.scalars(select(Delivery).where(Delivery.channel == "mail")).all() == []


def test_who_is_asked_nothing_has_no_mail_sent_to_anybody(cast: Cast, post: MailServer) -> None:
    with pytest.raises(Refused, match="forbidden"):
        cast.does("Carl", "give_address", email="somebody@example.org")
    assert waiting() == 0
    cast.does("Cara", "give_address", email="cara@example.org")
    assert waiting() == 1


def test_until_the_first_mail_is_opened_no_other_is_sent(app: Flask, page: str, post: MailServer, enter: Enter) -> None:
    enter("Otto").send(f"{page}/address", email=ADDRESS)
    assert waiting() == 1
    deliver()
    assert [to for to, _mail in post.mails] == [ADDRESS]
    assert post.mails[0][1]["Subject"] == "Is this your address?"
    deliver(timedelta(days=60))
    assert len(post.mails) == 1


def waiting() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Delivery).where(Delivery.channel == "mail")) or 0


def test_otto_is_asked_three_times_in_the_morning_and_the_link_opens_his_page(
    app: Flask, page: str, cast: Cast, post: MailServer, enter: Enter
) -> None:
    confirmed(app, page, post, enter)
    assert waiting() == 3
    asked = ((3, "What has started?"), (12, "What has changed in the plan?"), (28, "Where does the deal"))
    for days, question in asked:
        deliver(timedelta(days=days) + sent_already(post))
        assert question in text_of(post)
    assert waiting() == 0
    assert {to for to, _mail in post.mails} == {ADDRESS}
    tablet = Visitor(app)
    with_link = tablet.open_link(link_in(post))
    assert "Open my page" in with_link.text
    assert path_of(tablet.send("/follow-up")) == page


def sent_already(server: MailServer) -> timedelta:
    return {1: timedelta(), 2: timedelta(days=3), 3: timedelta(days=15)}[len(server.mails)]


def test_no_word_of_the_case_is_in_a_mail(app: Flask, page: str, post: MailServer, enter: Enter) -> None:
    confirmed(app, page, post, enter)
    deliver(timedelta(days=3))
    for _to, message in post.mails:
        for words in ("Nine contacts", "Draw the map", "Cara"):
            assert words not in message.as_string()
        assert message["Auto-Submitted"] == "auto-generated"


def test_an_answer_given_meanwhile_needs_no_mail(
    app: Flask, page: str, cast: Cast, post: MailServer, enter: Enter
) -> None:
    confirmed(app, page, post, enter)
    with at(now() + timedelta(days=2)):
        cast.does("Otto", "check_in", number=1, first="All is well", second="", helped=0)
    deliver(timedelta(days=3))
    assert len(post.mails) == 1


def test_whom_the_plan_names_is_asked_once_how_they_can_help(
    app: Flask, page: str, post: MailServer, enter: Enter
) -> None:
    confirmed(app, page, post, enter, "Cara")
    deliver(timedelta(days=3))
    deliver(timedelta(days=60))
    assert [(to, message["Subject"]) for to, message in post.mails[1:]] == [("cara@example.org", "How can you help?")]


def test_an_address_that_is_taken_back_gets_nothing_more_and_its_links_are_dead(
    app: Flask, page: str, post: MailServer, enter: Enter
) -> None:
    confirmed(app, page, post, enter)
    deliver(timedelta(days=3))
    old = link_in(post)
    enter("Otto").send(f"{page}/address", email="")
    assert waiting() == 0
    assert db.session.scalars(select(MailAddress)).all() == []
    assert Visitor(app).open_link(old).status_code == 404
    deliver(timedelta(days=60))
    assert len(post.mails) == 2


def test_a_changed_address_is_asked_for_anew(app: Flask, page: str, post: MailServer, enter: Enter) -> None:
    confirmed(app, page, post, enter)
    enter("Otto").send(f"{page}/address", email="other@example.org")
    deliver(timedelta(days=60))
    assert [to for to, _mail in post.mails] == [ADDRESS, "other@example.org"]


def test_a_server_that_fails_loses_nothing(app: Flask, page: str, post: MailServer, enter: Enter) -> None:
    post.broken = True
    enter("Otto").send(f"{page}/address", email=ADDRESS)
    assert deliver() == 1
    assert waiting() == 1
    assert deliver() == 0  # not again at once
    post.broken = False
    assert deliver(timedelta(minutes=2)) == 0
    assert [to for to, _mail in post.mails] == [ADDRESS]
    assert waiting() == 0


def test_a_server_that_is_not_there_loses_nothing_and_says_why(app: Flask, page: str, enter: Enter) -> None:
    with mail_server() as gone:
        use(app, gone, "none")
    enter("Otto").send(f"{page}/address", email=ADDRESS)
    assert deliver() == 1
    assert db.session.scalars(select(Delivery.error).where(Delivery.channel == "mail")).all() == ["mail_server"]


def test_a_question_whose_time_is_over_is_not_sent_any_more(
    app: Flask, page: str, post: MailServer, enter: Enter
) -> None:
    confirmed(app, page, post, enter)
    deliver(timedelta(days=20))  # nothing ran for three weeks
    assert "What has changed in the plan?" in text_of(post)
    assert len(post.mails) == 2


@pytest.mark.parametrize(
    "typed", ["otto", "otto@", "a@example.org, b@example.org", "a@b.c\nBcc: x@y.z", "x" * 250 + "@b.cd"]
)
def test_what_is_no_address_gets_a_sentence(app: Flask, page: str, post: MailServer, enter: Enter, typed: str) -> None:
    answer = enter("Otto").send(f"{page}/address", email=typed)
    assert answer.status_code == 409
    assert answer.text.count('role="alert"') == 1
    assert waiting() == 0


def test_nobody_is_written_to_again_and_again(app: Flask, page: str, post: MailServer, enter: Enter) -> None:
    otto = enter("Otto")
    for number in range(10):
        assert otto.send(f"{page}/address", email=f"victim-{number}@example.org").status_code == 302
    assert "many times today" in otto.send(f"{page}/address", email="victim@example.org").text


def test_an_erased_person_leaves_no_address(app: Flask, page: str, cast: Cast, post: MailServer, enter: Enter) -> None:
    confirmed(app, page, post, enter)
    db.session.rollback()
    erasure.erase_seat(cast.seats["Otto"], words=False)
    assert [*db.session.scalars(select(MailAddress)), *db.session.scalars(select(CheckIn))] == []
    assert db.session.scalars(select(Link).where(Link.seat_id.is_not(None))).all() == []
    deliver(timedelta(days=60))
    assert len(post.mails) == 1


def test_no_mail_travels_without_tls_unless_it_is_said_so(app: Flask, page: str, enter: Enter, tmp_path: Path) -> None:
    with mail_server() as plain:
        use(app, plain, "starttls")
        enter("Otto").send(f"{page}/address", email=ADDRESS)
        assert deliver() == 1
    assert plain.mails == []
    with mail_server(certificate(tmp_path)) as impostor:
        use(app, impostor, "starttls")
        assert deliver(timedelta(minutes=2)) == 1
    assert impostor.mails == []
    assert db.session.scalars(select(Delivery.error).where(Delivery.channel == "mail")).all() == ["certificate"]


def certificate(folder: Path) -> ssl.SSLContext:
    """Of nobody whom anybody trusts."""
    key, made = folder / "key.pem", folder / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    files = ["-keyout", str(key), "-out", str(made), "-days", "2", "-subj", "/CN=localhost"]
    subprocess.run([*command, *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made, key)
    return context


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"SMTP_HOST": "mail.example.org"}, "SMTP_FROM"),
        ({"SMTP_HOST": "mail.example.org", "SMTP_FROM": "a@b.cd", "SMTP_SECURITY": "none"}, "SMTP_SECURITY"),
        ({"SMTP_HOST": "mail.example.org", "SMTP_FROM": "a@b.cd", "SMTP_SECURITY": "ssl"}, "SMTP_SECURITY"),
        ({"SMTP_PORT": "many"}, "SMTP_PORT"),
    ],
)
def test_a_setting_that_would_not_do_is_said_at_the_start(
    tmp_path: Path, settings: dict[str, str], sentence: str
) -> None:
    production = {"INTERVISE_ENV": "production", "PUBLIC_URL": "https://intervise.example.org"}
    key = {"SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz-ABC"}
    with pytest.raises(config.BadSetting, match=sentence):
        config.load(tmp_path, production | key | settings)


def test_no_mail_is_sent_by_default(tmp_path: Path) -> None:
    assert config.load(tmp_path, {})["SMTP_HOST"] == ""
