"""Asking programs: the other side of packet and chat; and the cases that they can be told to play."""

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


# ---- cases ----

PACKET_CASES = {
    "packet-lock-step": "90:3,7:0,255:300,0:1,165:4096",
    "packet-wide-text": "90:3",
    "packet-example": "90:3",
    "packet-no-copies-first": "90:0",
    "packet-no-copies-later": "90:3,7:0,7:1",
    "packet-copies-1": "165:1",
    "packet-copies-255": "165:255",
    "packet-copies-256": "165:256",
    "packet-copies-4096": "165:4096",
    "packet-copies-31999": "165:31999",
}

# Members enter at the beginning, but for one who says "enters"; who says a word that closes hears it answered, and leaves.
CHAT_CASES = {
    "chat-talk": ("ab", [("b", 0, "Hi"), ("a", 0, "Hi yourself"), ("b", 0, "", "one", "", "three"), ("a", 0, "well"), ("b", 0, "then")]),
    "chat-three-talk": ("abc", [("c", 0, "all"), ("a", 0, "back", "a: 1"), ("b", 2, "bye"), ("c", 0, "two left"), ("a", 0, "you and I")]),
    "chat-latecomer": ("ab", [("b", 0, "early"), ("c", "enters"), ("c", 0, "hello"), ("b", 0, "late"), ("a", 0, "noted"), ("b", 0, "last")]),
    "chat-goodbye": ("a", [("a", 0, "anybody?"), ("a", 1, "bye")]),
    "chat-farewell-alone": ("a", [("a", 7, "bye")]),
}


def ask_case(service, name, address, build, parts):
    """Plays a case of the suites as its client. Raises NoAnswer, ArchiveError or OSError."""
    if service == "packet" and name in PACKET_CASES:
        ask(service, address, build, parts, parse_packets(PACKET_CASES[name]))
    elif service == "chat" and name in CHAT_CASES:
        talk(*CHAT_CASES[name], address, build, parts)
    else:
        raise NoAnswer(f"there is no case {name}")


def talk(members, script, address, build, parts):
    present, gone = {}, []

    def enter(who):
        sock = connect(address)
        if sock is None:
            raise NoAnswer(f"nobody listens at {address[0]}:{address[1]}")
        present[who] = parts.connection(sock, build, parts)

    try:
        for who in members:
            enter(who)
        for who, close, *words in script:
            if close == "enters":
                enter(who)
                continue
            text, lines = words[0], words[1:]
            say(present[who], Message(close, text, lines))
            for other in present:
                if other != who:
                    hears(present[other], close, text, lines)
            if close:
                hears(present[who], close, "", [])
                if not present[who].load.at_end():
                    raise NoAnswer("the end was due behind the farewell")
                gone.append(present.pop(who))
                gone[-1].end()
        for connection in present.values():
            connection.half_close()
        for connection in present.values():
            connection.end()
    finally:
        for connection in [*present.values(), *gone]:
            connection.close()


def hears(connection, close, text, lines):
    message = Message()
    message.serialize(connection.load)
    if (message.close, message.text, list(message.lines.items)) != (close, text, lines):
        raise NoAnswer(f"due was: {close} {text!r} {lines}")
