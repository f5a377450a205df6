"""What a peer is made of."""

from mfc import LoadArchive, StoreArchive

from .chat import ChatRoom
from .conformance import Conformance
from .connection import Connection
from .programs import MessengerRoom, NetMessage, NumberedRoom, TalkRoom, Telephony, Update
from .samples import Login, NetOrder, Packet
from .types import Types


class Parts:
    """The classes to take. Whoever wants a peer that differs in one respect puts a subclass of one in its place."""

    load_archive = LoadArchive
    store_archive = StoreArchive
    types = Types
    connection = Connection
    conformance = Conformance
    packet = Packet
    chat_room = ChatRoom
    login = Login
    netorder = NetOrder
    talk_room = TalkRoom
    messenger_room = MessengerRoom
    numbered_room = NumberedRoom
    telephony = Telephony
    update = Update
    net_message = NetMessage
