"""Where a C source may be changed, and a copy of it in which every change is there, each behind a switch.

libclang gives the tree, the text is what is edited: an operator is replaced only where it stands in the file as such, so that nothing
inside of a macro is touched. Nothing changes line.

    a < b       ({ l = a; r = b; mutant_(7) ? l <= r : mutant_(8) ? l >= r : l < r; })
    if (p)      if (!(p) == mutant_(9))
    f(x);       (void)(mutant_(10) || ((f(x)), 0));
    7           (7 + mutant_step_(11))
"""
import hashlib
import re

from clang import cindex
from clang.cindex import CursorKind as Kind, TypeKind

COMPARE = {"<": ("<=", ">="), "<=": ("<", ">"), ">": (">=", "<="), ">=": (">", "<"), "==": ("!=",), "!=": ("==",)}
ARITHMETIC = {"+": "-", "-": "+", "*": "/", "/": "*", "%": "/", "<<": ">>", ">>": "<<", "&": "|", "|": "&", "^": "&"}
LOGIC = {"&&": "||", "||": "&&"}
NUMBER = re.compile(r"(0[xX][0-9a-fA-F]+|[0-9]+)[uUlL]*$")
NEWLINE = b"\n"
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
DROPPED = (Kind.CALL_EXPR, Kind.COMPOUND_ASSIGNMENT_OPERATOR)
BODIES = (Kind.COMPOUND_STMT, Kind.IF_STMT, Kind.WHILE_STMT, Kind.FOR_STMT, Kind.DO_STMT, Kind.CASE_STMT, Kind.DEFAULT_STMT)


class Mutant:
    def __init__(self, number, file, line, function, kind, change):
        self.number, self.file, self.line, self.function, self.kind, self.change = number, file, line, function, kind, change
        self.name = None  # what it is called as long as its function does not change: see name_all

    def drawn(self, seed):
        """Its place in a random order that the rest of the sources does not influence."""
        return hashlib.sha256(f"{seed} {self.name}".encode()).hexdigest()


class Source:
    """One file: collects edits on its text and the mutants that they stand for."""

    def __init__(self, path, text, first):
        self.path, self.text, self.next = path, text, first
        self.data = text.encode()
        self.edits, self.mutants, self.function = [], [], None
        self.depth = 0

    def at(self, begin, end):
        return self.data[begin:end].decode()

    def new(self, cursor, kind, change):
        self.mutants.append(Mutant(self.next, self.path, cursor.location.line, self.function, kind, " ".join(change.split())))
        self.next += 1
        return self.next - 1

    def around(self, numbers, begin, end, before, behind):
        """Puts this around what is changed by the mutants of these numbers."""
        self.edits.append((begin, 1, self.depth, 0, before, numbers))
        self.edits.append((end, 0, -self.depth, 0, behind, numbers))

    def replace(self, numbers, begin, end, text):
        self.edits.append((begin, 2, 0, end - begin, text, numbers))

    def mutated(self, switch, chosen):
        """The text with the mutants whose numbers are chosen. Behind its includes, where the 3 stands, nobody is warned, as in a system's header."""
        included = max((m.end() for m in re.finditer(rb"^#include .*\n", self.data, re.M)), default=0)
        quiet = (included, 0, 0, 0, f'# {self.data.count(NEWLINE, 0, included) + 1} "{self.path}" 3\n')
        out, at = [f'#include "{switch}"\n#line 1 "{self.path}"\n'], 0
        edits = [quiet, *(e[:5] for e in self.edits if not chosen.isdisjoint(e[5]))]
        for place, _, _, length, text in sorted(edits, key=lambda e: e[:3]):
            out += [self.at(at, place), text]
            at = place + length
        return "".join(out) + self.at(at, len(self.data))


def bounds(cursor):
    """Where it stands in the text. Of a macro with arguments libclang's end is that of its name."""
    begin, end = cursor.extent.start.offset, cursor.extent.end.offset
    for first, last in bounds.macros:
        if first < end <= last:
            return begin, last
    return begin, end


def in_macro(cursor):
    begin, end = bounds(cursor)
    return any(first <= begin and end <= last for first, last in bounds.macros)


def is_pointer(cursor):
    return cursor.type.get_canonical().kind in (TypeKind.POINTER, TypeKind.CONSTANTARRAY, TypeKind.INCOMPLETEARRAY)


def value_of(cursor, text):
    """What is kept of an operand: a bit-field has no type of its own to keep."""
    while cursor.kind in (Kind.PAREN_EXPR, Kind.UNEXPOSED_EXPR) and (inner := list(cursor.get_children())):
        cursor = inner[0]
    field = cursor.referenced if cursor.kind == Kind.MEMBER_REF_EXPR else None
    return "+" if field is not None and field.is_bitfield() else ""


