"""Who is told what."""

from shop.adapters.mail import MailAdapter


class NotificationService:
    def __init__(self, mail: MailAdapter) -> None:
        self.mail = mail
        self.listeners: list = []

    async def start(self) -> None:
        self.listeners.clear()

    def order_paid(self, owner: str, number: int) -> None:
        self.mail.send(f"{owner}@example.org", f"Order {number} is paid")

    async def broadcast(self, text: str) -> int:
        for listener in self.listeners:
            await listener.send_text(text)
        return len(self.listeners)
