"""Mail, by the SMTP server that the settings name; without one nothing is sent.

The certificate is checked, and without TLS nothing leaves this machine (see app/config.py). A mail has one reader, and
that reader's address is nowhere but on its envelope.
"""

import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Any

from flask import current_app

from app.aside import aside
from app.deliveries.outbox import NotSent, sends
from app.times import now

TIMEOUT_S = 10


@dataclass(frozen=True)
class Mail:
    """One mail in plain text to one address."""

    to: str
    subject: str
    text: str


def is_on() -> bool:
    """Whether this installation sends mail."""
    return bool(current_app.config["SMTP_HOST"])


@sends("mail")
def send(mail: Mail) -> None:
    """Hand a mail to the server; it took it if this returns. Raises NotSent."""
    if not is_on():
        raise NotSent("mail_server")
    settings = {name: current_app.config[name] for name in current_app.config if name.startswith("SMTP_")}
    message = written(mail, settings["SMTP_FROM"])
    aside(lambda: _hand_over(message, mail.to, settings))


def written(mail: Mail, sender: str) -> EmailMessage:
    """The mail as it travels. `Auto-Submitted` keeps the answers of machines away (RFC 3834)."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(now())
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].strip(" >") or "localhost")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    return message


def _hand_over(message: EmailMessage, to: str, settings: Mapping[str, Any]) -> None:
    try:
        with _connected(settings) as server:
            if settings["SMTP_USER"]:
                server.login(settings["SMTP_USER"], settings["SMTP_PASSWORD"])
            server.send_message(message, to_addrs=[to])
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPNotSupportedError) as error:
        raise NotSent("mail_refused") from error
    except ssl.SSLCertVerificationError as error:
        raise NotSent("certificate") from error
    except TimeoutError as error:
        raise NotSent("timeout") from error
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent("mail_server") from error


def _connected(settings: Mapping[str, Any]) -> smtplib.SMTP:
    where = (settings["SMTP_HOST"], settings["SMTP_PORT"])
    trust = ssl.create_default_context()
    if settings["SMTP_SECURITY"] == "tls":
        return smtplib.SMTP_SSL(*where, timeout=TIMEOUT_S, context=trust)
    server = smtplib.SMTP(*where, timeout=TIMEOUT_S)
    if settings["SMTP_SECURITY"] == "starttls":
        try:
            server.starttls(context=trust)
        except BaseException:
            server.close()
            raise
    return server
