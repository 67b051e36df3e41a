from unittest.mock import MagicMock

from shop.services.notifications import NotificationService


async def test_order_paid():
    mail = MagicMock()
    notifications = NotificationService(mail)
    await notifications.start()
    notifications.order_paid("ada", 1)
    mail.send.assert_called_once()
