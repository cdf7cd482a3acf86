"""The examples of README.md, run in their order as they stand."""

import contextlib
import io
import os
import re
import unittest
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch

from servers import Cluster, Server

README = Path(__file__).resolve().parents[1] / "README.md"
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    "AWS_EC2_METADATA_DISABLED": "true",
}


class Examples(unittest.TestCase):
    def test_every_example_runs_and_prints_what_it_says(self) -> None:
        examples = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
        self.assertEqual(len(examples), 3)
        with ExitStack() as stack:
            cluster = Cluster(stack)
            described = {"endpoint": cluster.url,
                         "certificateAuthority": {"data": cluster.authority}}
            eks = Server({"/clusters/my-cluster": {"cluster": described}})
            stack.callback(eks.close)
            url = {"AWS_ENDPOINT_URL_EKS": f"http://127.0.0.1:{eks.port}"}
            stack.enter_context(patch.dict(os.environ, ENVIRONMENT | url))
            printed = stack.enter_context(contextlib.redirect_stdout(io.StringIO()))
            for example in examples:
                exec(compile(example, README.name, "exec"), {})
            self.assertEqual(len(cluster.server.authorizations), 1)
        output = printed.getvalue()
        for expected in ("k8s-aws-v1.", "sts.eu-central-1.amazonaws.com", "pod-2"):
            self.assertIn(expected, output)


if __name__ == "__main__":
    unittest.main()
