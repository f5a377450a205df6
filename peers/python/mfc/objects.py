"""Objects that archives know: ``CObject``, and the classes that a stream may name."""

SERIAL_CLASSES = {}         # by name, as bytes: what IMPLEMENT_SERIAL registers


class CObject:
    """Base of everything that can be inserted as an object.

    ``class CAge(CObject, schema=1)`` stands for ``IMPLEMENT_SERIAL(CAge, CObject, 1)``, and ``versionable=True``
    for ``VERSIONABLE_SCHEMA | 1``. A class must be constructible without arguments, and objects must keep
    Python's own ``==`` and hash: archives tell them apart by identity [OBJ-16].
    """

    __slots__ = ()
    schema = None               # 0xFFFF in MFC: not serial
    versionable = False

    def __init_subclass__(cls, schema=None, versionable=False, **rest):
        super().__init_subclass__(**rest)
        cls.schema = schema
        cls.versionable = versionable
        cls.wire_name = cls.__name__.encode("ascii")    # 8-bit in every build [6.1]
        if schema is not None:
            SERIAL_CLASSES[cls.wire_name] = cls

    def serialize(self, ar):
        """Loads or stores the body, as ``ar.is_loading`` says."""
