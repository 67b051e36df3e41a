# Tests that close gaps of {{ about }}, as `covgap scaffold` wrote them.
# Each asserts what covgap knows; what only you know is marked with "fill in".
{%- if let Some(production) = production %}

from pathlib import Path
{%- endif %}
{%- if needs_pytest %}

import pytest
{%- endif %}
{%- if app.is_some() %}
from fastapi.testclient import TestClient
{%- endif %}
{%- if needs_denial %}
from starlette.testclient import WebSocketDenialResponse
{%- endif %}
{%- if needs_disconnect %}
from starlette.websockets import WebSocketDisconnect
{%- endif %}
{%- if let Some(app) = app %}

from {{ app.module }} import {{ app.attribute }}


@pytest.fixture
def app_client():
    with TestClient({{ app.attribute }}{% if app.is_factory %}(){% endif %}) as client:
        yield client
{%- endif %}
{%- if let Some(production) = production %}

LINES = (Path(__file__).parents[{{ production.up }}] / {{ production.file }}).read_text().splitlines()
PRODUCTION = {line.partition("=")[0].removeprefix("export ").strip() for line in LINES}
{%- endif %}
{%- for test in tests %}


{% for mark in test.marks -%}
@pytest.mark.{{ mark }}
{% endfor -%}
{% if test.is_awaited %}async {% endif %}def {{ test.name }}({{ test.parameters }}):
{%- for gap in test.gaps %}
    # {{ gap }}
{%- endfor %}
{%- for hint in test.hints %}
    # fill in: {{ hint }}
{%- endfor %}
{%- match test.body %}
{%- when Body::Closed with { arguments, code } %}
    with pytest.raises(WebSocketDisconnect) as closed:
        with {{ test.fixture }}.websocket_connect({{ arguments }}) as websocket:
            websocket.receive_json()
    assert closed.value.code == {{ code }}
{%- when Body::Refused with { arguments, status } %}
    with pytest.raises(WebSocketDenialResponse) as refused:
        with {{ test.fixture }}.websocket_connect({{ arguments }}) as websocket:
            websocket.receive_json()
    assert refused.value.status_code == {{ status }}
{%- when Body::Connect with { arguments } %}
    with {{ test.fixture }}.websocket_connect({{ arguments }}) as websocket:
        websocket.send_json({})
        assert websocket.receive_json()
{%- when Body::Setting with { name } %}
    assert {{ name }} in PRODUCTION
{%- when Body::Request with { send, arguments, options, assertion } %}
    response = {% if test.is_awaited %}await {% endif %}{{ test.fixture }}.{{ send }}({{ arguments }}{{ options }})
    assert {{ assertion }}
{%- endmatch %}
{%- endfor %}
