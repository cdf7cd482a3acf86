"""A Kubernetes API server over TLS that writes down who asks, and an EKS that knows of it."""

import base64
import json
import ssl
import threading
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import trustme

PODS = {"kind": "PodList", "apiVersion": "v1", "metadata": {},
        "items": [{"metadata": {"name": f"pod-{it}", "namespace": "default"}} for it in range(3)]}


class Server:
    """Serves `answers` by path: a document, or a place to be redirected to."""

    def __init__(self, answers: dict[str, Any], tls: ssl.SSLContext | None = None) -> None:
        self.authorizations: list[str | None] = []
        served = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                served.authorizations.append(self.headers.get("Authorization"))
                answer = answers[self.path.split("?")[0]]
                body = json.dumps(answer).encode()
                if isinstance(answer, str):
                    self.send_response(307)
                    self.send_header("Location", answer)
                else:
                    self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if tls is not None:
            self.http.socket = tls.wrap_socket(self.http.socket, server_side=True)
        self.port = self.http.server_port
        threading.Thread(target=self.http.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self.http.shutdown()
        self.http.server_close()


class Cluster:
    """A certificate authority and a server that it vouches for."""

    def __init__(self, stack: ExitStack, answers: dict[str, Any] | None = None) -> None:
        authority = trustme.CA()
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(tls)
        self.authority = base64.b64encode(authority.cert_pem.bytes()).decode()
        self.server = Server(answers or {"/api/v1/pods": PODS}, tls)
        stack.callback(self.server.close)
        self.url = f"https://127.0.0.1:{self.server.port}"
