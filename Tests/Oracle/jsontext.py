"""A strict reader of JSON text (RFC 8259) over bytes, with byte offsets.

Python's own reader accepts NaN and Infinity, and says nothing about where a value ends in bytes; this one
reads one value at a time, keeps the text of numbers, and never recurses, so depth is no matter.
"""

import json
import re
from json.decoder import scanstring

WHITESPACE = re.compile(rb"[ \t\n\r]*")
STRING = re.compile(rb'"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*"')
LOOSE_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
NUMBER = re.compile(rb"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
LITERAL = re.compile(rb"true|false|null")
AFTER_SCALAR = re.compile(rb"[ \t\n\r,\]}:]")
PAIRING = re.compile(rb'["{}\[\]]')
JUNK = re.compile(rb'["{}\[\],]')
STRINGS_AND_SPACE = re.compile(rb'("[^"\\]*(?:\\.[^"\\]*)*")|[ \t\n\r]+', re.DOTALL)
LITERALS = {b"true": True, b"false": False, b"null": None}


class Number:
    """A JSON number, as its text: nothing is rounded."""

    __slots__ = ("text",)

    def __init__(self, text):
        self.text = text

    def __eq__(self, other):
        return isinstance(other, Number) and other.text == self.text

    def __repr__(self):
        return f"Number({self.text})"


class BadJSON(ValueError):
    """What broke the grammar, and at which byte."""

    def __init__(self, offset, reason):
        super().__init__(f"{reason} at byte {offset}")
        self.offset = offset
        self.reason = reason


def skip_space(text, position, end):
    return WHITESPACE.match(text, position, end).end()


def _no_constant(name):
    raise ValueError(name)


_DECODER = json.JSONDecoder(parse_float=Number, parse_int=Number, parse_constant=_no_constant)


def read_string(text, position, end):
    """The string that begins at `position`: its value and where it ends."""
    found = STRING.match(text, position, end)
    if not found:
        raise BadJSON(position, _why_no_string(text, position, end))
    raw = found.group()
    try:
        decoded = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadJSON(position + error.start, "invalid UTF-8") from None
    if b"\\" in raw:
        return scanstring(decoded, 1, True)[0], found.end()
    return decoded[1:-1], found.end()


def _why_no_string(text, position, end):
    if not LOOSE_STRING.match(text, position, end):
        return "unclosed string"
    body = LOOSE_STRING.match(text, position, end).group()
    return "control character in a string" if re.search(rb"[\x00-\x1f]", body) else "bad escape"


def read_scalar(text, position, end):
    """The string, number or literal that begins at `position`."""
    if text[position : position + 1] == b'"':
        return read_string(text, position, end)
    found = LITERAL.match(text, position, end)
    if found:
        value = LITERALS[found.group()]
    else:
        found = NUMBER.match(text, position, end)
        if not found:
            raise BadJSON(position, "unexpected byte")
        value = Number(found.group().decode("ascii"))
    if found.end() < end and not AFTER_SCALAR.match(text, found.end()):
        raise BadJSON(found.end(), "unexpected byte")
    return value, found.end()


def read_value(text, position, end):
    """One value by the grammar alone: (value, end, depth). Of repeated keys the last one stands."""
    stack, deepest = [], 0
    result = None
    while True:
        position = skip_space(text, position, end)
        if position >= end:
            raise BadJSON(position, "text ends inside a value")
        byte = text[position : position + 1]
        if byte in (b"{", b"["):
            closing = b"}" if byte == b"{" else b"]"
            container = {} if byte == b"{" else []
            stack.append([container, None])
            deepest = max(deepest, len(stack))
            position = skip_space(text, position + 1, end)
            if text[position : position + 1] != closing or position >= end:
                position = _key(text, position, end, stack[-1])
                continue
            position += 1
            result = stack.pop()[0]
        else:
            result, position = read_scalar(text, position, end)
        while True:
            if not stack:
                return result, position, deepest
            frame = stack[-1]
            if isinstance(frame[0], dict):
                frame[0].pop(frame[1], None)
                frame[0][frame[1]] = result
                closing = b"}"
            else:
                frame[0].append(result)
                closing = b"]"
            position = skip_space(text, position, end)
            byte = text[position : position + 1] if position < end else b""
            if byte == b",":
                position = _key(text, position + 1, end, frame)
                break
            if byte != closing:
                raise BadJSON(position, f"expected ',' or '{closing.decode()}'")
            position += 1
            result = stack.pop()[0]


def _key(text, position, end, frame):
    """Inside an object: reads the key and the colon. Inside an array there is nothing to do."""
    if not isinstance(frame[0], dict):
        return position
    key, position = read_key(text, position, end)
    frame[1] = key
    return position


def read_key(text, position, end):
    """A key and its colon."""
    position = skip_space(text, position, end)
    if position >= end or text[position : position + 1] != b'"':
        raise BadJSON(position, "expected a key")
    key, position = read_string(text, position, end)
    position = skip_space(text, position, end)
    if position >= end or text[position : position + 1] != b":":
        raise BadJSON(position, "expected ':'")
    return key, position + 1


class Text:
    """Bytes of text, with a quick way to read a value that is clean: Python's own scanner, checked."""

    def __init__(self, data, quick=True):
        self.data = data
        self.plain = data.decode("latin-1") if quick else None

    def value(self, position, end):
        """(value, end, depth); `depth` is exact above 500 levels and at most that below."""
        if self.plain is not None:
            try:
                return self._quick(position, end)
            except (ValueError, StopIteration, RecursionError):
                pass
        return read_value(self.data, position, end)

    def _quick(self, position, end):
        value, stop = _DECODER.scan_once(self.plain, position)
        if stop > end:
            raise ValueError("past the end")
        if self.data[stop - 1] not in b'"}]' and stop < end and not AFTER_SCALAR.match(self.data, stop):
            raise ValueError("more behind a scalar")
        raw = self.data[position:stop]
        if not raw.isascii():
            value = _DECODER.decode(raw.decode("utf-8"))
        if raw.count(b"{") + raw.count(b"[") > 500:
            return value, stop, max(500, depth_of(raw))
        return value, stop, 500


def depth_of(raw):
    """How many levels valid text nests."""
    level = deepest = position = 0
    while found := PAIRING.search(raw, position):
        position = found.end()
        if found.group() == b'"':
            position = LOOSE_STRING.match(raw, found.start()).end()
        elif found.group() in b"{[":
            level += 1
            deepest = max(deepest, level)
        else:
            level -= 1
    return deepest


def paired_end(text, position, end):
    """Where the bracket at `position` closes when brackets and quotes are paired off, else None."""
    stack = []
    while found := PAIRING.search(text, position, end):
        mark, position = found.group(), found.end()
        if mark == b'"':
            string = LOOSE_STRING.match(text, found.start(), end)
            if not string:
                return None
            position = string.end()
        elif mark in b"{[":
            stack.append(b"}" if mark == b"{" else b"]")
        else:
            if not stack or stack.pop() != mark:
                return None
            if not stack:
                return position
    return None


def junk_end(text, position, end):
    """Where something that is no value ends inside an array: at the next comma or bracket of that array."""
    while found := JUNK.search(text, position, end):
        mark = found.group()
        if mark in b",]}":
            return found.start()
        string = LOOSE_STRING.match(text, found.start(), end) if mark == b'"' else None
        stop = string.end() if string else paired_end(text, found.start(), end) if mark != b'"' else None
        if stop is None:
            return None
        position = stop
    return None


def minified(raw):
    """The text of one value without the white space between its tokens; nothing else changes."""
    if not re.search(rb"[ \t\n\r]", raw):
        return raw
    return STRINGS_AND_SPACE.sub(rb"\1", raw)


def member_spans(raw):
    """Of one object's text: [(key, start, end of the value)], in order, repeated keys included."""
    text = Text(raw)
    spans, end = [], len(raw)
    position = skip_space(raw, 1, end)
    while raw[position : position + 1] == b'"':
        key, position = read_key(raw, position, end)
        position = skip_space(raw, position, end)
        start = position
        _, position, _ = text.value(position, end)
        spans.append((key, start, position))
        position = skip_space(raw, position, end)
        if raw[position : position + 1] == b",":
            position = skip_space(raw, position + 1, end)
    return spans


def element_spans(raw):
    """Of one array's text: [(start, end)] of its elements."""
    text = Text(raw)
    spans, end = [], len(raw)
    position = skip_space(raw, 1, end)
    while raw[position : position + 1] != b"]":
        _, stop, _ = text.value(position, end)
        spans.append((position, stop))
        position = skip_space(raw, stop, end)
        if raw[position : position + 1] == b",":
            position = skip_space(raw, position + 1, end)
    return spans
