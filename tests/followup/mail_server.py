"""A mail server of a few lines: it speaks SMTP as far as smtplib needs it, keeps what it gets, and can be out of order.

With a context for TLS it offers STARTTLS, and takes nothing before it.
"""

import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage


class MailServer:
    """`mails` are (address on the envelope, message). `broken`: it answers like a server without room."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.mails: list[tuple[str, EmailMessage]] = []
        self.broken = False
        self.tls = tls
        mine = self

        class Talk(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                Conversation(mine, self).go_on()

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]


class Conversation:
    def __init__(self, server: MailServer, handler: socketserver.StreamRequestHandler) -> None:
        self.server = server
        self.handler = handler
        self.secure = False
        self.to = ""

    def go_on(self) -> None:
        self.say("220 ready")
        while line := self.handler.rfile.readline():
            word = line.split()[0].upper().decode() if line.split() else ""
            if word == "QUIT":
                self.say("221 bye")
                return
            self.answer(word, line)

    def answer(self, word: str, line: bytes) -> None:
        if word in ("EHLO", "HELO"):
            self.say("250-here", "250 STARTTLS" if self.server.tls and not self.secure else "250 8BITMIME")
        elif word == "STARTTLS" and self.server.tls:
            self.say("220 go ahead")
            wrapped = self.server.tls.wrap_socket(self.handler.connection, server_side=True)
            self.handler.rfile, self.handler.wfile = wrapped.makefile("rb"), wrapped.makefile("wb", 0)  # type: ignore[assignment]
            self.secure = True
        elif self.server.tls and not self.secure:
            self.say("530 first STARTTLS")
        elif self.server.broken:
            self.say("451 no room at the moment")
        elif word == "DATA":
            self.say("354 go ahead")
            self.server.mails.append((self.to, self.read()))
            self.say("250 taken")
        else:
            if word == "RCPT":
                self.to = line.decode().split("<")[1].split(">")[0]
            self.say("250 fine")

    def read(self) -> EmailMessage:
        lines = []
        while (line := self.handler.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        message = message_from_bytes(b"".join(lines), policy=policy.default)
        assert isinstance(message, EmailMessage)
        return message

    def say(self, *lines: str) -> None:
        self.handler.wfile.write("".join(f"{line}\r\n" for line in lines).encode())


@contextmanager
def mail_server(tls: ssl.SSLContext | None = None) -> Iterator[MailServer]:
    running = MailServer(tls)
    thread = threading.Thread(target=running.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield running
    finally:
        running.server.shutdown()
        running.server.server_close()
        thread.join()
