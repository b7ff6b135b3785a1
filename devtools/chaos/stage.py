"""Setting the stage on a rig's database, and reading afterwards what the database and the downloads hold."""

import io
import os
import re
import urllib.error
import urllib.request
import uuid
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from html import unescape
from typing import Any

import orjson
from flask import Flask
from flask.sessions import SecureCookieSessionInterface

os.environ.setdefault("INTERVISE_ENV", "test")
os.environ.setdefault("SECRET_KEY", "for trials alone: 0123456789 abcdefghij")

from app import create_app
from app.accounts.models import Account
from app.extensions import db
from app.sessions import forms, seats, view
from app.sessions.access import Reader
from app.sessions.commands import join, perform, planning
from app.sessions.exports import formats
from app.sessions.models import Archived, Intervision, Journal
from app.sessions.phases import MINUTES
from app.sessions.record import DOCUMENTS
from app.sessions.room import Room
from app.times import now
from devtools.chaos.checker import TOKEN
from devtools.chaos.client import Who
from devtools.chaos.evidence import Row, Session
from devtools.rig.app import SECRET_KEY
from devtools.rig.rigs import Rig

CONSULTANTS = ("Cara", "Carl", "Chris", "Cleo", "Curt", "Cem", "Cilla", "Colin")
DOWNLOADS = {document: [f"{document}.{ending}" for ending in formats.of(document)] for document in DOCUMENTS}
"""Every file that there is of a closed session, by what it is."""


class Stage:
    """An app of our own on the rig's database: for setting up and for looking behind, never for what is tried."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.app: Flask = create_app(
            DATABASE_URL=_driver(rig.database_url),
            ASYNC_MODE="threading",
            PUBLIC_URL=rig.url,
            SECRET_KEY=SECRET_KEY,
            SEATS_MAX=200,
        )

    @contextmanager
    def open(self) -> Iterator[None]:
        with self.app.app_context():
            yield
            db.session.rollback()

    def close(self) -> None:
        with self.app.app_context():
            db.engine.dispose()

    def session(self, people: int, *, moderators: int = 1) -> list[Who]:
        """A session in its lobby with `people` in it, who have all accepted: Mia moderates, Otto owns, the rest
        consult; of these the first ones also moderate when there are to be more `moderators`.
        """
        with self.open():
            account = Account(email=f"mia-{uuid.uuid4()}@example.org", name="Mia", password_hash="-")  # noqa: S106
            db.session.add(account)
            db.session.commit()
            it = planning.plan(account, _fields())
            found = {seat.name: seat.id for seat in self._room(it.id).seats}
            db.session.rollback()
            self.does(it.id, found["Mia"], "open", base="planned")
            for number in range(people - 2):
                name = CONSULTANTS[number] if number < len(CONSULTANTS) else f"Casey {number}"
                found[name] = join(it.id, name).id
            for seat in found.values():
                self.does(it.id, seat, "accept")
            for seat in list(found.values())[2 : moderators + 1]:
                self.does(it.id, found["Mia"], "set_role", seat=seat, role="moderator")
            return [self._who(it.id, seat) for seat in found.values()]

    def does(self, session: int, by: str, act: str, /, *, base: str | None = None, **data: Any) -> None:
        """Somebody does something in another process than those that serve the sockets."""
        perform(session, by, act, forms.check(act, data), command_id=str(uuid.uuid4()), base=base)

    def _who(self, session: int, seat_id: str) -> Who:
        room = self._room(session)
        seat = room.seat(seat_id)
        assert seat
        with self.app.test_request_context() as context:
            seats.hold(seat)
            serializer = SecureCookieSessionInterface().get_signing_serializer(self.app)
            assert serializer
            cookie = f"{self.app.config['SESSION_COOKIE_NAME']}={serializer.dumps(dict(context.session or {}))}"
        return Who(session, room.it.code, seat.id, seat.name, str(seat.role), cookie)

    def _room(self, session: int) -> Room:
        db.session.rollback()
        db.session.expire_all()
        return Room(db.session, db.session.get_one(Intervision, session))

    # --- Looking behind ---------------------------------------------------------------------------------------------

    def version(self, session: int) -> int:
        with self.open():
            return self._room(session).it.version

    def step(self, session: int) -> str:
        with self.open():
            return self._room(session).it.step

    def words(self, session: int) -> dict[str, str]:
        """The tokens in what there is, and the kind of what they are in."""
        with self.open():
            return {
                word: each.kind for each in self._room(session).contributions() for word in TOKEN.findall(each.text)
            }

    def read(self, session: int, readers: Sequence[Who], files: Sequence[str]) -> Session:
        """Everything about a session; when it is closed, each of `readers` downloads these files over the wire."""
        with self.open():
            room = self._room(session)
            it = room.it
            rows = db.session.query(Journal).filter_by(intervision_id=session).order_by(Journal.version)
            archived = db.session.get(Archived, session)
            found = Session(
                id=session,
                version=it.version,
                step=it.step,
                rows=[
                    Row(
                        row.version,
                        row.act,
                        row.step,
                        row.at.timestamp() * 1000,
                        row.seat_id,
                        row.command_id,
                        row.item_id,
                    )
                    for row in rows
                ],
                contributions=[
                    {"id": each.id, "kind": each.kind, "seat": each.seat_id, "text": each.text, "data": each.data}
                    for each in room.contributions()
                ],
                roles={seat.id: str(seat.role) for seat in room.seats},
                archived=archived.words if archived else None,
                truths={
                    seat.id: orjson.loads(orjson.dumps(view.snapshot(room, Reader(seat), now()))) for seat in room.seats
                },
            )
            code = it.code
        if found.step == "closed":
            found.downloads = {
                (name, reader.seat): self.download(code, name, reader) for reader in readers for name in files
            }
        return found

    def download(self, code: str, name: str, reader: Who) -> str:
        """The words of a file, as somebody who opens it reads them; none where there is no such file, as there is no
        calendar of actions without a day.
        """
        address = f"{self.rig.url}/sessions/{code}/{name}"
        request = urllib.request.Request(address, headers={"Cookie": reader.cookie})  # noqa: S310 - our own server
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
                return words_of(name, answer.read())
        except urllib.error.HTTPError as error:
            if error.code != 404:
                raise
            return ""


def words_of(name: str, content: bytes) -> str:
    """All of them, also where no reader looks."""
    if name.endswith(".docx"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            texts = [parts.read(part).decode() for part in parts.namelist() if part.endswith(".xml")]
            return unescape(re.sub(r"<[^>]+>", "", "\n".join(texts)))
    if name.endswith(".pdf"):
        from pypdf import PdfReader

        return "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    if name.endswith(".ics"):  # its long lines go on in the next one, after a blank
        return content.decode().replace("\r\n ", "")
    return content.decode()


def _fields() -> dict[str, Any]:
    return {
        "title": "Nine contacts, no decider",
        "team": f"North {uuid.uuid4().hex[:8]}",  # of this account alone
        "language": "en",
        "call_url": "",
        "starts_at": now() + timedelta(minutes=1),
        "timezone": "UTC",
        "expected": 6,
        "length": 90,
        "minutes": {slot: minutes[3] for slot, minutes in MINUTES.items()},
        "move_on": False,
        "owner_name": "Otto",
    }


def _driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg2://", 1)
