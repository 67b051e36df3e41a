"""The mail relay."""

import smtplib


class MailAdapter:
    def __init__(self, host: str) -> None:
        self.host = host

    def send(self, to: str, text: str) -> None:
        with smtplib.SMTP(self.host) as relay:
            relay.sendmail("shop@example.org", to, text)
