"""`fastapi.datastructures`: state and URLs."""

from starlette.datastructures import State, URL
from fastapi import UploadFile
