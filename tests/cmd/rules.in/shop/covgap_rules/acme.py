"""`acme`: a robot that visits the pages of an application."""

import covgap


class Robot:
    def __init__(self, app):
        self.app = app

    def visit(self, path):
        request = covgap.request("http", self.app, "GET", path, "", True, "in-process", "acme/visit")
        return covgap.status(request)
