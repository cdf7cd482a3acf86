"""Runs `aws eks get-token` for each case on standard input, with the clock standing still.

A case is one line of JSON: "arguments", "environment", "time" (Unix seconds). So is each answer:
"status", "stdout", "stderr". The AWS CLI runs within this process, for its start alone takes half a
second.
"""

import contextlib
import io
import json
import os
import sys
from datetime import datetime, timezone

from awscli import clidriver
from freezegun import freeze_time

# Set when awscli is imported: where its own models are.
DATA_PATH = os.environ["AWS_DATA_PATH"]


def answer(case):
    os.environ.clear()
    os.environ.update(case["environment"], AWS_DATA_PATH=DATA_PATH)
    out, err = io.StringIO(), io.StringIO()
    now = datetime.fromtimestamp(case["time"], timezone.utc)
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), freeze_time(now):
        status = clidriver.create_clidriver().main(case["arguments"])
    return {"status": status, "stdout": out.getvalue(), "stderr": err.getvalue()}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
