-- MFC archives on TCP, for Wireshark and tshark: `arcwire`, the conformance service; `arcwire_chat`, the chat of CHATTER
-- and CHATSRVR; `mfcarchive`, any stream whose values are declared in its preferences. README.md says how it is used.
--
-- Nothing in such a stream says where a message ends. A message is read into a list of items, and shown when it is whole; until then
-- TCP is asked for more. What cannot be as it is ends the reading of its direction, for only who knows all before knows what comes next.

local service = Proto("arcwire", "Archive conformance service")
local chat = Proto("arcwire_chat", "Archive chat")
local archive = Proto("mfcarchive", "MFC archive")
local ends = Proto("arcwire_ends", "Ends of archive conversations")

local ops = { "ECHO", "TELL", "MAKE", "NEXT", "NOTE", "NOTES", "FLOOD", "QUIT", "CAPS", "INFO" }
local statuses = { [0] = "OK", "REFUSED", "EXCEPTION", "BAD TEXT" }
local causes = { [0] = "no archive exception", "genericException", "readOnly", "endOfFile", "writeOnly", "badIndex", "badClass", "badSchema", "bufferFull" }
local BAD_INDEX, BAD_CLASS, BAD_SCHEMA = " (badIndex)", " (badClass)", " (badSchema)"

local f = {
    op = ProtoField.uint16("arcwire.op", "Request", base.DEC, ops),
    status = ProtoField.uint16("arcwire.status", "Status", base.DEC, statuses),
    cause = ProtoField.uint16("arcwire.cause", "Archive exception", base.DEC, causes),
    answers = ProtoField.uint16("arcwire.answers", "Answers", base.DEC, ops),
    request = ProtoField.framenum("arcwire.request", "Request in", base.NONE, frametype.REQUEST),
    types = ProtoField.string("arcwire.types", "Types"),
    text = ProtoField.string("arcwire.text", "Text"),
    values = ProtoField.string("arcwire.values", "Values"),
    reason = ProtoField.string("arcwire.reason", "Reason"),
    number = ProtoField.uint32("arcwire.number", "Number"),
    bits = ProtoField.uint16("arcwire.bits", "Bits"),
    generation = ProtoField.string("arcwire.generation", "Generation"),
    charset = ProtoField.string("arcwire.charset", "Character set"),

    close = ProtoField.uint16("arcwire_chat.close", "Close", base.DEC, { [0] = "stays", "leaves" }),
    said = ProtoField.string("arcwire_chat.text", "Text"),
    queued = ProtoField.string("arcwire_chat.messages", "Messages"),

    value = ProtoField.string("mfcarchive.value", "Value"),
    string = ProtoField.string("mfcarchive.string", "CString"),
    width = ProtoField.string("mfcarchive.string.width", "Width"),
    units = ProtoField.uint64("mfcarchive.string.units", "Length in units"),
    form = ProtoField.string("mfcarchive.form", "Form of the length"),
    count = ProtoField.uint64("mfcarchive.count", "Count"),
    tag = ProtoField.string("mfcarchive.tag", "Tag"),
    kind = ProtoField.string("mfcarchive.tag.kind", "Kind"),
    index = ProtoField.uint32("mfcarchive.index", "Index"),
    class = ProtoField.string("mfcarchive.class", "Class"),
    schema = ProtoField.uint16("mfcarchive.schema", "Schema"),
    unread = ProtoField.bytes("mfcarchive.unread", "Not read"),
}
local malformed = ProtoExpert.new("mfcarchive.malformed", "No archive has this here", expert.group.MALFORMED, expert.severity.ERROR)
local cut = ProtoExpert.new("mfcarchive.cut", "The direction ends within a message", expert.group.MALFORMED, expert.severity.WARN)
local lost = ProtoExpert.new("mfcarchive.lost", "What is here is not known", expert.group.UNDECODED, expert.severity.NOTE)
local failed = ProtoExpert.new("mfcarchive.failed", "The dissector has a fault", expert.group.UNDECODED, expert.severity.ERROR)
local refused = ProtoExpert.new("arcwire.refused", "The request was not carried out", expert.group.RESPONSE_CODE, expert.severity.NOTE)
local unasked = ProtoExpert.new("arcwire.unasked", "Nobody asked", expert.group.SEQUENCE, expert.severity.WARN)
local unanswered = ProtoExpert.new("arcwire.unanswered", "Requests are left without an answer", expert.group.SEQUENCE, expert.severity.NOTE)

service.fields = { f.op, f.status, f.cause, f.answers, f.request, f.types, f.text, f.values, f.reason, f.number, f.bits, f.generation, f.charset }
service.experts = { refused, unasked, unanswered }
chat.fields = { f.close, f.said, f.queued }
archive.fields = { f.value, f.string, f.width, f.units, f.form, f.count, f.tag, f.kind, f.index, f.class, f.schema, f.unread }
archive.experts = { malformed, cut, lost, failed }

service.prefs.ports = Pref.range("TCP ports", "", "Ports of the service", 65535)
service.prefs.recognise = Pref.bool("Recognise by its first bytes", true, "On any port: a conversation whose first bytes are requests of the service")
chat.prefs.ports = Pref.range("TCP ports", "", "Ports of the chat", 65535)
chat.prefs.recognise = Pref.bool("Recognise by its first bytes", true, "On any port: a conversation whose first bytes are whole messages of text")
archive.prefs.ports = Pref.range("TCP ports", "", "Ports on which archives are spoken", 65535)
archive.prefs.client = Pref.string("Client's types", "", "What each message of the client holds, such as word,text=cstring,object")
archive.prefs.server = Pref.string("Server's types", "", "The same of the server")
archive.prefs.layout = Pref.string("Layout", "", "In place of the types: a name of arcwire's layouts, or the path of a file")
archive.prefs.classes = Pref.string("Classes", "", "Bodies of classes, such as CAge=long;CLetter=cstring,cstring")

