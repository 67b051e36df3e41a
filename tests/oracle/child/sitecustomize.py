"""Runs when a test starts another Python process: that process is watched like its parent."""

import os

if os.environ.get("ORACLE_CHILD_LOG") and os.environ.get("ORACLE_PARENT") != str(os.getpid()):
    try:
        import behavior_oracle

        behavior_oracle._patch()
        behavior_oracle.follow_parent()
    except ImportError:  # no starlette there, so no server either
        pass
