"""Lists all pods by the Kubernetes client for Python, once for each line on standard input.

The argument is a kubeconfig. An answer is the number of pods, or the error, on a line.
"""

import sys

from kubernetes import client, config

config.load_kube_config(sys.argv[1])
pods = client.CoreV1Api()
for _ in sys.stdin:
    try:
        print(len(pods.list_pod_for_all_namespaces().items), flush=True)
    except client.ApiException as error:
        print(error.status, error.reason, flush=True)