-- Classes of the conformance service: schema, nil where any will do, and body.
local known = {
    CAge = { 1, "long" }, CNode = { 3, "long,object" }, CNetMessage = { 1, "cstring,cstring,long" }, CTestPoint = { 7, "long,long,object" },
    CVersioned = { nil, "long" }, CLetter = { nil, "cstring" },
    CByteArray = { 0, "bytearray" }, CWordArray = { 0, "wordarray" }, CDWordArray = { 0, "dwordarray" }, CStringArray = { 0, "stringarray" },
    CStringList = { 0, "stringlist" }, CObArray = { 0, "obarray" }, CObList = { 0, "oblist" }, CMapStringToString = { 0, "mapstringtostring" },
    CMapStringToOb = { 0, "mapstringtoob" }, CMapWordToOb = { 0, "mapwordtoob" },
}

-- Reading ------------------------------------------------------------------------------------------------------------
--
-- A reader is of one message: tvb, base (where in that the message begins), pos (from there on), items (of the level at hand), dir (of
-- the connection), server (what is known of it), classes (declared). Reading is a coroutine, which waits for bytes that are missing.

local LARGEST = 128 * 2^20  -- bytes of one message: more is no length that somebody meant
local ITEMS = 4000          -- of one message are shown
local NESTED = 50           -- levels of items are shown as such: Wireshark has no more than 500 of its own
local OBJECTS_NESTED = 1000 -- levels of objects are read

local function wrong(why) -- thrown: where the next value begins is not known
    error({ why = why }, 0)
end

local function reserve(r, n) -- n bytes are to come
    if n > LARGEST then
        wrong(n < math.huge and string.format("a length of %.0f bytes", n) or "a count that no message has room for")
    end
    while r.base + r.pos + n > r.tvb:len() do
        coroutine.yield(r.base + r.pos + n - r.tvb:len())
    end
end

local function ends_before(r, n) -- whether its direction ends before n bytes more have come
    while not r.eof and r.base + r.pos + n > r.tvb:len() do
        coroutine.yield(r.base + r.pos + n - r.tvb:len())
    end
    return r.base + r.pos + n > r.tvb:len()
end

local function look(r, at, n)
    return r.tvb(r.base + at, n)
end

local function need(r, n)
    reserve(r, n)
    r.pos = r.pos + n
    return n > 0 and look(r, r.pos - n, n)
end

local function u8(r) return need(r, 1):uint() end
local function u16(r) return need(r, 2):le_uint() end
local function u32(r) return need(r, 4):le_uint() end

local function is_full(r) return r.shown >= ITEMS end

local function add(r, at, field, value, text)
    if is_full(r) then
        return { items = {} }
    end
    local item = { at = at, len = r.pos - at, field = field, value = value, text = text, items = {} }
    r.shown = r.shown + 1
    table.insert(r.items, item)
    return item
end

-- Reads what stands below an item, whose value and text are known behind it.
local function within(r, field, read)
    if is_full(r) then
        return (read())
    end
    local item, above = add(r, r.pos, field), r.items
    r.nested = r.nested + 1
    if r.nested < NESTED then
        r.items = item.items
    end
    item.open = true
    item.value, item.text = read()
    item.open = false
    item.len = r.pos - item.at
    r.nested = r.nested - 1
    r.items = above
    return item.value
end

local function huge(r) -- a length behind its last escape
    local n = need(r, 8):le_uint64()
    if n > UInt64(LARGEST) then
        wrong("a length of " .. tostring(n))
    end
    return n:tonumber()
end

local function units_of(r) -- BYTE, WORD, DWORD, QWORD, each behind the escape of the one before
    local n, form = u8(r), "BYTE"
    if n == 0xff then
        n, form = u16(r), "FF WORD"
        if n == 0xffff then
            n, form = u32(r), "FF FFFF DWORD"
            if n == 0xffffffff then
                n, form = huge(r), "FF FFFF FFFFFFFF QWORD"
            end
        end
    end
    return n, form
end

local function readable(text) -- for labels: they end at a NUL
    return (text:gsub("%c", function(c) return string.format("\\x%02x", c:byte()) end))
end

-- Up to 64 units as the service tells them: a letter, and the digits of each; of more their number.
local function told_units(range, n, size, letter, digits)
    if n > 64 then
        return letter .. "#" .. n
    end
    local told = letter .. ":"
    for i = 0, n - 1 do
        told = told .. string.format(digits, range(i * size, size):le_uint())
    end
    return told
end

-- Returns its text to read, as the service tells it, and whether it is of 16-bit units.
local function cstring(r, field, letter)
    local told, wide
    local shown = within(r, field or f.string, function()
        local at = r.pos
        reserve(r, 1)
        if look(r, at, 1):uint() == 0xff then
            need(r, 3)
            wide = look(r, at + 1, 2):le_uint() == 0xfffe
            if not wide then
                r.pos = at
            end
        end
        add(r, at, f.width, wide and "16 bits, behind FF FE FF" or "8 bits")
        local from = r.pos
        local n, form = units_of(r)
        add(r, from, f.units, UInt64(n))
        add(r, from, f.form, form)
        local units = need(r, wide and 2 * n or n)
        if is_full(r) then
            told = "…"
            return told
        end
        letter = letter or "u"
        told = n == 0 and letter .. ":" or told_units(units, n, wide and 2 or 1, letter, letter == "a" and "%02x" or "%04x")
        return n == 0 and "" or readable(wide and units:le_ustring() or units:string(ENC_WINDOWS_1252 or ENC_ASCII))
    end)
    return shown, told, wide or false
end

local function count(r)
    local at = r.pos
    local n, form = u16(r), "WORD"
    if n == 0xffff then
        n, form = u32(r), "FFFF DWORD"
        if n == 0xffffffff and r.server.bits ~= 32 then
            local all = need(r, 8):le_uint64()
            add(r, at, f.count, all, "FFFF FFFFFFFF QWORD")
            return all > UInt64(LARGEST) and math.huge or all:tonumber(), tostring(all)
        end
    end
    add(r, at, f.count, UInt64(n), form)
    return n, string.format("%.0f", n)
end

local one, list

local function register(dir, entry)
    dir.count = dir.count + 1
    dir.table[dir.count] = entry
    return dir.count
end

