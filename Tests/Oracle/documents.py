"""Finds the CloudTrail records in one file's text: every container, and what is left after damage.

The rules are those of the specification (containers: A25, A30, A39 to A41; damage: A32, A33, A34). Where they
leave a choice, the comment `Open:` names it; torture.py keeps such cases apart in `open/`.
"""

import re

from envelopes import CONTROL, VALIDATION, Body, body_of, is_event, is_housekeeping, name_of
from jsontext import BadJSON, Text, junk_end, member_spans, minified, paired_end, read_key, skip_space

MAX_DEPTH = 1000
MAX_RECORD_BYTES = 64 << 20
MAX_ENVELOPES = 3
ARRAY_KEYS = ("Records", "Events", "logEvents", "events", "Messages", "records")
EXPORTED = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d*)?(?:Z|[+-][\d:]*)?[ \t]+")


class Record:
    """One event: its number in the file (A24), where it stands in the text, its minified bytes, its fields."""

    __slots__ = ("file", "number", "offset", "raw", "fields")

    def __init__(self, number, offset, raw, fields):
        self.file = None
        self.number, self.offset, self.raw, self.fields = number, offset, raw, fields


class Problem:
    """Something that is reported. `number` is None when it is no record but the file, or what is left of it."""

    __slots__ = ("file", "number", "offset", "reason", "raw")

    def __init__(self, number, offset, reason, raw=b""):
        self.file = None
        self.number, self.offset, self.reason, self.raw = number, offset, reason, raw


class Element:
    """A value of a container: its span and what it holds, or why it cannot be read."""

    __slots__ = ("start", "end", "value", "error")

    def __init__(self, start, end, value=None, error=None):
        self.start, self.end, self.value, self.error = start, end, value, error


class Shape:
    """One value at the top of the text, read as far as its grammar holds."""

    def __init__(self, start):
        self.start = start
        self.end = None  # None: it has no end that can be told
        self.kind = None  # object, array, scalar, junk
        self.members = []  # object: (key, value or list of Element)
        self.elements = []  # array
        self.error = None  # where the grammar of the shape itself broke

    @property
    def clean(self):
        lists = [self.elements] + [value for _, value in self.members if _is_elements(value)]
        return self.error is None and all(element.error is None for each in lists for element in each)

    def arrays(self, key):
        return [value for name, value in self.members if name == key and _is_elements(value)]


def _is_elements(value):
    return isinstance(value, Elements)


def is_container(members):
    """Whether an array of records comes before what makes an object an event, among its (key, value) in order."""
    keys = set()
    for key, value in members:
        if key in ARRAY_KEYS and _is_elements(value):
            return True
        keys.add(key)
        if "eventVersion" in keys or {"eventName", "eventSource"} <= keys:
            return False
    return False


def member_shapes(raw):
    """The members of an object's text, arrays as Elements."""
    return [(key, Elements() if raw[start : start + 1] == b"[" else None) for key, start, _ in member_spans(raw)]


class Elements(list):
    """The elements of an array whose elements may be records."""


class Tally:
    """What is counted through a whole file and the bodies in it."""

    def __init__(self):
        self.number = 0
        self.housekeeping = 0

    @property
    def found(self):
        return self.number + self.housekeeping


