"""Connections over loopback: how they end, what they have to do with each other; the program itself."""

import contextlib
import io
import os
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import unittest
from unittest import mock

from service import asking, server
from service.chat import ChatRoom, Message
from service.conformance import Conformance
from service.parts import Parts
from service.samples import Login, NetOrder, Packet
from service.server import Port

from .support import ANSI, stored, string, wire

PEER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "peer.py")
PATIENCE = 20           # seconds until a test that hangs fails
NEXT = wire("04 00 01 00 00 00")
NEXT_ANSWER = wire("00 00 02 00 00 00")


class Client:
    """An asker's socket."""

    def __init__(self, port):
        self.sock = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sock.close()

    def send(self, data):
        self.sock.sendall(data)

    def finish(self):
        self.sock.shutdown(socket.SHUT_WR)

    def read(self, size):
        data = b""
        while len(data) < size and (chunk := self.sock.recv(size - len(data))):
            data += chunk
        return data

    def rest(self):
        """All until FIN; a RST raises."""
        data = b""
        while chunk := self.sock.recv(1 << 16):
            data += chunk
        return data

    def reset(self):
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()


class NetworkTest(unittest.TestCase):
    service = None
    kind = Port

    def setUp(self):
        port = self.kind("test", ("127.0.0.1", 0), self.service, ANSI, Parts())
        self.port = port.listener.getsockname()[1]
        port.start()

    def client(self):
        client = Client(self.port)
        self.addCleanup(client.sock.close)
        return client

    def asked(self, data):
        """What comes until FIN when a stream is sent and ended."""
        with self.client() as client:
            client.send(data)
            client.finish()
            return client.rest()


class Ends(NetworkTest):
    service = Conformance

    def test_all_that_is_owed_comes_behind_a_half_close(self):
        self.assertEqual(self.asked(NEXT * 1000), NEXT_ANSWER * 1000)

    def test_no_reset_destroys_the_last_status(self):
        for asked, answered in ((wire("FF FF"), b"\1\0"), (wire('01 00 06 "object" 00 80'), b"\2\0"), (wire("08 00"), b"\0\0")):
            with self.subTest(asked), self.client() as client:
                client.send(asked + bytes(100_000))
                answer = client.read(2)
                client.send(bytes(100_000))         # it is read and dropped
                client.finish()
                client.rest()
                self.assertEqual(answer, answered)

    def test_it_closes_though_the_asker_does_not(self):
        with mock.patch("service.connection.END_PATIENCE", 0), self.client() as client:
            client.send(wire("08 00"))
            self.assertEqual(client.rest(), b"\0\0")

    def test_a_reset_ends_one_connection_only(self):
        with self.client() as other:
            other.send(NEXT[:3])
            for _ in range(20):
                client = self.client()
                client.send(NEXT + NEXT[:2])
                client.reset()
            other.send(NEXT[3:])
            self.assertEqual(other.read(6), NEXT_ANSWER)

    def test_silent_connections_hold_up_nobody(self):
        with contextlib.ExitStack() as stack:
            silent = [stack.enter_context(self.client()) for _ in range(100)]
            for client in silent:
                client.send(NEXT[:5])
            stuffed = stack.enter_context(self.client())
            stuffed.send(struct.pack("<HHI", 7, 1, 64 << 20))       # and nobody reads it
            self.assertEqual(self.asked(NEXT), NEXT_ANSWER)
            for client in silent:
                client.send(NEXT[5:])
                self.assertEqual(client.read(6), NEXT_ANSWER)