local function described(r, at) -- a class description behind its FFFF
    local schema = u16(r)
    add(r, r.pos - 2, f.schema, schema)
    local len = u16(r)
    if len >= 64 then
        wrong("a class name of " .. len .. " bytes" .. BAD_CLASS)
    end
    local range = need(r, len)
    local name = range and readable(range:string()) or ""
    local item = add(r, r.pos - len, f.class, name)
    item.at, item.len = r.pos - len, len
    local own = known[name]
    if own and not r.classes[name] and own[1] and own[1] ~= schema then
        wrong("schema " .. schema .. " of " .. name .. ", whose own is " .. own[1] .. BAD_SCHEMA)
    end
    local class = { class = name, schema = schema }
    add(r, at, f.index, register(r.dir, class))
    return class
end

-- Returns the class of the object that follows, or nil and the text of what the tag is by itself.
local function tag(r, only_class)
    local class, told
    within(r, f.tag, function()
        local at, dir = r.pos, r.dir
        local w = u16(r)
        if w == 0xffff then
            class = described(r, at)
            add(r, at, f.kind, "new class")
            return "FFFF", class.class .. ", schema " .. class.schema
        end
        local index, is_class, number = w % 0x8000, w >= 0x8000, string.format("%04X", w)
        if w == 0x7fff then
            local d = u32(r)
            index, is_class, number = d % 0x80000000, d >= 0x80000000, string.format("7FFF %08X", d)
        end
        if index == 0 and not is_class and not only_class then
            told = "null"
            add(r, at, f.kind, "null")
            return number, "null"
        end
        add(r, at, f.index, index)
        local entry = dir.table[index]
        if not entry then
            wrong("index " .. index .. " of a table with " .. dir.count .. BAD_INDEX)
        elseif (entry.class == nil) == is_class or (only_class and not is_class) then
            wrong("index " .. index .. " is " .. (entry.class and "a class" or "an object") .. BAD_INDEX)
        end
        add(r, at, f.kind, is_class and "class reference" or "object reference")
        if is_class then
            class = entry
            return number, entry.class
        end
        told = "@" .. entry.object
        return number, entry.of .. " " .. told
    end)
    return class, told
end

local function object(r)
    local class, told = tag(r)
    if not class then
        return told
    end
    local name, dir = class.class, r.dir
    dir.objects = dir.objects + 1
    add(r, r.pos, f.index, register(dir, { object = dir.objects, of = name }), name .. " @" .. dir.objects).made = true
    local own = known[name]
    local body = r.classes[name] or own and own[2]
    if not body then
        wrong("the class " .. name .. ", which is not declared" .. BAD_CLASS)
    end
    if own and name == "CLetter" and class.schema >= 700 and not r.classes[name] then
        body = "cstring,long"
    end
    r.depth = r.depth + 1
    if r.depth > OBJECTS_NESTED then
        wrong("more than " .. OBJECTS_NESTED .. " objects within each other, which is as far as is read here")
    end
    local said = list(r, body, ",")
    r.depth = r.depth - 1
    if said:match("^[%[{]") and body == (own and own[2]) and not body:find(",", 1, true) then
        return name .. said
    end
    local versioned = own and not own[1] and not r.classes[name]
    return name .. (versioned and ":" .. class.schema or "") .. "(" .. said .. ")"
end

local LISTED = 64 -- elements are told one by one

local function block(r, size) -- bytes, words, dwords: one run of memory
    local n, text = count(r)
    local range = need(r, n * size)
    local all = {}
    if n > LISTED then
        return "[#" .. text .. "]"
    end
    for i = 1, n do
        all[i] = string.format("%.0f", range((i - 1) * size, size):le_uint())
    end
    return "[" .. table.concat(all, ",") .. "]"
end

local function some(r, form, least)
    local n, text = count(r)
    local all = {}
    reserve(r, n * least)
    for i = 1, n do
        local told = one(r, form)
        if n <= LISTED then
            all[i] = told
        end
    end
    return n > LISTED and "[#" .. text .. "]" or "[" .. table.concat(all, ",") .. "]"
end

local function map(r, key, value, least)
    local n, text = count(r)
    local keys, at = {}, {}
    reserve(r, n * least)
    for _ = 1, n do
        local k = one(r, key)
        local v = one(r, value)
        if not at[k] then
            table.insert(keys, k)
        end
        at[k] = v
    end
    if n > LISTED then
        return "{#" .. text .. "}"
    end
    table.sort(keys)
    for i, k in ipairs(keys) do
        keys[i] = k .. "=" .. at[k]
    end
    return "{" .. table.concat(keys, ",") .. "}"
end

local function bits(range) -- most significant first
    local told = ""
    for i = range:len() - 1, 0, -1 do
        told = told .. string.format("%02x", range(i, 1):uint())
    end
    return told
end

local function signed(range) return string.format("%.0f", range:le_int()) end
local function unsigned(range) return string.format("%.0f", range:le_uint()) end
local function signed64(range) return tostring(range:le_int64()) end

local fixed = { -- bytes, and how they are told
    byte = { 1, unsigned }, char = { 1, signed }, word = { 2, unsigned }, short = { 2, signed }, wchar = { 2, unsigned },
    int = { 4, signed }, uint = { 4, unsigned }, long = { 4, signed }, dword = { 4, unsigned }, timespan = { 4, signed },
    longlong = { 8, signed64 }, ulonglong = { 8, function(b) return tostring(b:le_uint64()) end }, time64 = { 8, signed64 },
    float = { 4, bits }, double = { 8, bits },
    bool = { 1, function(b) return b:uint() ~= 0 and "true" or "false" end },
    net16 = { 2, function(b) return string.format("%.0f", b:uint()) end }, net32 = { 4, function(b) return string.format("%.0f", b:uint()) end },
    size = { 8, function(b) return "(" .. signed(b(0, 4)) .. "," .. signed(b(4, 4)) .. ")" end },
    rect = { 16, function(b) return "(" .. signed(b(0, 4)) .. "," .. signed(b(4, 4)) .. "," .. signed(b(8, 4)) .. "," .. signed(b(12, 4)) .. ")" end },
    oledatetime = { 12, function(b) return "(" .. signed(b(0, 4)) .. "," .. bits(b(4, 8)) .. ")" end },
    olecurrency = { 12, function(b) -- the high half comes first
        return "(" .. signed(b(0, 4)) .. "," .. tostring(Int64(b(8, 4):le_uint(), b(4, 4):le_uint())) .. ")"
    end },
}
fixed.point = fixed.size

