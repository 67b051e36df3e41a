from shop.reports import monthly_report


def test_monthly_report(client):
    assert monthly_report(client.app.state.orders)


def test_refill(client, headers):
    response = client.post("/api/v1/admin/stock/nail/refill?amount=5", headers=headers)
    assert response.status_code == 200
