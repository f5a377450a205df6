"""What a peer is made of."""

import dataclasses

from mfc import LoadArchive, StoreArchive

from .chat import ChatRoom
from .conformance import Conformance
from .connection import Connection
from .programs import MessengerRoom, NetMessage, NumberedRoom, TalkRoom, Telephony, Update
from .samples import Login, NetOrder, Packet
from .types import Types


@dataclasses.dataclass
class Parts:
    """The classes to take. Whoever wants a peer that differs in one respect puts in a subclass of their own."""

    load_archive: type = LoadArchive
    store_archive: type = StoreArchive
    types: type = Types
    connection: type = Connection
    conformance: type = Conformance
    packet: type = Packet
    chat_room: type = ChatRoom
    login: type = Login
    netorder: type = NetOrder
    talk_room: type = TalkRoom
    messenger_room: type = MessengerRoom
    numbered_room: type = NumberedRoom
    telephony: type = Telephony
    update: type = Update
    net_message: type = NetMessage