class PacketTest(NetworkTest):
    service = Packet

    def test_packets_are_acknowledged(self):
        sent = wire("5A 03 00 5A 5A 5A") + string("Sender sent packet 1 of 2 (Value = 90, Copies = 3)")
        sent += wire("07 00 00") + string("Sender sent packet 2 of 2 (Value = 7, Copies = 0)")
        self.assertEqual(self.asked(sent), string("Recipient received packet 1 of 2 (Value = 90, Copies = 3)") +
                         string("Recipient received packet 2 of 2 (Value = 90, Copies = 0)"))

    def test_malformed_input_ends_in_silence(self):
        for sent in (wire("5A 01 00 5A") + string("hello"), wire("5A 03 00 5A"), b"\x5A"):
            self.assertEqual(self.asked(sent), b"")

    def test_the_asking_program_gets_its_acknowledgements(self):
        heard = io.StringIO()
        with contextlib.redirect_stdout(heard):
            asking.ask("packet", ("127.0.0.1", self.port), ANSI, Parts(), [(90, 3), (0, 0), (255, 65535)])
        self.assertEqual(heard.getvalue().splitlines(), [
            "Recipient received packet 1 of 3 (Value = 90, Copies = 3)",
            "Recipient received packet 2 of 3 (Value = 90, Copies = 0)",
            "Recipient received packet 3 of 3 (Value = 255, Copies = 65535)"])


class LoginTest(NetworkTest):
    service = Login

    def test_the_right_pair_opens_the_service(self):
        self.assertEqual(self.asked(string("guest") + string("guest") + NEXT), b"\1\0" + NEXT_ANSWER)

    def test_other_pairs_do_not(self):
        self.assertEqual(self.asked(string("guest") + string("Guest") + NEXT), b"\0\0")
        self.assertEqual(self.asked(string("guest") + wire("05")), b"")


class NetOrderTest(NetworkTest):
    service = NetOrder

    def test_command_and_param1_change(self):
        self.assertEqual(self.asked(wire('"MFC1" 00 07 FF FE 00 01 86 A0')), wire('"MFC1" 00 08 00 02 00 01 86 A0'))
        self.assertEqual(self.asked(wire('"MFC1" FF FF 80 00 FF FF FF FF')), wire('"MFC1" 00 00 80 00 FF FF FF FF'))

    def test_anything_else_ends_in_silence(self):
        for sent in (wire('"MFC2" 00 07 FF FE 00 01 86 A0'), b"MFC1"):
            self.assertEqual(self.asked(sent), b"")


class ChatTest(NetworkTest):
    kind = ChatRoom

    def said(self, *arguments):
        return stored(ANSI, Message(*arguments).serialize)

    def test_all_others_hear_and_a_farewell_is_answered(self):
        with self.client() as one, self.client() as two, self.client() as three:
            hello = self.said(0, "hello", ["a", "b"])
            three.send(hello)                       # the newest speaks first
            self.assertEqual((one.read(len(hello)), two.read(len(hello))), (hello, hello))
            bye = self.said(2, "bye")
            one.send(bye)
            self.assertEqual((two.read(len(bye)), three.read(len(bye))), (bye, bye))
            self.assertEqual(one.rest(), self.said(2))
            two.send(wire("00 00 05"))
            two.finish()                            # not announced
            self.assertEqual(two.rest(), b"")
            three.send(self.said(1))
            self.assertEqual(three.rest(), self.said(1))

    def test_the_asking_program_speaks_and_hears(self):
        heard = io.StringIO()
        with self.client() as other, contextlib.redirect_stdout(heard):
            answered = threading.Event()

            def lines():
                yield "hello\n"
                self.assertTrue(answered.wait(PATIENCE))

            def answer():
                hello = self.said(0, "hello")
                self.assertEqual(other.read(len(hello)), hello)
                other.send(self.said(0, "welcome", ["x"]))
                other.send(self.said(1))
                other.rest()
                answered.set()
            thread = threading.Thread(target=answer)
            thread.start()
            asking.ask("chat", ("127.0.0.1", self.port), ANSI, Parts(), lines=lines())
            thread.join()
        self.assertEqual(heard.getvalue().splitlines(), ["welcome", "x"])


