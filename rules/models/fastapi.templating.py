"""`fastapi.templating`: the templates of Starlette."""

from starlette.templating import Jinja2Templates