local variants = { [2] = "short", [3] = "long", [4] = "float", [5] = "double", [6] = "longlong", [7] = "double", [10] = "long", [17] = "byte",
                   [16] = "char", [18] = "word", [19] = "dword", [20] = "longlong", [21] = "ulonglong" }
local later_variants = { [16] = true, [18] = true, [19] = true, [20] = true, [21] = true } -- from 7.1 on

local function wide_units(r, bytes)
    local units = need(r, bytes)
    return bytes == 0 and "u:" or told_units(units, math.floor(bytes / 2), 2, "u", "%04x")
end

local function variant(r)
    local vt = u16(r)
    if vt == 8 then
        return "(8," .. wide_units(r, u32(r)) .. ")"
    elseif vt == 11 then
        return "(11," .. (u16(r) ~= 0 and "true" or "false") .. ")"
    elseif vt == 9 or vt == 13 then
        wrong("a variant that holds an object of its own form")
    elseif variants[vt] and not (later_variants[vt] and r.server.generation < 7.1) then
        return "(" .. vt .. "," .. one(r, variants[vt]) .. ")"
    end
    return "(" .. vt .. ")" -- and no value, as MFC has it
end

-- Text up to a newline, in the answerer's width: as far as that has been seen, else by its first two bytes. A carriage return ends it, too:
-- ReadString takes one unit more with it, and leaves out no other than a newline. So does the end of the direction, where there is a unit.
local function line(r)
    local wide = r.server.wide
    r.in_line = true
    if wide == nil then
        wide = not ends_before(r, 2) and look(r, r.pos + 1, 1):uint() == 0
    end
    local size, all, unit = wide and 2 or 1, {}, nil
    repeat
        if #all > 0 and ends_before(r, size) then
            break
        end
        unit = need(r, size):le_uint()
        local is_return = unit == 13
        if is_return then
            if #all > 0 and ends_before(r, size) then
                break
            end
            unit = need(r, size):le_uint()
        end
        if unit ~= 10 then
            table.insert(all, string.format("%04x", unit))
        end
    until unit == 10 or is_return
    r.in_line = false
    return #all > 64 and "u#" .. #all or "u:" .. table.concat(all)
end

local others = {
    cstring = function(r) return (select(2, cstring(r))) end,
    cstringa = function(r) return (select(2, cstring(r, nil, "a"))) end,
    cstringw = function(r) return (select(2, cstring(r, nil, "w"))) end,
    combstr = function(r) return wide_units(r, 2 * u32(r)) end,
    count = function(r) return (select(2, count(r))) end,
    time = function(r)
        local short = need(r, 4)
        local long = short:le_uint() == 0x8000000a and r.server.generation >= 8
        return long and signed64(need(r, 8)) or signed(short)
    end,
    oledatetimespan = function(r)
        if r.replies and r.server.generation == 7 then -- 7.0 forgets the status
            return "(" .. bits(need(r, 8)) .. ")"
        end
        return fixed.oledatetime[2](need(r, 12))
    end,
    olevariant = variant, object = object, line = line,
    class = function(r)
        local class = tag(r, true)
        return class.class .. ":" .. class.schema
    end,
    bytearray = function(r) return block(r, 1) end,
    wordarray = function(r) return block(r, 2) end,
    dwordarray = function(r) return block(r, 4) end,
    stringarray = function(r) return some(r, "cstring", 1) end,
    stringlist = function(r) return some(r, "cstring", 1) end,
    obarray = function(r) return some(r, "object", 2) end,
    oblist = function(r) return some(r, "object", 2) end,
    mapstringtostring = function(r) return map(r, "cstring", "cstring", 2) end,
    mapstringtoob = function(r) return map(r, "cstring", "object", 3) end,
    mapwordtoob = function(r) return map(r, "word", "object", 4) end,
}

local function is_type(form)
    local n = form:match("^raw:(%d+)$")
    return fixed[form] or others[form] or form:match("^object:%a%w*$") or n and tonumber(n) <= 1048576
end

-- One value of a type, with the name that a program gives it or nil; returns how the service tells it.
one = function(r, form, name)
    local told
    within(r, f.value, function()
        local n = form:match("^raw:(%d+)$")
        if n and is_type(form) then
            local range = need(r, tonumber(n))
            told = range and told_units(range, tonumber(n), 1, "r", "%02x") or "r:"
        elseif fixed[form] then
            told = fixed[form][2](need(r, fixed[form][1]))
        elseif form:match("^object:") then
            told = object(r)
        elseif others[form] then
            told = others[form](r)
        else
            wrong("the type " .. form .. ", which is not known")
        end
        return told, name and name .. ", " .. form or form
    end)
    return told
end

-- "word,text=cstring": values one behind the other.
list = function(r, forms, between)
    local all = {}
    if forms ~= "" then
        for form in (forms .. ","):gmatch("%s*([^,]-)%s*,") do
            local name, of = form:match("^([%w_]+)=(.*)$")
            table.insert(all, one(r, of or form, name))
        end
    end
    return #all <= LISTED and table.concat(all, between) or #all .. " values"
end

-- The conformance service ---------------------------------------------------------------------------------------------

local function str(r, field)
    local shown, _, wide = cstring(r, field)
    if r.replies then
        r.server.wide = wide
    end
    return shown
end

local function number(r, read, field, what)
    local at = r.pos
    local n = read(r)
    add(r, at, field, n, what)
    return n
end

-- Values of the types, and all of them as one text, as TELL has them.
local function values(r, types)
    local told = list(r, types, " ")
    add(r, r.pos, f.values, told).made = true
    return told
end

