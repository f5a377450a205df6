"""Which MFC, built how: all that changes what stands on the wire."""

GENERATIONS = ("4.2", "6.0", "7.0", "7.1", "8", "9", "10")
CHARSETS = ("ansi", "unicode")


class Build:
    """A program's MFC, character set and word size. Nothing of it can be seen in a stream [L-3]."""

    def __init__(self, generation="10", charset="unicode", bits=64, code_page="latin-1"):
        if generation not in GENERATIONS + ("none",) or charset not in CHARSETS or bits not in (32, 64):
            raise ValueError(f"no such build: {generation} {charset} {bits}")
        self.generation = generation
        self.charset = charset
        self.bits = bits
        self.code_page = code_page      # of narrow strings; the stream does not tell it [STR-17]
        self.unicode = charset == "unicode"

        if bits == 64 and not self.since("7.0"):
            raise ValueError(f"MFC {generation} has no 64-bit build")
        self.quad_operators = self.since("7.0")             # bool, 64-bit integers, wchar_t [3.1]
        self.quad_strings = self.since("7.0")               # reads string lengths of 64 bits [STR-7]
        self.quad_counts = self.since("7.0") and bits == 64     # writes and reads counts of 64 bits [CNT-2]
        self.cuts_quad_lengths = self.since("7.1")          # to 32 bits, in a 64-bit build [STR-7]
        self.long_time = self.since("8")                    # CTime takes 12 bytes [8.2]
        self.late_variants = self.since("7.1")              # VT_I1, VT_UI2, VT_UI4, VT_I8, VT_UI8 [8.3]
        self.span_has_status = generation != "7.0"          # COleDateTimeSpan, when storing [VAL-9]

    def since(self, generation):
        """Whether this MFC is *generation* or a later one; one that imitates no MFC is like the latest."""
        own = "10" if self.generation == "none" else self.generation
        return GENERATIONS.index(own) >= GENERATIONS.index(generation)

    def cuts_at_nul(self, converting):
        """Whether a loaded string ends at its first NUL; *converting* between widths, or not [STR-19]."""
        if self.since("8"):
            return False
        return converting or self.since("7.0")