def operator_of(source, cursor):
    """The operator of a binary expression with its place; None where it does not stand in the text."""
    children = list(cursor.get_children())
    if len(children) != 2:
        return None
    (begin, left_end), (right, end) = bounds(children[0]), bounds(children[1])
    if not begin < left_end <= right < end or (begin, end) != bounds(cursor):
        return None
    between = source.at(left_end, right)
    word = COMMENT.sub(lambda m: " " * len(m.group()), between).strip()
    if "\\" in between or not word or word not in (*COMPARE, *ARITHMETIC, *LOGIC, "="):
        return None
    place = left_end + between.index(word)
    return children[0], children[1], word, place


def binary(source, cursor):
    """Comparison turned, && for ||, + for -."""
    parts = operator_of(source, cursor)
    if not parts:
        return
    left, right, word, place = parts
    begin, end = bounds(cursor)
    was = source.at(begin, end)

    def become(kind, other):
        return source.new(cursor, kind, f"{was} => {source.at(begin, place)}{other}{source.at(place + len(word), end)}")
    if word in LOGIC:
        n = become("logic", LOGIC[word])
        same = "==" if word == "&&" else "!="
        source.around([n], begin, end, f"({{ _Bool l{n}_ = (", "); })")
        source.replace([n], place, place + 2, f"); (l{n}_ {same} mutant_({n})) ? l{n}_ : (_Bool)(")
        return
    if word in COMPARE:
        others = [(become("compare", other), other) for other in COMPARE[word]]
    elif word in ARITHMETIC and not is_pointer(right) and not (word in "*/" and is_pointer(left)):
        others = [(become("arithmetic", ARITHMETIC[word]), ARITHMETIC[word])]
    else:
        return
    n = others[0][0]
    l, r = f"l{n}_", f"r{n}_"
    chosen = "".join(f"mutant_({m}) ? {l} {other} {r} : " for m, other in others)
    numbers = [m for m, _ in others]
    source.around(numbers, begin, end, f"({{ __auto_type {l} = {value_of(left, source)}(", f"); {chosen}{l} {word} {r}; }})")
    source.replace(numbers, place, place + len(word), f"); __auto_type {r} = {value_of(right, source)}(")


def condition(source, cursor):
    """A truth that is no comparison is turned as a whole."""
    begin, end = bounds(cursor)
    text = source.at(begin, end)
    inner = cursor
    if in_macro(cursor):
        return
    while inner.kind in (Kind.PAREN_EXPR, Kind.UNEXPOSED_EXPR) and (children := list(inner.get_children())):
        inner = children[0]
    parts = operator_of(source, inner) if inner.kind == Kind.BINARY_OPERATOR else None
    if end <= begin or text in ("true", "false", "1", "0") or (parts and parts[2] in (*COMPARE, *LOGIC)):
        return
    if text.count("(") != text.count(")") or not re.match(r"[\w!(*&~-]", text):
        return
    n = source.new(cursor, "compare", f"if {text} => if !({text})")
    source.around([n], begin, end, "(!(", f") == mutant_({n}))")


def constant(source, cursor):
    begin, end = bounds(cursor)
    text = source.at(begin, end)
    if text in ("true", "false"):
        other = "false" if text == "true" else "true"
        n = source.new(cursor, "constant", f"{text} => {other}")
        source.replace([n], begin, end, f"(mutant_({n}) ? {other} : {text})")
    elif NUMBER.match(text):
        n = source.new(cursor, "constant", f"{text} => {text} + 1")
        if int(re.sub("[uUlL]+$", "", text), 16 if text[:2] in ("0x", "0X") else 8 if re.match("0[0-9]", text) else 10):
            source.new(cursor, "constant", f"{text} => {text} - 1")
            source.around([n, n + 1], begin, end, "(", f" + mutant_step_({n}))")
        else:
            source.around([n], begin, end, "(", f" + mutant_({n}))")


def statement(source, cursor):
    """A call whose result nobody wants, or an assignment, is left out."""
    if in_macro(cursor):
        return
    begin, end = bounds(cursor)
    text = source.at(begin, end)
    parts = operator_of(source, cursor) if cursor.kind == Kind.BINARY_OPERATOR else None
    steps = cursor.kind == Kind.UNARY_OPERATOR and re.search(r"(\+\+|--)$|^(\+\+|--)", text)
    if not (cursor.kind in DROPPED or steps or parts and parts[2] == "=") or text.startswith(("assert", "va_", "(void)")):
        return
    if not source.at(end, end + 1) == ";":  # a macro that is more than it seems
        return
    n = source.new(cursor, "drop", f"{text}; => ;")
    source.around([n], begin, end, f"(void)(mutant_({n}) || ((", "), 0))")


