"""A customer's program that hears webhooks, with Python's own library alone: verifies each signature as docs/webhooks.md says.

First line on standard input: the secret. Then words: `ok`, `fail`, `away` (a redirect): how it answers from then on. Prints its port, then a line of
JSON for each delivery.
"""

import hashlib
import hmac
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

state = {"secret": b"", "mood": "ok"}


def verified(header: str, body: bytes) -> bool:
    parts = dict(part.split("=", 1) for part in header.split(","))
    expected = hmac.new(state["secret"], parts["t"].encode() + b"." + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, parts["v1"])


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        event = json.loads(body)
        line = {
            "verified": verified(self.headers["one-legal-signature"], body),
            "tampered": verified(self.headers["one-legal-signature"], body + b" "),
            "header": self.headers["one-legal-event"],
            "delivery": self.headers["one-legal-delivery"],
            "cookie": self.headers.get("cookie"),
            "event": event,
        }
        mood = state["mood"]
        self.send_response({"ok": 204, "fail": 503, "away": 302}[mood])
        if mood == "away":
            self.send_header("location", "http://169.254.169.254/latest/meta-data/")
        self.send_header("content-length", "0")
        self.end_headers()
        print(json.dumps(line), flush=True)

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Receiver)
print(server.server_port, flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
state["secret"] = sys.stdin.readline().strip().encode()
print("ready", flush=True)
for word in sys.stdin:
    state["mood"] = word.strip()
    print("mood " + state["mood"], flush=True)
