"""What mistakes are made with."""

from mfc import values
from service.chat import ChatRoom, Message

FLAWS = {}


def flaw(function):
    FLAWS[function.__name__.replace("_", "-")] = function
    return function


def change_variant_body(vt, load=None, store=None):
    for bodies in (values._BODIES, values._ALL_BODIES):
        if vt in bodies:
            bodies[vt] = (load or bodies[vt][0], store or bodies[vt][1])


def forward_by(encode):
    """What others hear of a message; the farewell's own answer is as it was."""
    def forward(self, sender, message):
        with self._room_lock:
            self._accept_waiting()
            data = encode(self, message)
            for member in self._members:
                if member is not sender:
                    member.post(data)
            if message.close:
                sender.post(self._encode(Message(message.close)))
    ChatRoom.forward = forward