def is_flaw(source, cursor):
    """Whether a condition is FLAW(x), that and something else, or one of several such: never true in the reference."""
    while cursor.kind in (Kind.PAREN_EXPR, Kind.UNEXPOSED_EXPR) and not in_macro(cursor) and (children := list(cursor.get_children())):
        cursor = children[0]
    parts = operator_of(source, cursor) if cursor.kind == Kind.BINARY_OPERATOR else None
    if parts and parts[2] == "&&":
        return is_flaw(source, parts[0])
    if parts and parts[2] == "||":
        return is_flaw(source, parts[0]) and is_flaw(source, parts[1])
    return re.fullmatch(r"FLAW\(\w+\)", source.at(*bounds(cursor))) is not None


def walk(source, cursor, parent):
    """Notes the edits of an expression or statement and of its parts. A part's edits lie within, which their depth tells."""
    kind = cursor.kind
    begin, end = bounds(cursor)
    children = list(cursor.get_children())
    if in_macro(cursor) and not (kind == Kind.INTEGER_LITERAL and source.at(begin, end) in ("true", "false")):
        return
    first = children[0] if children else None
    source.depth += 1
    if kind == Kind.VAR_DECL:
        # `static` data must be constant, and of the rest only what stands behind the =
        equals = source.at(begin, end).find("=")
        fixed = cursor.storage_class == cindex.StorageClass.STATIC or equals < 0
        for child in [] if fixed else children:
            if bounds(child)[0] > begin + equals:
                walk(source, child, cursor)
        source.depth -= 1
        return
    if kind in (Kind.CXX_UNARY_EXPR, Kind.STRUCT_DECL, Kind.ENUM_DECL, Kind.UNION_DECL, Kind.PARM_DECL, Kind.TYPEDEF_DECL,
                Kind.StmtExpr):
        source.depth -= 1
        return
    if kind == Kind.CASE_STMT:
        children = children[-1:]  # not the label
    if kind in (Kind.IF_STMT, Kind.CONDITIONAL_OPERATOR) and is_flaw(source, children[0]):
        children = children[2:]   # what only a flawed peer does is for .ci/flaws
    if is_flaw(source, cursor):
        children = []
    if kind == Kind.INIT_LIST_EXPR and source.at(begin, end).replace(" ", "") == "{0}":
        children = []             # the idiom for nothing at all
    if kind == Kind.BINARY_OPERATOR and not is_flaw(source, cursor):
        binary(source, cursor)
    elif kind == Kind.INTEGER_LITERAL:
        constant(source, cursor)
    elif kind == Kind.UNARY_OPERATOR and source.at(begin, begin + 1) == "!" and parent is not None and parent.kind not in (
            Kind.IF_STMT, Kind.WHILE_STMT, Kind.DO_STMT, Kind.CONDITIONAL_OPERATOR, Kind.FOR_STMT):
        n = source.new(cursor, "compare", f"{source.at(begin, end)} => {source.at(begin + 1, end)}")
        source.around([n], begin, end, "((", f") != mutant_({n}))")
    if kind in (Kind.IF_STMT, Kind.WHILE_STMT, Kind.CONDITIONAL_OPERATOR) and children and children[0] == first:
        source.depth += 0.5  # between this and its part
        condition(source, children[0])
        source.depth -= 0.5
    for i, child in enumerate(children):
        if kind in BODIES and not (kind in (Kind.IF_STMT, Kind.WHILE_STMT) and child == first) and not (
                kind == Kind.FOR_STMT and i < len(children) - 1):
            source.depth += 0.5  # around its parts
            statement(source, child)
            source.depth -= 0.5
        walk(source, child, cursor)
    source.depth -= 1


def name_all(mutants):
    """file:function: change, with #2, #3 … for those that read the same."""
    seen = {}
    for m in mutants:
        key = f"{m.file}:{m.function}: {m.change}"
        seen[key] = seen.get(key, 0) + 1
        m.name = key if seen[key] == 1 else f"{key} #{seen[key]}"


def read(path, arguments, first):
    """The source at this path with its mutants, numbered from first."""
    unit = cindex.Index.create().parse(path, args=arguments, options=cindex.TranslationUnit.PARSE_DETAILED_PROCESSING_RECORD)
    bounds.macros = [(c.extent.start.offset, c.extent.end.offset) for c in unit.cursor.get_children()
                     if c.kind == Kind.MACRO_INSTANTIATION and c.location.file.name == path]
    errors = [d for d in unit.diagnostics if d.severity >= cindex.Diagnostic.Error]
    if errors:
        raise SystemExit(f"{path}: {errors[0]}")
    with open(path, encoding="utf-8") as file:
        source = Source(path, file.read(), first)
    for cursor in unit.cursor.get_children():
        if cursor.kind == Kind.FUNCTION_DECL and cursor.is_definition() and cursor.location.file.name == path:
            body = [c for c in cursor.get_children() if c.kind == Kind.COMPOUND_STMT]
            source.function = cursor.spelling
            for part in body:
                walk(source, part, cursor)
    name_all(source.mutants)
    return source
