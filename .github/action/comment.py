#!/usr/bin/env python3
"""Writes a Markdown file as the one comment of covgap on a pull request: the first run creates it, later ones update it.

    GITHUB_TOKEN=… GITHUB_REPOSITORY=owner/name PULL_REQUEST=7 comment.py covgap.md

A token that may not write (a pull request from a fork) is a notice, and no failure: the report is in the step's summary, too.
"""

import json
import os
import sys
import urllib.error
import urllib.request

MARK = "<!-- covgap -->"
# GitHub refuses a body of more characters than this.
LONGEST = 65_536
CUT = "\n\n(cut: the whole is in the summary of the run)\n"


def call(method, url, body=None):
    request = urllib.request.Request(url, method=method, data=None if body is None else json.dumps(body).encode())
    request.add_header("Authorization", "Bearer " + os.environ["GITHUB_TOKEN"])
    request.add_header("Accept", "application/vnd.github+json")
    request.add_header("X-GitHub-Api-Version", "2022-11-28")
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def own_comment(comments):
    """The comment of an earlier run: it begins with the mark, and a bot wrote it (a person may quote the mark)."""
    page = 1
    while True:
        found = call("GET", f"{comments}?per_page=100&page={page}")
        for comment in found:
            if comment["body"].startswith(MARK) and comment["user"]["type"] == "Bot":
                return comment
        if len(found) < 100:
            return None
        page += 1


def body_of(path):
    with open(path, encoding="utf-8") as file:
        text = f"{MARK}\n{file.read()}"
    return text if len(text) <= LONGEST else text[: LONGEST - len(CUT)] + CUT


def main(path):
    api = os.environ.get("GITHUB_API_URL", "https://api.github.com")
    repository = f"{api}/repos/{os.environ['GITHUB_REPOSITORY']}/issues"
    comments = f"{repository}/{int(os.environ['PULL_REQUEST'])}/comments"
    body = {"body": body_of(path)}
    try:
        comment = own_comment(comments)
        if comment is None:
            call("POST", comments, body)
        elif comment["body"] != body["body"]:
            call("PATCH", f"{repository}/comments/{comment['id']}", body)
    except urllib.error.HTTPError as error:
        if error.code not in (401, 403):
            raise
        print(f"::notice title=covgap::the comment could not be written ({error.code}): the token has no right to")


if __name__ == "__main__":
    main(sys.argv[1])