-- What is asked stands in conv.asked until it is answered; left: how often.
local function request(r)
    local at, conv = r.pos, r.conv
    local op = u16(r)
    local asked = { op = op, left = op ~= 5 and 1 or 0 }
    local said = ops[op] or "op " .. op
    add(r, at, f.op, op)
    r.asked = asked
    if op >= 1 and op <= 3 then
        asked.types = str(r, f.types)
        said = said .. " " .. asked.types .. " " .. (op == 3 and str(r, f.text) or values(r, asked.types))
    elseif op == 4 then
        said = said .. " " .. number(r, u32, f.number)
    elseif op == 5 then
        said = said .. " " .. str(r, f.text)
    elseif op == 7 then
        asked.left = number(r, u16, f.number, "replies")
        said = said .. " " .. asked.left .. " × " .. number(r, u32, f.number, "bytes each")
    elseif not ops[op] then
        wrong("an op of " .. op)
    end
    if asked.left > 0 and not conv.quits then
        asked.frame = r.frame
        table.insert(conv.asked, asked)
    end
    conv.quits = conv.quits or op == 8
    return said
end

local generations = { ["4.2"] = 4.2, ["6.0"] = 6, ["7.0"] = 7, ["7.1"] = 7.1, ["8"] = 8, ["9"] = 9 }

-- What an answer of status 0 holds; returns how that is told.
local function answer(r, asked)
    if asked.op == 1 or asked.op == 3 then
        return values(r, asked.types)
    elseif asked.op == 2 or asked.op == 10 then
        return str(r, f.text)
    elseif asked.op == 4 then
        return number(r, u32, f.number)
    elseif asked.op == 6 then
        return number(r, u32, f.number, "notes") .. " " .. str(r, f.text)
    elseif asked.op == 7 then
        return number(r, u32, f.number) .. " " .. one(r, "bytearray")
    elseif asked.op == 9 then
        local types = str(r, f.types)
        local generation, charset = str(r, f.generation), str(r, f.charset)
        r.server.generation = generations[generation] or 10
        r.server.bits = number(r, u16, f.bits)
        return generation .. " " .. charset .. " " .. r.server.bits .. " bits, " .. types
    end
    return ""
end

local NOBODY = "a reply to no request"

local function reply(r)
    local at, conv = r.pos, r.conv
    local status = u16(r)
    local asked = conv.asked[conv.first]
    local waiting = not asked and status > 0 and r.asks.reader
    if waiting and waiting.asked then -- of a request that is cut, or that cannot be read on
        asked = waiting.asked
        asked.frame = waiting.frame
    end
    local said = statuses[status] or "status " .. status
    add(r, at, f.status, status)
    if not statuses[status] then
        wrong("a status of " .. status)
    end
    if asked then
        add(r, r.pos, f.answers, asked.op).made = true
        add(r, r.pos, f.request, asked.frame).made = true
        said = said .. " to " .. (ops[asked.op] or "op " .. asked.op)
    end
    if status == 1 or status == 3 then
        said = said .. ": " .. str(r, f.reason)
        r.expert = { refused, said }
    elseif status == 2 then
        at = r.pos
        local cause = u16(r)
        add(r, at, f.cause, cause)
        said = said .. ": " .. (causes[cause] or cause)
        r.expert = { refused, said }
    elseif not asked then
        wrong(NOBODY)
    else
        local told = answer(r, asked)
        said = said .. (told ~= "" and ": " .. told or "")
    end
    if status == 1 or status == 2 or (asked and asked.op == 8) then
        r.over = "the last reply"
    end
    if asked then
        asked.left = status == 0 and asked.left - 1 or 0
        conv.first = conv.first + (asked.left <= 0 and not waiting and 1 or 0)
    end
    return said
end

local function talk(r) -- of the chat
    local close = number(r, u16, f.close)
    local said = str(r, f.said)
    within(r, f.queued, function() return some(r, "cstring", 1) end)
    return (close ~= 0 and "leaves: " or "") .. said
end

-- Layouts --------------------------------------------------------------------------------------------------------------
--
-- Files as vectors/layouts/README.md describes them: fields by name, in the order of Serialize.

local LAYOUT_NESTED = 64

-- JSON to tables. Of an object, [0] is its first key, which is the type of a field. Throws where it is none.
local function json_read(text)
    local at, escapes = 1, { b = "\b", f = "\f", n = "\n", r = "\r", t = "\t" }
    local value

    local function skip(what)
        at = text:match("^[ \t\r\n]*()", at)
        if what then
            if text:sub(at, at) ~= what then
                error({ why = "expected " .. what .. " at byte " .. at }, 0)
            end
            at = at + 1
        end
        return text:sub(at, at)
    end

    local function word()
        skip('"')
        local from = at
        at = text:match('^[^"\\]*()', at)
        while text:sub(at, at) == "\\" do
            at = text:match('^[^"\\]*()', at + 2)
        end
        at = at + 1
        return (text:sub(from, at - 2):gsub("\\(u?)(%x?%x?%x?%x?)(.?)", function(u, digits, other)
            if u == "u" then
                local n = tonumber(digits, 16)
                return (n < 0x80 and string.char(n) or "?") .. other -- names are what is looked for, and shown
            end
            local one = (digits .. other):sub(1, 1)
            return (escapes[one] or one) .. (digits .. other):sub(2)
        end))
    end

    local function all(close, read)
        at = at + 1
        while skip() ~= close do
            read()
            if skip() == "," then
                at = at + 1
            elseif skip() ~= close then
                error({ why = "expected , or " .. close .. " at byte " .. at }, 0)
            end
        end
        at = at + 1
    end

    value = function()
        local c, out = skip(), {}
        if c == "{" then
            all("}", function()
                local key = word()
                skip(":")
                out[0] = out[0] or key
                out[key] = value()
            end)
            return out
        elseif c == "[" then
            all("]", function() table.insert(out, value()) end)
            return out
        elseif c == '"' then
            return word()
        end
        local literal = text:match("^[%w.+-]+", at) or error({ why = "expected a value at byte " .. at }, 0)
        at = at + #literal
        return tonumber(literal) or literal == "true"
    end

    local out = value()
    return skip() == "" and out or error({ why = "more behind it at byte " .. at }, 0)
end

