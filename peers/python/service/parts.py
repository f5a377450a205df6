"""What a peer is made of."""

import dataclasses

from mfc import LoadArchive, StoreArchive

from .chat import ChatRoom
from .conformance import Conformance
from .connection import Connection
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
