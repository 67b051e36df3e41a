def test_news(client):
    with client.websocket_connect("/live/news") as websocket:
        assert websocket.receive_text() == "welcome"