-- Beside this file or where it is installed, arcwire's own by name; else a path.
local function layout_file(name)
    local here = debug.getinfo(1, "S").source:match("^@(.*[/\\])") or "./"
    if name:find("/", 1, true) or name:find("%.json$") then
        return (io.open(name))
    end
    return io.open(here .. "../../../vectors/layouts/" .. name .. ".json") or io.open(here .. "../vectors/layouts/" .. name .. ".json")
end

-- The layout of that name, and why there is none.
local layouts = {}
local function layout_of(name)
    if not layouts[name] then
        local file = layout_file(name)
        local good, l = pcall(json_read, file and file:read("*a") or "")
        if file then
            file:close()
        end
        if not file then
            l = { why = "it cannot be opened" }
        elseif good and (type(l) ~= "table" or type(l.messages) ~= "table") then
            l = { why = "it has no messages" }
        elseif not good and type(l) ~= "table" then
            l = { why = tostring(l) }
        end
        layouts[name] = l
    end
    return layouts[name]
end

-- What was read before: of the request where the name says so.
local function before(r, seen, name)
    local of_request = name:match("^request%.(.*)$")
    local found = of_request and r.answered and r.answered[of_request] or not of_request and seen[name]
    return found or wrong(name .. " is asked for, and came no time")
end

local function text_of(told) -- u:0041 or a:41
    local digits = told:sub(1, 1) == "a" and "%x%x" or "%x%x%x%x"
    return (told:sub(3):gsub(digits, function(d) return string.char(tonumber(d, 16) % 256) end))
end

