"""A mail server of a test's own: it speaks SMTP on a real socket, keeps what it took, and refuses on demand."""

import socketserver
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Self

ANSWERS = {
    "EHLO": "250 test",
    "HELO": "250 test",
    "MAIL": "250 ok",
    "RSET": "250 ok",
    "NOOP": "250 ok",
}


class MailServer(socketserver.ThreadingTCPServer):
    """On a free port of this machine. `refusals` maps a recipient, or DATA, to the answer it gets.

    `breaks_off`: it takes a mail and closes the line instead of saying so, as a server that dies does.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.taken: list[tuple[list[str], EmailMessage]] = []
        self.refusals: dict[str, str] = {}
        self.breaks_off = False

    @property
    def port(self) -> int:
        """Where it listens."""
        return self.server_address[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.shutdown()
        self.server_close()


class Conversation(socketserver.StreamRequestHandler):
    """One client, from greeting to goodbye."""

    server: MailServer

    def handle(self) -> None:
        """Answer line by line."""
        self.say("220 test")
        self.recipients: list[str] = []
        for line in self.rfile:
            verb, _, rest = line.decode().strip().partition(" ")
            verb = verb.upper()
            if verb == "QUIT":
                return self.say("221 bye")
            if verb == "RCPT":
                self.take_recipient(rest.split(":", 1)[1].strip(" <>"))
            elif verb == "DATA":
                if not self.take_mail():
                    return None
            else:
                self.say(ANSWERS.get(verb, "500 what?"))
        return None

    def take_recipient(self, address: str) -> None:
        """Note it, unless it is to be refused."""
        refusal = self.server.refusals.get(address)
        if not refusal:
            self.recipients.append(address)
        self.say(refusal or "250 ok")

    def take_mail(self) -> bool:
        """Read up to the lone dot; returns whether the conversation goes on."""
        if refusal := self.server.refusals.get("DATA"):
            self.say(refusal)
            return True
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        mail = message_from_bytes(b"".join(lines), policy=policy.default)
        self.server.taken.append((self.recipients, mail))
        if self.server.breaks_off:
            return False
        self.say("250 taken")
        return True

    def say(self, line: str) -> None:
        """One line of answer."""
        self.wfile.write(f"{line}\r\n".encode())
