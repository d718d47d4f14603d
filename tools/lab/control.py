# SPDX-License-Identifier: Apache-2.0
"""A client of the control sockets: JSON-RPC 2.0, one object per line (see ctl/README.md)."""

import json
import socket


class ControlError(Exception):
    """The process answered with an error object; `code` and the text are its own."""

    def __init__(self, code, text):
        super().__init__(text)
        self.code = code


def request(socket_path, method, params=None, timeout_s=5.0):
    """The result of one request. Raises OSError when nobody answers, ControlError for an error."""
    call = {"jsonrpc": "2.0", "id": 1, "method": method}
    if params:
        call["params"] = params
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(timeout_s)
        client.connect(str(socket_path))
        client.sendall(json.dumps(call).encode() + b"\n")
        with client.makefile("rb") as reader:
            line = reader.readline()
    if not line:
        raise ConnectionError(f"{socket_path} closed without an answer")
    answer = json.loads(line)
    if "error" in answer:
        raise ControlError(answer["error"].get("code", 0), answer["error"].get("message", ""))
    return answer.get("result")


def answers(socket_path):
    """True when a process serves the socket, whatever it says to `ping`."""
    try:
        request(socket_path, "ping", timeout_s=1.0)
    except ControlError:
        return True
    except (OSError, ValueError):
        return False
    return True
