"""`fastapi`: the names that applications import.

Source: https://fastapi.tiangolo.com/reference/
"""

from fastapi import status
from fastapi.applications import FastAPI
from fastapi.datastructures import UploadFile
from fastapi.exceptions import HTTPException, WebSocketException
from fastapi.params import Body, Cookie, Depends, File, Form, Header, Path, Query, Security
from fastapi.routing import APIRouter
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket, WebSocketDisconnect


class BackgroundTasks:
    def add_task(self, function, *args, **kwargs):
        function(*args, **kwargs)
