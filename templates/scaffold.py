# Tests that close gaps of {{ about }}, as `covgap scaffold` wrote them.
# Each sends a request and asserts how it is answered; what only you know is marked with "fill in".
{%- if needs_pytest %}

import pytest
{%- endif %}
{%- if needs_disconnect %}
from starlette.websockets import WebSocketDisconnect
{%- endif %}
{%- if let Some(app) = app %}
from fastapi.testclient import TestClient

from {{ app.module }} import {{ app.attribute }}


@pytest.fixture
def app_client():
    with TestClient({{ app.attribute }}{% if app.is_factory %}(){% endif %}) as client:
        yield client
{%- endif %}
{%- for test in tests %}


{% for mark in test.marks -%}
@pytest.mark.{{ mark }}
{% endfor -%}
{% if test.is_awaited %}async {% endif %}def {{ test.name }}({{ test.parameters }}):
    # {{ test.title }}: covgap explain {{ test.gap }}
{%- for hint in test.hints %}
    # fill in: {{ hint }}
{%- endfor %}
{%- if let Some(code) = test.closed %}
    with pytest.raises(WebSocketDisconnect) as closed:
        with {{ test.fixture }}.websocket_connect({{ test.arguments }}) as websocket:
            websocket.receive_json()
    assert closed.value.code == {{ code }}
{%- else if test.is_websocket %}
    with {{ test.fixture }}.websocket_connect({{ test.arguments }}) as websocket:
        websocket.send_json({})
        assert websocket.receive_json()
{%- else %}
    response = {% if test.is_awaited %}await {% endif %}{{ test.fixture }}.{{ test.send }}({{ test.arguments }}{{ test.options }})
    assert {{ test.assertion }}
{%- endif %}
{%- endfor %}