local function layout_value(r, form, name, seen, words)
    local told = one(r, form, name)
    local number, said = tonumber(told), told
    if words and words[told] then
        said = told .. " (" .. words[told] .. ")"
    end
    seen[name] = number or form:find("^cstring") and { text = told } or seen[name]
    if r.requests then
        r.requests[#r.requests][name] = seen[name]
    end
    return name .. " " .. said
end

local layout_fields

local function layout_field(r, l, field, seen, all)
    local form, name = field[0], field[field[0]]
    if field.choose then
        local n = before(r, seen, field.choose)
        local fields = field.cases[string.format("%d", n)] or field["else"] or wrong(field.choose .. " is " .. n .. ", and the layout has no case for that")
        return layout_fields(r, l, fields, seen, all)
    elseif form == "values" then
        local types = before(r, seen, field.of)
        return table.insert(all, name .. " " .. list(r, text_of(types.text), " "))
    end
    local times = type(field.times) == "string" and before(r, seen, field.times) or field.times or 1
    for _ = 1, times do
        local at = r.pos
        if field.group or form == "use" then
            layout_fields(r, l, field.of or l.messages[name] or wrong("there is no message " .. name), setmetatable({}, { __index = seen }), all)
        elseif form == "raw" then
            table.insert(all, layout_value(r, string.format("raw:%d", before(r, seen, field.length)), name, seen))
        else
            table.insert(all, layout_value(r, form, name, seen, field.values))
        end
        if r.pos == at then
            break -- what has no bytes comes once
        end
    end
end

layout_fields = function(r, l, fields, seen, all)
    r.depth = r.depth + 1
    if r.depth > LAYOUT_NESTED then
        wrong("more than " .. LAYOUT_NESTED .. " fields within each other")
    end
    for _, field in ipairs(fields) do
        layout_field(r, l, field, seen, all)
    end
    r.depth = r.depth - 1
end

-- Bodies of the layout's classes, as the preference has those.
local function layout_classes(r, l)
    for name, fields in pairs(l.classes or {}) do
        local body = {}
        for _, field in ipairs(name ~= 0 and fields or {}) do
            if field.choose or field.group or field.times or field[0] == "use" or field[0] == "raw" or field[0] == "values" then
                body = nil
                break
            end
            table.insert(body, field[field[0]] .. "=" .. field[0])
        end
        r.classes[name] = body and table.concat(body, ",") or r.classes[name]
    end
end

-- One message of a side. conv.requests: what was asked; conv.answered: how many of these are.
local function layout_message(r, l)
    local conv, side, all = r.conv, r.replies and "server" or "client", {}
    local name = l[side] or wrong("by the layout the " .. side .. " sends nothing")
    local fields = l.messages[name] or wrong("there is no message " .. name)
    layout_classes(r, l)
    conv.requests, conv.answered = conv.requests or {}, conv.answered or 0
    if not r.replies then
        table.insert(conv.requests, {})
        r.requests = conv.requests
        layout_fields(r, l, fields, {}, all)
    else
        repeat -- a request whose answer has no byte has none
            r.answered = conv.requests[conv.answered + 1]
            conv.answered = conv.answered + 1
            layout_fields(r, l, fields, {}, all)
        until r.pos > 0 or not r.answered
    end
    return name .. ": " .. (#all <= LISTED and table.concat(all, ", ") or #all .. " fields")
end

-- What Wireshark calls ------------------------------------------------------------------------------------------------
--
-- Whatever is remembered is made in the first pass, which has all packets in their order. Later ones show what was made.

local stream_of, fin_of, rst_of = Field.new("tcp.stream"), Field.new("tcp.flags.fin"), Field.new("tcp.flags.reset")
local conversations, frames, servers, ended, passed = {}, {}, {}, {}, {}

local function forget()
    conversations, frames, servers, ended, passed = {}, {}, {}, {}, {}
end
service.init, chat.init, archive.init = forget, forget, forget

local function endpoint(address, port)
    return tostring(address) .. " " .. port
end

local function direction(conv, from)
    conv.dirs[from] = conv.dirs[from] or { table = {}, count = 0, objects = 0 }
    return conv.dirs[from]
end

-- By its stream. The first of two passes of tshark may have no fields: then by its ends, as well as that goes.
local function conversation(pinfo, proto)
    local from, to, stream = endpoint(pinfo.src, pinfo.src_port), endpoint(pinfo.dst, pinfo.dst_port), stream_of()
    local by_ends = from < to and from .. to or to .. from
    local key = stream and (not pinfo.visited or conversations[tonumber(stream.value)]) and tonumber(stream.value) or by_ends
    if proto and not conversations[key] then
        conversations[key] = { proto = proto, asked = {}, first = 1, dirs = {} }
    end
    return conversations[key]
end

local function show(tree, tvb, base, items)
    for _, item in ipairs(items) do
        local below
        local at = math.min(base + item.at, tvb:len() - 1)
        local range = tvb(at, math.min(item.len, tvb:len() - at))
        if item.open then
            below = tree:add(tvb(at), "What is wrong")
        elseif item.field == f.unread then
            below = tree:add(item.field, range)
        else
            below = tree:add(item.field, range, item.value)
        end
        if item.text then
            below:append_text(" (" .. item.text .. ")")
        end
        if item.made then
            below:set_generated()
        end
        show(below, tvb, base, item.items)
    end
end

-- Begins a message. read: what reads it.
local function reader(conv, dir, replies, server, read)
    local r = { conv = conv, dir = dir, replies = replies, server = server, classes = {}, pos = 0, items = {}, shown = 0, nested = 0, depth = 0 }
    for name, body in archive.prefs.classes:gmatch("([%w_]+)=([^;]*)") do
        r.classes[name] = body
    end
    r.all = r.items
    r.coroutine = coroutine.create(read)
    return r
end

-- Reads on, in the bytes from base on, among which are those that were there before. Returns the message; or nil, and how many bytes are missing.
local function message(r, tvb, base, frame)
    r.tvb, r.base, r.frame = tvb, base, frame
    local good, said = coroutine.resume(r.coroutine, r)
    if good and coroutine.status(r.coroutine) ~= "dead" then
        return nil, said
    elseif good then
        r.dir.lost = r.over
        return { at = base, len = r.pos, items = r.all, said = said, expert = r.expert }
    end
    local is_known = type(said) == "table" and said.why
    local why = is_known or tostring(said)
    if r.asked and r.asked.left > 0 and not r.conv.quits then
        r.asked.frame = frame
        table.insert(r.conv.asked, r.asked) -- it may yet be told that it cannot be read
    end
    r.dir.lost = why
    return { at = base, len = tvb:len() - base, items = r.all, said = why,
             expert = { not is_known and failed or why == NOBODY and unasked or malformed, why } }
end

local function unread(tvb, at, why)
    local len = tvb:len() - at
    return { at = at, len = len, items = { { at = 0, len = len, field = f.unread, value = true, items = {} } }, said = "not read", expert = { lost, "Behind " .. why } }
end

-- All messages of a tvb, in the first pass.
local function read_all(tvb, pinfo, dir, begin)
    local messages, at = {}, 0
    while at < tvb:len() do
        local r = not dir.lost and (dir.reader or begin(dir))
        local m, missing
        if r then
            m, missing = message(r, tvb, at, pinfo.number)
        else
            m = unread(tvb, at, dir.lost)
        end
        dir.reader = nil
        if m then
            table.insert(messages, m)
            at = at + m.len
        elseif pinfo.can_desegment > 0 then
            dir.reader, dir.have, dir.missing = r, tvb:len() - at, missing
            dir.bytes = r.in_line and tvb(at):bytes()
            messages.from, messages.missing = at, missing
            break
        else
            dir.lost = "a message that TCP does not put together"
        end
    end
    return messages
end

-- A frame may have several tvbs: a message that ends in it, and what follows that. Two may even be of the same bytes. In later passes what was
-- not whole at the end of one is left out.
local function remembered(tvb, pinfo, make)
    local here, len = frames[pinfo.number] or { at = 0 }, tvb:len()
    local head = tvb:raw(0, math.min(len, 64))
    frames[pinfo.number] = here
    if not pinfo.visited then
        local messages = make()
        table.insert(here, { len = len, head = head, messages = messages })
        return messages
    end
    for _ = 1, #here do
        here.at = here.at % #here + 1
        local one_of = here[here.at]
        if (one_of.len == len or one_of.messages.from == len) and one_of.head:sub(1, #head) == head then
            return one_of.messages
        end
    end
    return {}
end

local function dissect(proto, tvb, pinfo, tree, conv, replies, server, read)
    local messages = remembered(tvb, pinfo, function()
        return read_all(tvb, pinfo, direction(conv, endpoint(pinfo.src, pinfo.src_port)), function(dir)
            local r = reader(conv, dir, replies, server, read)
            r.asks = direction(conv, conv.asker or "")
            return r
        end)
    end)
    local info = {}
    pinfo.cols.protocol = proto.name
    for _, m in ipairs(messages) do
        local below = tree:add(proto, tvb(m.at, m.len))
        below:append_text(", " .. (proto ~= service and "" or replies and "reply: " or "request: ") .. m.said)
        if m.expert then
            below:add_proto_expert_info(m.expert[1], m.expert[2])
        end
        show(below, tvb, m.at, m.items)
        if #info < 8 then
            table.insert(info, #m.said > 120 and m.said:sub(1, 120) .. "…" or m.said)
        end
    end
    if #info > 0 then
        pinfo.cols.info = table.concat(info, " | ") .. (#messages > #info and " | …" or "")
    end
    if messages.missing and messages.from < tvb:len() then
        -- Asking for few bytes would have TCP call again for each of them.
        pinfo.desegment_offset = messages.from
        pinfo.desegment_len = messages.missing > 4096 and messages.missing or DESEGMENT_ONE_MORE_SEGMENT
    end
    return tvb:len()
end

local function server_at(where)
    servers[where] = servers[where] or { generation = 10 }
    return servers[where]
end

-- Who speaks first asks, whoever has dialled; unless it says what no request begins with.
function service.dissector(tvb, pinfo, tree)
    local conv = conversation(pinfo, service)
    local from, to = endpoint(pinfo.src, pinfo.src_port), endpoint(pinfo.dst, pinfo.dst_port)
    if not conv.asker and not pinfo.visited then
        conv.asker = tvb(0, 1):uint() ~= 0 and from or to
    end
    local replies = from ~= conv.asker
    return dissect(service, tvb, pinfo, tree, conv, replies, server_at(replies and from or to), replies and reply or request)
end

function chat.dissector(tvb, pinfo, tree)
    return dissect(chat, tvb, pinfo, tree, conversation(pinfo, chat), false, { generation = 10 }, talk)
end

function archive.dissector(tvb, pinfo, tree)
    local from_server = pinfo.src_port == pinfo.match
    local types = from_server and archive.prefs.server or archive.prefs.client
    local conv = conversation(pinfo, archive)
    if archive.prefs.layout ~= "" then
        local l = layout_of(archive.prefs.layout)
        if l.why then
            direction(conv, endpoint(pinfo.src, pinfo.src_port)).lost = "nothing: the layout " .. archive.prefs.layout .. ": " .. l.why
        end
        return dissect(archive, tvb, pinfo, tree, conv, from_server, { generation = 10 }, function(r) return layout_message(r, l) end)
    end
    if types == "" then
        direction(conv, endpoint(pinfo.src, pinfo.src_port)).lost = "nothing: its types are not declared in the preferences"
    end
    return dissect(archive, tvb, pinfo, tree, conv, from_server, { generation = 10 }, function(r) return list(r, types, " ") end)
end

-- What was not whole when its direction ended, and what was not answered.
function ends.dissector(tvb, pinfo, tree)
    local fin, rst = fin_of(), rst_of()
    local over = fin and fin.value or rst and rst.value
    local conv = over and conversation(pinfo)
    if conv and not ended[pinfo.number] then
        local from = endpoint(pinfo.src, pinfo.src_port)
        local dir, said = direction(conv, from), {}
        local r, whole, bytes = dir.reader, nil, dir.bytes
        if r and bytes and fin and fin.value and not dir.over then -- it may be a line that ends here
            r.eof = true
            whole = message(r, bytes:tvb("Line"), 0, pinfo.number)
            r = not whole and r
        end
        local left = #conv.asked - conv.first + 1
        if r and not dir.over then
            local op = r.asked and r.asked.op
            local what = op and " (" .. (ops[op] or "op " .. op) .. ")" or ""
            table.insert(said, { cut, string.format("It ends within a message%s, of which there are %d bytes: at least %.0f more were to come", what, dir.have, dir.missing) })
        end
        if not dir.over and conv.asker and from ~= conv.asker and left > 0 and not dir.lost then
            table.insert(said, { unanswered, left .. (left == 1 and " request is" or " requests are") .. " not answered" })
        end
        dir.over = true
        ended[pinfo.number] = { proto = conv.proto, said = said, whole = whole, bytes = bytes }
    end
    local e = ended[pinfo.number]
    if e and e.whole then
        local line = e.bytes:tvb("Line")
        local below = tree:add(e.proto, line(0, e.whole.len))
        below:append_text(", ended by the end of the stream: " .. e.whole.said)
        show(below, line, 0, e.whole.items)
    end
    for _, expert_info in ipairs(e and e.said or {}) do
        tree:add(e.proto, tvb(0, 0), expert_info[2]):add_proto_expert_info(expert_info[1], expert_info[2])
    end
end
register_postdissector(ends)

-- Ports, and what is recognised without them ---------------------------------------------------------------------------

local function printable(text)
    return text ~= "" and not text:find("\\x", 1, true)
end

-- Whether the bytes begin a conversation of the service: whole requests, of which the last may be cut behind types that there are.
local function asks(tvb, pinfo)
    local dir, len, at = { table = {}, count = 0, objects = 0 }, tvb:len(), 0
    while at < len do
        local op = len - at >= 2 and tvb(at, 2):le_uint() or 0
        if op < 1 or op > 10 or (op > 5 and at + 2 ~= len) then
            return false
        end
        local r = reader({ asked = {}, first = 1 }, dir, false, { generation = 10 }, request)
        local m = message(r, tvb, at, pinfo.number)
        local types = r.asked and r.asked.types
        if op <= 3 and (not types or types == "") then
            return false
        end
        for form in (op <= 3 and types or ""):gmatch("[^,]+") do
            if not is_type(form) then
                return false
            end
        end
        if not m then
            return op <= 3
        elseif m.expert or (op == 5 and not printable(m.said:sub(6))) then
            return false
        end
        at = at + m.len
    end
    return true
end

local function chats(tvb, pinfo)
    local dir, at = { table = {}, count = 0, objects = 0 }, 0
    while at < tvb:len() do
        local close = tvb:len() - at >= 2 and tvb(at, 2):le_uint() or 2
        local m = close < 2 and message(reader({}, dir, false, { generation = 10 }, talk), tvb, at, pinfo.number)
        if not m or m.expert or not printable((m.said:gsub("^leaves: ", ""))) then
            return false
        end
        at = at + m.len
    end
    return true
end

-- `passed` has the streams whose first bytes are not of a protocol, with the frame of these.
local function recognise(proto, is, name)
    proto:register_heuristic("tcp", function(tvb, pinfo, tree)
        local stream = stream_of()
        local key = name .. (stream and tostring(stream.value) or endpoint(pinfo.src, pinfo.src_port) .. endpoint(pinfo.dst, pinfo.dst_port))
        if not proto.prefs.recognise or tvb:len() == 0 or (passed[key] and passed[key] ~= pinfo.number) then
            return false
        end
        passed[key] = pinfo.number
        local good, yes = pcall(is, tvb, pinfo)
        if not good or not yes then
            return false
        end
        passed[key] = nil
        pinfo.conversation = proto
        proto.dissector(tvb, pinfo, tree)
        return true
    end)
end
recognise(service, asks, "service ")
recognise(chat, function(tvb, pinfo) return not asks(tvb, pinfo) and chats(tvb, pinfo) end, "chat ")

local tcp, set = DissectorTable.get("tcp.port"), {}

for _, proto in ipairs({ service, chat, archive }) do
    function proto.prefs_changed()
        if set[proto.name] and set[proto.name] ~= "" then
            tcp:remove(set[proto.name], proto)
        end
        set[proto.name] = proto.prefs.ports
        if proto.prefs.ports ~= "" then
            tcp:add(proto.prefs.ports, proto)
        end
    end
    tcp:add_for_decode_as(proto)
end
