"""`inferring_router`: a router that takes response models from annotations."""

from fastapi import APIRouter


class InferringRouter(APIRouter): ...
