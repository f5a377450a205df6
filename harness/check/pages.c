#include "check/pages.h"

#include <string.h>

const char *fix_language_name(enum fix_language l)
{
    static const char *const names[] = { "fix", "C++", "C#", "Java", "Python", "JavaScript" };

    return names[l];
}

// clang-format off
#define ANY(s)    .fix[FIX_ANY] = s
#define CPP(s)    .fix[FIX_CPP] = s
#define CSHARP(s) .fix[FIX_CSHARP] = s
#define JAVA(s)   .fix[FIX_JAVA] = s
#define PYTHON(s) .fix[FIX_PYTHON] = s
#define JS(s)     .fix[FIX_JAVASCRIPT] = s

const struct cause_page cause_pages[] = {
    /* numbers */
    { "bytes-swapped", "Bytes swapped", "BO-1",
      "A number came with its bytes in the reverse order, or in one that is neither. CArchive is little-endian; network order is big-endian, and so are Java's streams. Only net16 and net32 are turned by the program itself.",
      CPP("do not call htons or htonl on what goes through ar <<"), CSHARP("BinaryPrimitives.WriteUInt32LittleEndian(span, value)"),
      JAVA("ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value)"), PYTHON("struct.pack('<I', value)"), JS("view.setUint32(at, value, true)") },
    { "wrong-size", "A number of another size", "TAB-3.1",
      "A number takes more or fewer bytes than its type has in MFC, or has gone through one that has fewer, and lost what stands in the others: LONG has 4 bytes also in 64-bit builds and on Linux, bool has 1, wchar_t has 2.",
      CPP("use int32_t for LONG and uint32_t for DWORD; long has 8 bytes on Linux"), CSHARP("writer.Write((int)value), not (long)"), JAVA("putInt for LONG and DWORD, not putLong"),
      PYTHON("struct.pack('<i', value): with '<' sizes are fixed, without it they are the machine's"), JS("setInt32 for LONG and DWORD, setBigInt64 only for LONGLONG") },
    { "padded", "Alignment bytes inserted", "L-1",
      "Zeroes stand before a number so that it begins at a multiple of its size. That is how a compiler lays out a struct; an archive has no padding.",
      CPP("store each member by itself; do not Write(&s, sizeof s), or use #pragma pack(1)"), CSHARP("[StructLayout(LayoutKind.Sequential, Pack = 1)]"), PYTHON("struct.pack('<…'): '@' and no mark at all align") },
    { "halves-swapped", "Halves exchanged", "TAB-8.3",
      "A value of 64 bits has its halves the wrong way round, or one of 32 bits its WORDs. COleCurrency stores the high half first, and all else the low one.", ANY("store Hi, then Lo of a CURRENCY, each little-endian") },
    { "sign-lost", "Sign lost", "SVC-6",
      "A negative number was taken for the one without a sign that has the same bits, or its minus was passed over.",
      CPP("extract into int32_t, not uint32_t"), CSHARP("reader.ReadInt32(), not ReadUInt32()"), JAVA("Integer.toUnsignedLong only for DWORD"), PYTHON("struct.unpack('<i', …), not '<I'"), JS("getInt32, and not >>> 0") },
    { "sign-added", "Sign added", "SVC-6", "A number was taken for the negative one that has the same bits: its highest bit is a sign only in signed types.",
      CPP("extract into uint8_t, uint16_t, uint32_t; plain char is signed"), CSHARP("byte, ushort, uint; not sbyte"), JAVA("b & 0xFF: a byte is signed"), PYTHON("struct.unpack('<B', …), not '<b'"), JS("getUint8, not getInt8") },
    { "rounded", "Rounded to a float", "TAB-3.1", "A number has only the digits of a smaller one that it went through: a double those of a float, a whole number those of a double or a float, or either those of a text that was too short.",
      CPP("double d; ar >> d; float has 24 bits of fraction"), CSHARP("reader.ReadDouble(), and no (float)"), JAVA("double, not float"), PYTHON("struct.unpack('<d', …), not '<f'"), JS("getFloat64, and no Math.fround") },
    { "off-by-one", "Off by one", "CNT-1", "A length, a count or what was counted is one too large or too small: a NUL is counted, a loop ends too early or too late, or nothing is counted as one.", ANY("count what is sent: units without the NUL, elements from 0 to count - 1") },
    { "kept-from-before", "Kept from before", "SVC-6", "What a collection held before is still in it: before what a list or an array is to hold now, or among the entries of a map. It is shared, or not emptied before it is loaded.",
      CPP("RemoveAll() before Serialize"), PYTHON("def __init__(self, items=None), not items=[]"), ANY("a new collection for each that is read, or empty it") },
    { "wrong-value", "Another value", "SVC-6",
      "All reads well, but a value is not the one that is due: it was computed otherwise, stands in the place of another, was never set, was kept from before, or answered by heart; or values stand in another order than theirs.", ANY("answer from the request that was read, not from what earlier ones were") },

    /* counts and time */
    { "count-escape", "Wrong form of a count", "CNT-1", "A count below FFFF has two bytes; from FFFF on FFFF stands before four, and in 64-bit builds, there alone, FFFFFFFF before eight.",
      CPP("ar.WriteCount(n)"), CSHARP("if (n < 0xFFFF) w.Write((ushort)n); else { w.Write((ushort)0xFFFF); w.Write((uint)n); }"),
      PYTHON("struct.pack('<H', n) if n < 0xffff else struct.pack('<HI', 0xffff, n)"), JAVA("if (n < 0xFFFF) b.putShort((short) n); else b.putShort((short) -1).putInt(n);"),
      JS("n < 0xffff ? u16(n) : concat(u16(0xffff), u32(n))") },
    { "time-form", "A CTime of another generation", "TAB-8.2", "CTime has 4 bytes up to 7.1. From 8 on it is the mark 8000000A and 8 bytes, 12 in all, and readers take both. What Serialize64 stores has 8 bytes and no mark, a CTimeSpan 4; the operator of a CTime is for neither.",
      CPP("ar << time of the right build, or DWORD 0x8000000A and the 64-bit seconds"), PYTHON("struct.pack('<Iq', 0x8000000a, seconds), or '<i' up to 7.1"),
      CSHARP("w.Write(0x8000000Au); w.Write(seconds);"), JAVA("b.putInt(0x8000000A).putLong(seconds)") },

    /* strings */
    { "string-width", "Text of the other width", "STR-8", "A Unicode build writes FF FFFE before a length in units of two bytes, an ANSI build writes neither. Readers take both.",
      CPP("build as the generation and character set that you say you are"), CSHARP("Encoding.Unicode and the prefix FF FE FF, or the code page without it"),
      JAVA("getBytes(UTF_16LE) and the prefix FF FE FF"), PYTHON("b'\\xff\\xfe\\xff' + length + text.encode('utf-16-le')"), JS("Buffer.from(text, 'utf16le') behind ff fe ff") },
    { "length-escape", "Wrong form of a length", "STR-5", "A string's length has one byte below FF; then FF and two bytes below FFFE; then FF FFFF and four bytes. FF FFFE says that the string is wide, and is never a length. A CComBSTR has four bytes for it, whatever it is.",
      CPP("AfxWriteStringLength, or ar << CString"), CSHARP("not BinaryWriter.Write(string): its length has 7 bits a byte"), JAVA("not writeUTF: its length has two bytes, big-endian"),
      PYTHON("bytes([n]) if n < 0xff else b'\\xff' + struct.pack('<H', n) if n < 0xfffe else b'\\xff\\xff\\xff' + struct.pack('<I', n)"),
      JS("n < 255 ? [n] : n < 0xfffe ? [255, n & 255, n >> 8] : [255, 255, 255, ...u32(n)]") },
    { "bytes-for-units", "Length counts bytes", "STR-1", "The length of a wide string is that of its bytes, twice what it should be, or of those that it has in UTF-8; so may that of a class's name be; or the count of an array is that of its bytes, not of its elements.", CPP("str.GetLength(), not GetLength() * sizeof(TCHAR)"),
      CSHARP("text.Length, not Encoding.Unicode.GetByteCount(text)"), JAVA("text.length(), not bytes.length"), PYTHON("len(encoded) // 2"), JS("text.length, not buffer.length") },
    { "characters-for-units", "Length counts characters", "STR-1", "The length of a wide string counts characters, where a surrogate pair is one; it should count units, of which a pair has two.", CPP("str.GetLength()"),
      CSHARP("text.Length, not the number of runes"), JAVA("text.length(), not codePointCount"), PYTHON("len(encoded) // 2, not len(text)"), JS("text.length, not [...text].length") },
    { "byte-order-mark", "A byte order mark in a string", "STR-1", "A mark stands before the text of a string or a line, or a reader took its first character for one. An archive's strings have none: U+FEFF is a character as any other.",
      CPP("write the units alone"), CSHARP("encoding.GetBytes, not a StreamWriter"), JAVA("UTF_16LE, not UTF_16"), PYTHON("'utf-16-le', not 'utf-16'; 'utf-8', not 'utf-8-sig'"), JS("new TextDecoder('utf-16le', { ignoreBOM: true })") },
    { "units-for-bytes", "Length counts units", "TAB-8.3", "A BSTR inside a variant tells its length in bytes.", CPP("SysStringByteLen, not SysStringLen") },
    { "terminated", "The terminating NUL is sent", "STR-1", "A string came with a NUL behind it, or a line with one in the place of its newline. An archive sends the length and the units, and nothing ends them.", CPP("send GetLength() units, not GetLength() + 1"),
      CSHARP("no + \"\\0\""), PYTHON("no + b'\\0'"), JAVA("no + \"\\0\"") },
    { "cut", "Cut short", "STR-19", "A part of what was due is missing: a string ends at its first NUL since it went through a function that takes a C string; blanks at its ends were stripped; a buffer was full, or a length has too few bits, and all ends at a round number; a newline, or a member of an object, was left out; a status or a length before it was forgotten; or send() took less than it was given.",
      CPP("CString(p, length), not CString(p); memcpy, not strcpy; send in a loop"), CSHARP("Marshal.PtrToStringAnsi(p, length)"), JAVA("write(bytes, 0, length) of all of them"), PYTHON("sendall, not send; ctypes.string_at(p, length), not .value"), JS("heed what write() returns, and wait for 'drain'") },
    { "code-page", "Wrong code page", "STR-17", "Narrow text is in the code page of the writer, and came in UTF-8, in ASCII, or with the highest bits lost; or bytes of UTF-8 were taken for characters.", CPP("WideCharToMultiByte(CP_ACP, …), not CP_UTF8"),
      CSHARP("Encoding.GetEncoding(1252), not Encoding.UTF8"), JAVA("getBytes(\"windows-1252\"), not UTF_8"), PYTHON("text.encode('cp1252')"), JS("iconv-lite: encode(text, 'win1252'); Buffer.from(text) is UTF-8") },
    { "replaced", "Replaced", "STR-19", "Text went through a conversion that has no place for all of it, such as for half a surrogate pair, and a question mark, U+FFFD, an escape or nothing stands where a character was. A string is units, not characters.", CPP("copy the units; no conversion to UTF-8 and back"),
      CSHARP("new UnicodeEncoding(false, false) replaces; copy the chars"), JAVA("getBytes(UTF_16LE) replaces; put each char with a ByteBuffer"), PYTHON("text.encode('utf-16-le', 'surrogatepass'), not 'replace'"), JS("Buffer.from(text, 'utf16le') keeps them; TextEncoder replaces") },

    /* objects */
    { "tag-form", "Wrong form of a tag", "OBJ-1", "The tag of an object or class has two bytes while its index is below 7FFF; from there on 7FFF stands before four. That of a class has the highest bit, that of an object has not; null has 0000 and nothing else.", ANY("index < 0x7FFF ? u16(index) : u16(0x7FFF) and u32(index); of classes with the highest bit set") },
    { "wrong-index", "Indexes counted otherwise", "OBJ-7", "Classes and objects are numbered by one counter from 1, a new class before its object; null has no number, nor have strings, collections without a tag, and what was refused. Whoever counts otherwise refers to another object than is meant, or to none; or tells it by another number.", ANY("map[class] = ++n when the class is described, map[object] = ++n before its body") },
    { "table-restarted", "Object table restarted", "OBJ-11", "One archive, and with it one object table, serves a direction as long as the connection lasts. Here a message began with a fresh one.", CPP("make the two CArchives once for each connection, not for each message"), ANY("keep the table beside the connection") },
    { "table-shared", "Object table shared", "L-2", "Each direction has an object table of its own. Here what one has carried counts in the other, or what another connection has carried.", ANY("two tables for each connection: what was loaded, what was stored"), CPP("two CArchive objects, one to load and one to store") },
    { "described-again", "Class described again", "OBJ-8", "A class is described once in each direction (FFFF, schema, name); then its index stands there with the highest bit set.", ANY("look the class up before describing it") },
    { "object-repeated", "Object sent again", "OBJ-16", "An object that was carried before is referred to by its index; here it came in full once more.", ANY("look the object up, by identity, before storing it") },
    { "objects-merged", "Two objects sent as one", "OBJ-16", "Objects are the same if they are one in memory; here an object that only equals another, or is but of its class, was sent as a reference to it: its key is its value, or an address that was used again; or all of a class were read into one.",
      CPP("a map from pointers, not from values"), CSHARP("ReferenceEqualityComparer.Instance"), JAVA("IdentityHashMap, not HashMap"), PYTHON("key by id(obj), or leave __eq__ and __hash__ out"), JS("a Map keyed by the object, not by its text") },
    { "null-for-object", "Null in place of an object", "OBJ-1", "The tag of null, 0000, stands where an object is due, such as an empty collection: whether it is there was taken for whether it holds something. Or a reference to an object whose body is not complete was taken for none.",
      CPP("if (p != nullptr), not if (!p->IsEmpty())"), PYTHON("if obj is None, not if not obj"), JS("obj === null, not !obj"), CSHARP("obj is null"), JAVA("obj == null, not isEmpty()") },
    { "wrong-schema", "Wrong schema", "OBJ-18", "A class is described with its schema number, a WORD, as IMPLEMENT_SERIAL has it; and the body that follows is read as of the number that the stream tells, not of the class's own. Stored is always the class's own, with the body of that.", ANY("store the schema of the class that is described") },

    /* the exchange */
    { "held-back", "Held back until more came", "BUF-12", "What was due came only when more was sent: a handler reads one message per notification, and what else has arrived stays in the archive's buffer. Or a reply is not flushed, and comes with others, or when the connection ends.",
      CPP("do { message.Serialize(ar); } while (!ar.IsBufferEmpty()); and Flush() behind each reply"), CSHARP("stream.Flush(); read on while the buffer has a message"), JAVA("out.flush()"), PYTHON("parse in a loop until the buffer holds no whole message"), JS("parse in a loop for each 'data' event") },
    { "dropped", "Message dropped", "BUF-9", "A message that came together with another was never answered, or only without its beginning: what was left in the buffer was thrown away with it. Or a piece of one was, or what a full buffer did not hold.", CPP("do not make a new CArchive for each message: its buffer may hold the next"), ANY("keep what is left of a buffer for the next message") },
    { "wrong-request", "Reply to another request", "SVC-4", "What came is right for another request: replies are sent out of order, from a queue that is off by one, or on another connection.", ANY("answer in the order of the requests, on the connection on which they came: no global holds the current one") },
    { "repeated", "Reply sent twice", "SVC-4", "The reply before came once more.", ANY("clear the send buffer behind each flush") },
    { "echo", "Our own bytes came back", "SVC-4", "The peer sends what it gets, byte by byte or value by value: an echo service, a loop in a proxy, or a message that is sent on to whom it came from.", ANY("look which port this is, and who is to hear what") },
    { "spoke-unasked", "Spoke unasked", "SVC-4", "Bytes came where none were due: before the request, in a silence, as a reply to what has none, or a whole message of the service before the one that is due.", ANY("say nothing that the protocol does not ask for, nor earlier") },
    { "extra-bytes", "Bytes inserted", "L-1", "All that was due is there, and more before it, amid it, or in one piece behind it: a frame, a mark, padding, a CR before each LF, a member that is written twice, or the rest of something earlier.", ANY("send no frame, no BOM and no padding; do not send a buffer's capacity in place of its length") },
    { "stray-bytes", "Bytes behind the end", "SVC-4", "Bytes came behind all that was due.", ANY("stop reading and answering at the end of the conversation") },
    { "other-reply", "Refusal in place of the value", "SVC-10", "The peer raised an exception, or refused, where a value was due. What it said tells at which rule.", ANY("look what the reader expects at that place: a longer form, the other width, an older form") },
    { "not-refused", "A value in place of the refusal", "SVC-11", "The peer answered what it must refuse: it took what was not there for zeroes, or did not look at what it read; or it let in whom it must turn away.", CPP("let CArchive throw; do not swallow CArchiveException"), ANY("check that each read brought all its bytes, and each index, schema and name") },
    { "wrong-cause", "Another cause of the exception", "TAB-7.1", "The exception is right, the number of its cause is not.", CPP("pass e->m_cause on") },
    { "false-end", "A pause taken for the end", "BUF-16", "The peer took what had arrived for all that comes, or ended the connection while the other side did nothing for a moment. TCP cuts where it likes, and a timeout is no end: only recv() returning 0 is.", CPP("read until all bytes are there; recv() < n is no end"),
      CSHARP("stream.ReadExactly(buffer)"), JAVA("in.readFully(buffer), not in.read(buffer)"), PYTHON("loop over recv until n bytes came"), JS("keep chunks until there are enough") },
    { "no-answer", "No answer", "SVC-4", "What was due did not come: the peer still waits, or it has read the request and returned without a reply.", ANY("look what the peer waits for: more bytes, another connection, a lock; and whether each way through the handler replies") },
    { "ended-early", "Ended early", "SVC-15", "The peer ended its direction before it had said all that it owed, mostly because the other side had ended its own.", ANY("answer what has arrived before closing; a FIN ends one direction only") },
    { "never-ends", "Never ends", "SVC-17", "The peer did not end its direction when it was due, or went on answering there.", ANY("shutdown(SD_SEND) and close when recv() returns 0 and all is answered") },
    { "reset", "Reset", "SVC-17", "The connection ended with a RST. Closing a socket that has unread bytes makes one, and destroys what was sent before.", CPP("shutdown(s, SD_SEND), read to the end, then closesocket; no SO_LINGER of 0") },
    { "no-reset", "No reset", "SVC-18", "The peer should have reset the connection.", ANY("SO_LINGER with a time of 0, then close") },
    { "refused", "No connection", "SVC-19", "No connection came about.", ANY("listen before saying that you are ready; dial the port that is told") },
    { "no-retry", "No further attempt", "SVC-20", "The peer did not dial again after it was refused.", ANY("try again every 20 ms, and say so") },
    { "extra-connection", "A connection too many", "SVC-21", "The peer dialled more often than the conversation has connections.", ANY("use the connection that is there") },
    { "stuck", "Does not read", "SVC-19", "The peer does not take what is sent.", ANY("read also while writing") },
    { "random", "Chance", "SVC-4", "What came has nothing in common with what was due, and no two bytes of it are alike: memory that nobody has set, text that is encrypted or compressed, another protocol.", ANY("look which port this is, and whether the buffer that is sent is the one that was filled") },
    { "flood", "Flood", "SVC-4", "More came than any answer holds.", ANY("look for a loop that sends") },
    { "proof-refuted", "A silence refuted", "SVC-4", "Nothing could have come any more, by the state of the peer's processes, and yet something did.", ANY("tell us: this is a fault of arcwire's, or a peer that speaks by another process") },
    { "peer-died", "The peer died", "SVC-19", "The program ended while it was spoken to.", ANY("catch exceptions in each connection; ignore SIGPIPE") },
    { "memory", "Memory for whatever is claimed", "STR-15", "The peer took memory for a length or a count that no bytes stand behind.", ANY("read in steps, and let the buffer grow with what has come") },
    { "sanitizer", "A sanitizer complained", NULL, "The peer's stderr has the report of a sanitizer.", ANY("read that report first: what comes behind it may be its consequence") },
    { "never-exits", "Never exits", "SVC-17", "The program did not end behind the conversation.", ANY("end when all connections have ended") },
    { "exit-status", "Another exit status", "SVC-17", "The program ended with a status that is not 0, though all went well.", ANY("return 0 from main") },
    { "bad-format", "No such value", "TAB-7.1", "What was said cannot be read as its layout has it: a class that is not there, a number that means nothing, a tag of no object, an answer to no request.", ANY("hold the layout against what the program really says, byte by byte: arcwire decode --layout"), CPP("compare Serialize with the layout, branch for branch") },
    { "capabilities", "Unfit capabilities", "SVC-7", "What the peer says of itself contradicts itself, or a mandatory type is missing.", ANY("say what you offer by the names of the service") },
    { "information", "Unfit limits", "SVC-8", "What the peer says of its limits does not read.", ANY("lines of key=value, numbers in decimal") },
    { "declared", "Declared by the manifest", NULL, "The peer's manifest declares this deviation, and it is there.", ANY("nothing, until it is gone: then take it out of the manifest") },
    { "not-there", "A declared deviation that is not there", NULL, "The manifest declares a deviation that no case shows.", ANY("take it out of the manifest") },
    { "stopped", "Stopped", NULL, "The limit of the case passed, or the run was stopped.", ANY("run it alone, or with a longer --limit") },
    { "unfinished", "Unfinished", NULL, "The play ended before the conversation did.", ANY("run it alone") },
    { "differs", "Other bytes", NULL, "What came is not what was due, and no mistake that arcwire knows explains it.", ANY("compare the fields on the page, byte by byte, from the first difference on") },
};
// clang-format on
const size_t cause_page_count = sizeof cause_pages / sizeof *cause_pages;

const struct cause_page *cause_page_find(const char *key)
{
    for (const struct cause_page *p = cause_pages; p < cause_pages + cause_page_count; p++)
        if (strcmp(p->key, key) == 0)
            return p;
    return NULL;
}
