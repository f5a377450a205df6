"""Asking programs: the other side of packet and chat."""

import random
import sys
import threading

from mfc import ArchiveError

from .chat import Message
from .server import connect

PACKETS = 5                     # that are drawn, unless told which
MOST_COPIES = 31999             # [15.1]


class NoAnswer(Exception):
    """The answerer said something else than was due, or ended too early."""


def ask(service, address, build, parts, packets=None, lines=sys.stdin):
    """Plays the asking side, telling on standard output what is heard. Raises NoAnswer, ArchiveError or OSError."""
    sock = connect(address)
    if sock is None:
        raise NoAnswer(f"nobody listens at {address[0]}:{address[1]}")
    connection = parts.connection(sock, build, parts)
    try:
        if service == "packet":
            send_packets(connection, packets or draw_packets())
        else:
            chat(connection, lines)
        connection.end()
    finally:
        connection.close()


def parse_packets(text):
    """value:copies,value:copies to pairs of numbers."""
    packets = [tuple(map(int, packet.split(":"))) for packet in text.split(",")]
    for value, copies in packets:
        if not (0 <= value <= 0xFF and 0 <= copies <= 0xFFFF):
            raise ValueError(f"no such packet: {value}:{copies}")
    return packets


def draw_packets():
    return [(random.randint(0, 255), random.randint(0, MOST_COPIES)) for _ in range(PACKETS)]


def send_packets(connection, packets):
    """The article's sender, one packet in flight [15.1]."""
    store = connection.store
    value_received = 0                              # with no copies, that of the packet before [PRO-1]
    for number, (value, copies) in enumerate(packets, 1):
        store.write_byte(value)
        store.write_word(copies)
        for _ in range(copies):
            store.write_byte(value)
        packet = f"packet {number} of {len(packets)}"
        store.write_string(f"Sender sent {packet} (Value = {value}, Copies = {copies})")
        store.flush()
        value_received = value if copies else value_received
        due = f"Recipient received {packet} (Value = {value_received}, Copies = {copies})"
        answer = connection.load.read_string()
        print(answer, flush=True)
        if answer != due:
            raise NoAnswer(f"due was: {due}")


def chat(connection, lines):
    """Says each line, and farewell at the end of them; prints what others say until the stream ends [15.2]."""
    heard = []
    listener = threading.Thread(target=hear, args=(connection, heard), daemon=True)
    listener.start()
    for line in lines:
        say(connection, Message(text=line.rstrip("\r\n")))
    say(connection, Message(close=1))
    listener.join()
    if not heard or heard[-1] != (1, "", []):       # others may have said farewell before
        raise NoAnswer("the farewell was not answered")


def say(connection, message):
    message.serialize(connection.store)
    connection.store.flush()


def hear(connection, heard):
    try:
        while not connection.load.at_end():
            message = Message()
            message.serialize(connection.load)
            heard.append((message.close, message.text, message.lines.items))
            if message.text or not message.close:
                print(message.text, flush=True)
            for line in message.lines.items:
                print(line, flush=True)
    except (ArchiveError, OSError) as error:
        heard.append(error)
