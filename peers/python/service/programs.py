"""Services with the messages of programs that others wrote [15.3, APP-1 to APP-6]; what they answer says vectors/layouts/README.md."""

from .chat import ChatRoom
from .classes import CNetMessage
from .samples import SampleService

PEOPLE = {"guest": 100, "ann": 101, "bob": 102, "cid": 103}
VOID, LOGIN = -1, 1
NOBODY, ALL, SYSTEM = -1, 9999, 10000
LARGEST_BLOCK = 65536


class TalkMessage:
    """CMsg as most of CHATTER's family have it: without the list."""

    def __init__(self, close=0, text=""):
        self.close = close
        self.text = text

    def serialize(self, ar):
        if ar.is_storing:
            ar.write_word(self.close)
            ar.write_string(self.text)
        else:
            self.close = ar.read_word()
            self.text = ar.read_string()


class TalkRoom(ChatRoom):
    message = TalkMessage


class Letter:
    def __init__(self):
        self.type, self.text, self.receiver, self.sender = 0, "", "", ""

    def serialize(self, ar):
        if ar.is_storing:
            ar.write_word(self.type)
            for text in (self.text, self.receiver, self.sender):
                ar.write_string(text)
        else:
            self.type = ar.read_word()
            self.text, self.receiver, self.sender = (ar.read_string() for _ in range(3))


class MessengerRoom(ChatRoom):
    """A name is that of who used it last."""

    message = Letter

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self._named = {}

    def take(self, sender, letter):
        if not letter.receiver:
            sender.post(self._encode(letter))
            return False
        self._forget(sender)
        self._named[letter.sender] = sender
        if letter.receiver in self._named:
            self._named[letter.receiver].post(self._encode(letter))
        return False

    def _forget(self, member):
        self._named = {name: one for name, one in self._named.items() if one is not member}

    def leave(self, member):
        with self._room_lock:
            self._forget(member)
        super().leave(member)


class Word:
    def __init__(self, kind=0, sender=0, receiver=0, text=""):
        self.kind, self.sender, self.receiver, self.text = kind, sender, receiver, text

    def serialize(self, ar):
        if ar.is_storing:
            for number in (self.kind, self.sender, self.receiver):
                ar.write_long(number)
            ar.write_string(self.text)
        else:
            self.kind, self.sender, self.receiver = (ar.read_long() for _ in range(3))
            self.text = ar.read_string()


class NumberedRoom(ChatRoom):
    """A number is that of who logged in with it last."""

    message = Word

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self._numbered = {}

    def take(self, sender, word):
        if word.kind == VOID:
            return False
        if (word.kind, word.sender, word.receiver) == (LOGIN, NOBODY, SYSTEM):
            number = PEOPLE.get(word.text, NOBODY)
            if number != NOBODY:
                self._forget(sender)
                self._numbered[number] = sender
            sender.post(self._encode(Word(LOGIN, SYSTEM, number, word.text)))
            return False
        if self._numbered.get(word.sender) is not sender:
            return True
        data = self._encode(word)
        for number, one in self._numbered.items():
            if one is not sender if word.receiver == ALL else number == word.receiver:
                one.post(data)
        return False

    def _forget(self, member):
        self._numbered = {number: one for number, one in self._numbered.items() if one is not member}

    def leave(self, member):
        with self._room_lock:
            self._forget(member)
        super().leave(member)


class Telephony(SampleService):
    def answer(self):
        self.load.read_dword()
        size = self.load.read_dword()
        if size > LARGEST_BLOCK:
            self.store.write_dword(1)
            self.store.write_dword(0)
            self.store.flush()
            return False
        data = self.load.read(size)
        self.store.write_dword(0)
        self.store.write_dword(size)
        self.store.write(data)
        return True


class Update(SampleService):
    def answer(self):
        for _ in range(4):
            self.load.read_string()
        return False


class NetMessage(SampleService):
    """The answer to a message that comes again is the same answer again."""

    def __init__(self, connection):
        super().__init__(connection)
        self._answers = {}          # by the message, which lives as long as the archive

    def answer(self):
        message = self.load.read_object()
        if message is not None and not isinstance(message, CNetMessage):
            return False
        if message is not None and id(message) not in self._answers:
            answer = CNetMessage()
            answer.sender, answer.text, answer.time = "server", message.text, message.time
            self._answers[id(message)] = answer
        self.store.write_object(message and self._answers[id(message)])
        return True