class Reader:
    """Reads one text, of a file or of a body in it; `tally` counts over all of them."""

    def __init__(self, data, json_lines=False, max_depth=MAX_DEPTH, max_record_bytes=MAX_RECORD_BYTES, level=0, tally=None):
        self.data = data
        self.text = Text(data)
        self.json_lines = json_lines
        self.max_depth = max_depth
        self.max_record_bytes = max_record_bytes
        self.level = level
        self.tally = tally or Tally()
        self.lines_seen = False

    def items(self):
        """Every Record and Problem, in the order of the text."""
        end = len(self.data)
        mark = 3 if self.data.startswith(b"\xef\xbb\xbf") else 0
        position = skip_space(self.data, mark, end)
        if position == end:
            yield Problem(None, mark, "empty")
        while position < end:
            after = self.plain_text(position, end)
            if after is not None:
                position = skip_space(self.data, after, end)
                continue
            shape = self.shape(position, end)
            limit, bounded = end, not shape.clean and self.is_line(position)
            if bounded:
                limit = self.line_end(position)
                shape = self.shape(position, limit)
                if shape.end is not None and not any(_is_elements(value) for _, value in shape.members):
                    shape.end = limit if shape.error else shape.end  # the whole line is the bad record
            yield from self.emit(shape, limit)
            stop = limit if bounded or shape.end is None else shape.end
            if shape.clean and self.fills_line(position, stop):
                self.lines_seen = True
            position = skip_space(self.data, stop, end)

    def plain_text(self, position, end):
        """Where text ends that is no JSON and no damage: the time before an exported log event, the validation message."""
        stamp = EXPORTED.match(self.data, position)
        if stamp and self.data[stamp.end() : stamp.end() + 1] == b"{":
            return stamp.end()
        after = position + len(VALIDATION)
        if self.data.startswith(VALIDATION, position) and (after == end or self.data[after] <= 0x20):
            self.tally.housekeeping += 1
            return after
        return None

    def fills_line(self, start, stop):
        """Whether what stands from `start` to `stop` is one line by itself."""
        line = self.data.rfind(b"\n", 0, start) + 1
        end = self.line_end(start)
        return stop <= end and not (self.data[line:start] + self.data[stop:end]).strip(b" \t\r")

    def line_end(self, position):
        stop = self.data.find(b"\n", position)
        return len(self.data) if stop < 0 else stop

    def is_line(self, position):
        """Whether a bad value here is bounded by its line: JSON lines by the file's ending or by its neighbours.

        Open: the specification says that the line end bounds a bad line in JSON lines, not what JSON lines are.
        """
        if self.json_lines or self.lines_seen:
            return True
        following = skip_space(self.data, self.line_end(position), len(self.data))
        if EXPORTED.match(self.data, position) or EXPORTED.match(self.data, following):
            return True
        if self.data[following : following + 1] not in (b"{", b"["):
            return False
        try:
            stop = self.line_end(following)
            _, value_end, _ = self.text.value(following, stop)
        except BadJSON:
            return False
        return skip_space(self.data, value_end, stop) == stop

    # The shape of one value

    def shape(self, start, end):
        shape = Shape(start)
        byte = self.data[start : start + 1]
        try:
            if byte == b"{":
                shape.kind = "object"
                shape.end = self.object_shape(shape, start, end)
            elif byte == b"[":
                shape.kind = "array"
                shape.end = self.array_elements(shape.elements, start, end)
            else:
                shape.kind = "scalar"
                _, shape.end, _ = self.text.value(start, end)
        except BadJSON as error:
            shape.error = error
            if shape.kind == "scalar":
                shape.kind = "junk"
            else:
                shape.end = paired_end(self.data, start, end)
        return shape

    def object_shape(self, shape, start, end):
        data = self.data
        position = skip_space(data, start + 1, end)
        if position < end and data[position : position + 1] == b"}":
            return position + 1
        while True:
            key, position = read_key(data, position, end)
            position = skip_space(data, position, end)
            if key in ARRAY_KEYS and position < end and data[position : position + 1] == b"[":
                elements = Elements()
                shape.members.append((key, elements))
                position = self.array_elements(elements, position, end)
            else:
                value, position, depth = self.text.value(position, end)
                shape.members.append((key, value))
            position = skip_space(data, position, end)
            byte = data[position : position + 1] if position < end else b""
            if byte == b"}":
                return position + 1
            if byte != b",":
                raise BadJSON(position, "expected ',' or '}'")
            position += 1

    def array_elements(self, elements, start, end):
        """Appends the elements of the array at `start`; a bad one whose brackets and quotes pair costs itself (A33)."""
        data = self.data
        position = skip_space(data, start + 1, end)
        if position < end and data[position : position + 1] == b"]":
            return position + 1
        while True:
            position = skip_space(data, position, end)
            if position < end and data[position : position + 1] in (b",", b"]"):
                raise BadJSON(position, "expected a value")  # Open: [,{}] and [{},]
            try:
                value, stop, depth = self.text.value(position, end)
                elements.append(self.bounded(Element(position, stop, value), depth))
            except BadJSON as error:
                if position >= end:
                    raise
                opens = data[position : position + 1] in (b"{", b"[")
                stop = (paired_end if opens else junk_end)(data, position, end)
                elements.append(Element(position, end if stop is None else stop, error=error))
                if stop is None:
                    raise BadJSON(error.offset, error.reason) from None
            position = skip_space(data, stop, end)
            byte = data[position : position + 1] if position < end else b""
            if byte == b"]":
                return position + 1
            if byte != b",":
                raise BadJSON(position, "expected ',' or ']'")  # Open: a comma that is missing
            position += 1

    def bounded(self, element, depth):
        """A34. Open: whether levels count from the record (as here) or from the document."""
        if depth > self.max_depth:
            element.error = BadJSON(element.start, f"nested {depth} levels deep")
        elif element.end - element.start > self.max_record_bytes:
            element.error = BadJSON(element.start, "record too large")
        return element

    # Records and problems of a shape

    def emit(self, shape, limit):
        if shape.kind == "object":
            yield from self.emit_object(shape, limit)
        elif shape.kind == "array":
            for element in shape.elements:
                yield from self.emit_element(element, "array")
            yield from self.rest(shape, shape.elements)
        else:
            reason = shape.error.reason if shape.error else "not an object"
            if limit == len(self.data) and self.data[shape.start] in b"}],:":
                # The rest of the document, no record.
                yield Problem(None, shape.start, reason, self.data[shape.start :])
            else:
                yield self.bad(shape.start, reason, self.data[shape.start : shape.end or limit])

    def emit_object(self, shape, limit):
        if is_container(shape.members):
            yield from self.emit_members(shape)
        elif not shape.clean:
            stop = limit if shape.end is None else shape.end
            reason = shape.error.reason if shape.error else "bad value"
            yield self.bad(shape.start, reason, self.data[shape.start : stop])
        else:
            value, _, depth = self.text.value(shape.start, shape.end)
            element = self.bounded(Element(shape.start, shape.end, value), depth)
            yield from self.emit_element(element, "document")

    def emit_members(self, shape):
        """Every array of records of a container (A25); of a control message, all but its log events."""
        is_control, seen = False, []
        for key, value in shape.members:
            if key == "messageType":
                self.tally.housekeeping += value == CONTROL and not is_control
                is_control = value == CONTROL
            elif _is_elements(value):
                for element in value:
                    if element.error or not (is_control and key in ("logEvents", "events")):
                        yield from self.emit_element(element, key)
                seen += value
        yield from self.rest(shape, seen)

    def rest(self, shape, elements):
        """What stands behind the point where the shape itself broke, unless an element has told it."""
        if shape.error is None or (elements and elements[-1].error and elements[-1].error.offset == shape.error.offset):
            return
        offset = shape.error.offset
        yield Problem(None, offset, f"the rest of the document: {shape.error.reason}", self.data[offset:])

    def emit_element(self, element, place):
        raw = self.data[element.start : element.end]
        if element.error:
            yield self.bad(element.start, element.error.reason, raw)
        elif not isinstance(element.value, dict):
            yield self.bad(element.start, "not an object", raw)
        else:
            yield from self.emit_value(element, raw, place)

    def emit_value(self, element, raw, place):
        """A whole object that stands where a record may stand."""
        value, offset = element.value, element.start
        if any(key in value for key in ARRAY_KEYS) and is_container(member_shapes(raw)):
            before = self.tally.found
            yield from self.emit_object(self.shape(offset, element.end), element.end)
            if self.tally.found == before and place != "document":
                yield self.bad(offset, "no records", b"")
        elif is_event(value):
            yield Record(self.next_number(), offset, minified(raw), value)
        elif body := body_of(value, place):
            yield from self.emit_body(offset, raw, body)
        elif is_housekeeping(value):
            self.tally.housekeeping += 1
        else:
            yield self.bad(offset, name_of(value), raw)

    def emit_body(self, offset, raw, body):
        """What is in an envelope, read like a file (A40); all that is wrong in it stands at the envelope."""
        if self.level == MAX_ENVELOPES or not isinstance(body, Body):
            yield self.bad(offset, "too many envelopes" if isinstance(body, Body) else body, raw)
            return
        before = self.tally.found
        place = offset
        data = body.data
        if data is None:
            _, start, stop = [span for span in member_spans(raw) if span[0] == "detail"][-1]
            data, place = raw[start:stop], offset + start
        for item in self.items_of(data):
            if isinstance(item, Problem):
                number = self.next_number() if item.number is None else item.number
                item = Problem(number, offset, f"in {body.name}: {item.reason}", item.raw or raw)
            else:
                item.offset = place
            yield item
        if self.tally.found == before:
            yield self.bad(offset, f"in {body.name}: no records", raw)

    def items_of(self, data):
        from trail import GZIP, inflated, refused

        text, damage = inflated(data) if data[:2] == GZIP else (data, None)
        refusal = refused(text)
        if refusal:
            yield Problem(None, 0, refusal)
        elif text or not damage:
            reader = Reader(text, False, self.max_depth, self.max_record_bytes, self.level + 1, self.tally)
            yield from reader.items()
        if damage:
            yield Problem(None, 0, damage)

    def bad(self, offset, reason, raw):
        return Problem(self.next_number(), offset, reason, raw)

    def next_number(self):
        self.tally.number += 1
        return self.tally.number - 1
