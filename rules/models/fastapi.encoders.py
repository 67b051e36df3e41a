"""`fastapi.encoders`: JSON of anything."""

import covgap


def jsonable_encoder(value, **options):
    return value.model_dump() if covgap.marks(value, "model_fields_set") else covgap.unknown("library")
