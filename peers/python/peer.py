#!/usr/bin/env python3
"""A peer: the conformance service and the sample services, listening or dialling; or asking one of the samples."""

import argparse
import signal
import sys
import threading

from mfc import CHARSETS, GENERATIONS, ArchiveError, Build
from service import classes         # noqa: F401 - a stream may name what stands there
from service.asking import NoAnswer, ask, ask_case, parse_packets
from service.connection import MAX_DEPTH
from service.parts import Parts
from service.server import Port, dial, listen

FRAMES_PER_OBJECT = 8               # at most, in loading, storing, telling and parsing
STACK_SIZE = 512 << 10              # bytes a thread: recursion in Python takes none of it


def endpoint(text):
    """HOST:PORT, [::1]:PORT or unix:PATH, as server.listener and server.connect take it."""
    kind, _, path = text.partition(":")
    if kind == "unix":
        return "\0" + path[1:] if path.startswith("@") else path
    host, _, port = text.rpartition(":")
    return host.strip("[]"), int(port)


def parse_arguments(arguments):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--generation", choices=[*GENERATIONS, "none"], default="10", help="MFC to be like (default: 10)")
    parser.add_argument("--charset", choices=CHARSETS, default="unicode", help="default: unicode")
    parser.add_argument("--bits", type=int, choices=(32, 64), help="default: 64, but 32 up to 6.0")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, default=0, help="of the conformance service (default: any)")
    parser.add_argument("--unix", metavar="PATH", help="listen on this socket alone, with the conformance service")
    parser.add_argument("--dial", type=endpoint, metavar="HOST:PORT|unix:PATH", help="dial there instead of listening")
    parser.add_argument("--connections", type=int, default=1, help="to keep when dialling (default: 1)")
    parser.add_argument("--ask", nargs=3, metavar=("SERVICE", "HOST", "PORT"),
                        help="ask packet, or chat with the lines of standard input")
    parser.add_argument("--packets", type=parse_packets, metavar="VALUE:COPIES,...",
                        help="to ask with (default: five that are drawn)")
    parser.add_argument("--case", metavar="ID", help="what to ask: a case of the suites")
    parser.add_argument("--flaw", metavar="NAME", help="make a mistake of flaws/")
    options = parser.parse_args(arguments)
    if options.ask and options.ask[0] not in ("packet", "chat"):
        parser.error("only packet and chat can be asked")
    try:
        bits = options.bits or (32 if options.generation in ("4.2", "6.0") else 64)
        options.build = Build(options.generation, options.charset, bits)
    except ValueError as error:
        parser.error(str(error))
    return options


def make_ports(options, parts):
    if options.unix:
        return [Port("conformance", endpoint("unix:" + options.unix), parts.conformance, options.build, parts)]

    def port(name, service, kind=Port, number=0):
        return kind(name, (options.host, number), service, options.build, parts)
    return [
        port("conformance", parts.conformance, number=options.port),
        port("packet", parts.packet),
        port("chat", None, kind=parts.chat_room),
        port("login", parts.login),
        port("netorder", parts.netorder),
        port("talk", None, kind=parts.talk_room),
        port("messenger", None, kind=parts.messenger_room),
        port("room", None, kind=parts.numbered_room),
        port("telephony", parts.telephony),
        port("update", parts.update),
        port("net-message", parts.net_message),
    ]


def main(arguments, parts):
    options = parse_arguments(arguments)
    if options.flaw:
        import flaws
        flaws.make(options.flaw)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.setrecursionlimit(FRAMES_PER_OBJECT * MAX_DEPTH + 1000)
    threading.stack_size(STACK_SIZE)
    if options.ask:
        service, host, port = options.ask
        try:
            if options.case:
                ask_case(service, options.case, (host, int(port)), options.build, parts)
            else:
                ask(service, (host, int(port)), options.build, parts, options.packets)
        except (NoAnswer, ArchiveError, OSError) as error:
            sys.exit(f"{service}: {error}")
    elif options.dial:
        dial(options.dial, options.connections, options.build, parts)
    else:
        listen(make_ports(options, parts))


if __name__ == "__main__":
    main(sys.argv[1:], Parts())
