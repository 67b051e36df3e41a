import acme
from shop import app

robot = acme.Robot(app)


def test_missing_order():
    assert robot.visit("/orders/10") == 404