class Dialling(unittest.TestCase):
    def test_it_gives_up_after_ten_seconds_of_refusals(self):
        clock = [0.0]
        heard = io.StringIO()

        def sleep(seconds):
            clock[0] += seconds
        with (mock.patch("service.server.time.monotonic", lambda: clock[0]), mock.patch("service.server.time.sleep", sleep),
              mock.patch("service.server.connect", lambda address: None), contextlib.redirect_stdout(heard)):
            self.assertIsNone(server.connect_patiently(("127.0.0.1", 1)))
        self.assertAlmostEqual(clock[0], 10, delta=0.1)
        self.assertEqual(heard.getvalue(), "refused, retrying\n")

    def test_what_reaches_itself_counts_as_refused(self):
        sock = socket.socket()
        sock.bind(("127.0.0.1", 0))
        sock.connect(sock.getsockname())            # what a dial to an unused port can come to
        with mock.patch("socket.create_connection", lambda address: sock):
            self.assertIsNone(server.connect(sock.getsockname()))


class Program(unittest.TestCase):
    def start(self, *arguments):
        process = subprocess.Popen([sys.executable, "-B", PEER, *arguments], stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def test_it_says_where_it_listens(self):
        process = self.start("--charset", "ansi")
        ports = {}
        while (line := process.stdout.readline()) != "ready\n":
            _, service, port = line.split()
            ports[service] = int(port)
        self.assertEqual(list(ports), ["conformance", "packet", "chat", "login", "netorder", "talk", "messenger", "room", "telephony", "update", "net-message"])
        with Client(ports["conformance"]) as client:
            client.send(NEXT)
            client.finish()
            self.assertEqual(client.rest(), NEXT_ANSWER)

    def test_it_listens_and_dials_where_it_is_told(self):
        with tempfile.TemporaryDirectory() as place:
            path = os.path.join(place, "socket")
            for arguments, family, name in ((["--unix", path], socket.AF_UNIX, path),
                                            (["--unix", "@" + path], socket.AF_UNIX, "\0" + path),
                                            (["--host", "::1"], socket.AF_INET6, None)):
                process = self.start(*arguments)
                where = process.stdout.readline().split()[-1]
                with socket.socket(family) as sock:
                    sock.settimeout(PATIENCE)
                    sock.connect(name or ("::1", int(where)))
                    sock.sendall(NEXT)
                    sock.shutdown(socket.SHUT_WR)
                    self.assertEqual(sock.makefile("rb").read(), NEXT_ANSWER)
            with socket.socket(socket.AF_UNIX) as listener:
                listener.settimeout(PATIENCE)
                listener.bind(path + "2")
                listener.listen()
                self.start("--dial", f"unix:{path}2")
                with listener.accept()[0] as sock:
                    sock.sendall(NEXT)
                    sock.shutdown(socket.SHUT_WR)
                    self.assertEqual(sock.makefile("rb").read(), NEXT_ANSWER)

    def test_it_dials_until_it_is_answered_and_again_when_that_ends(self):
        with socket.socket() as listener:
            listener.settimeout(PATIENCE)
            listener.bind(("127.0.0.1", 0))         # not listening: dials are refused
            process = self.start("--dial", f"127.0.0.1:{listener.getsockname()[1]}", "--connections", "2")
            self.assertEqual([process.stdout.readline() for _ in range(2)], ["ready\n", "refused, retrying\n"])
            listener.listen()
            for _ in range(3):
                socks = [listener.accept()[0] for _ in range(2)]
                for sock in socks:
                    with sock:
                        sock.sendall(NEXT)
                        sock.shutdown(socket.SHUT_WR)
                        self.assertEqual(sock.makefile("rb").read(), NEXT_ANSWER)

    def test_it_refuses_what_it_cannot_be(self):
        for arguments in (["--generation", "6.0", "--bits", "64"], ["--ask", "login", "127.0.0.1", "1"],
                          ["--packets", "256:0"]):
            process = subprocess.run([sys.executable, "-B", PEER, *arguments], capture_output=True, check=False)
            self.assertEqual(process.returncode, 2)
