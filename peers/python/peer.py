#!/usr/bin/env python3
"""A peer: the conformance service and the sample services, listening or dialling."""

import argparse
import signal
import sys
import threading

from mfc import CHARSETS, GENERATIONS, Build
from service import classes         # noqa: F401 - a stream may name what stands there
from service.chat import ChatRoom
from service.conformance import Conformance
from service.connection import MAX_DEPTH
from service.samples import Login, NetOrder, Packet
from service.server import Parts, Port, dial, listen

FRAMES_PER_OBJECT = 8               # at most, in loading, storing, telling and parsing
STACK_SIZE = 512 << 10              # bytes a thread: recursion in Python takes none of it


def endpoint(text):
    host, _, port = text.rpartition(":")
    return host, int(port)


def parse_arguments(arguments):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--generation", choices=[*GENERATIONS, "none"], default="10", help="MFC to be like (default: 10)")
    parser.add_argument("--charset", choices=CHARSETS, default="unicode", help="default: unicode")
    parser.add_argument("--bits", type=int, choices=(32, 64), default=64, help="default: 64")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, default=0, help="of the conformance service (default: any)")
    parser.add_argument("--dial", type=endpoint, metavar="HOST:PORT", help="dial there instead of listening")
    parser.add_argument("--connections", type=int, default=1, help="to keep when dialling (default: 1)")
    options = parser.parse_args(arguments)
    try:
        options.build = Build(options.generation, options.charset, options.bits)
    except ValueError as error:
        parser.error(str(error))
    return options


def make_ports(options, parts):
    def anywhere(name, service, kind=Port, port=0):
        return kind(name, (options.host, port), service, options.build, parts)
    return [
        anywhere("conformance", Conformance, port=options.port),
        anywhere("packet", Packet),
        anywhere("chat", None, kind=ChatRoom),
        anywhere("login", Login),
        anywhere("netorder", NetOrder),
    ]


def main(arguments, parts):
    options = parse_arguments(arguments)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.setrecursionlimit(FRAMES_PER_OBJECT * MAX_DEPTH + 1000)
    threading.stack_size(STACK_SIZE)
    if options.dial:
        dial(options.dial, options.connections, Conformance, options.build, parts)
    else:
        listen(make_ports(options, parts))


if __name__ == "__main__":
    main(sys.argv[1:], Parts())
