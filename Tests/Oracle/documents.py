"""Finds the CloudTrail records in one file's text: every container, and what is left after damage.

The rules are those of the specification (containers: A25, A26, A30, A38; damage: A32, A33, A34). Where they
leave a choice, the comment `Open:` names it; torture.py keeps such cases apart in `open/`.
"""

from jsontext import BadJSON, Text, depth_of, junk_end, member_spans, minified, paired_end, read_key, skip_space

MAX_DEPTH = 1000
MAX_RECORD_BYTES = 64 << 20
ARRAY_KEYS = ("Records", "Events", "logEvents", "events")


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


class Elements(list):
    """The elements of an array whose elements may be records."""


class Reader:
    """Reads one text; after `items()` is through, `housekeeping` tells how many digests and messages of AWS it met."""

    def __init__(self, data, json_lines=False, max_depth=MAX_DEPTH, max_record_bytes=MAX_RECORD_BYTES):
        self.data = data
        self.text = Text(data)
        self.json_lines = json_lines
        self.max_depth = max_depth
        self.max_record_bytes = max_record_bytes
        self.number = 0
        self.housekeeping = 0
        self.lines_seen = False

    def items(self):
        """Every Record and Problem, in the order of the text."""
        end = len(self.data)
        position = skip_space(self.data, 0, end)
        if position == end:
            yield Problem(None, 0, "empty")
        while position < end:
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
                yield Problem(None, shape.start, reason)  # the rest of the document, no record
            else:
                yield self.bad(shape.start, reason, self.data[shape.start : shape.end or limit])

    def emit_object(self, shape, limit):
        containers = [key for key, value in shape.members if _is_elements(value)]
        if "Records" in containers:
            for elements in shape.arrays("Records"):
                for element in elements:
                    yield from self.emit_element(element, "Records")
            yield from self.rest(shape, [e for each in shape.arrays("Records") for e in each])
        elif containers and not self.is_event(dict(shape.members)):
            key = containers[0]
            for elements in shape.arrays(key):
                for element in elements:
                    yield from self.emit_element(element, key)
            yield from self.rest(shape, [e for each in shape.arrays(key) for e in each])
        elif not shape.clean:
            stop = limit if shape.end is None else shape.end
            reason = shape.error.reason if shape.error else "bad value"
            yield self.bad(shape.start, reason, self.data[shape.start : stop])
        else:
            value, _, depth = self.text.value(shape.start, shape.end)
            element = self.bounded(Element(shape.start, shape.end, value), depth)
            yield from self.emit_element(element, "document")

    def rest(self, shape, elements):
        """What stands behind the point where the shape itself broke, unless an element has told it."""
        if shape.error is None or (elements and elements[-1].error and elements[-1].error.offset == shape.error.offset):
            return
        yield Problem(None, shape.error.offset, f"the rest of the document: {shape.error.reason}")

    def emit_element(self, element, place):
        raw = self.data[element.start : element.end]
        if element.error:
            yield self.bad(element.start, element.error.reason, raw)
        elif not isinstance(element.value, dict):
            yield self.bad(element.start, "not an object", raw)
        elif place in ("logEvents", "events"):
            yield from self.inner(element, "message", place)
        elif isinstance(element.value.get("CloudTrailEvent"), str) and place != "Records":
            yield from self.inner(element, "CloudTrailEvent", place)
        else:
            yield from self.object_record(element.start, raw, element.value, place)

    def object_record(self, offset, raw, value, place):
        if value.get("eventSource") == "aws:s3":
            yield self.bad(offset, "an S3 event notification", raw)
        elif place == "Records" or self.is_event(value):
            yield Record(self.next_number(), offset, minified(raw), value)
        elif isinstance(value.get("digestS3Object"), str):
            self.housekeeping += 1
        elif isinstance(value.get("detail"), dict) and self.is_event(value["detail"]):
            yield self.detail(offset, raw)
        else:
            yield self.bad(offset, "not CloudTrail", raw)

    def detail(self, offset, raw):
        """The record inside an EventBridge envelope."""
        key, start, stop = [span for span in member_spans(raw) if span[0] == "detail"][-1]
        inner = raw[start:stop]
        value, _, _ = Text(inner).value(0, len(inner))
        return Record(self.next_number(), offset, minified(inner), value)

    def inner(self, element, key, place):
        """The record that an envelope holds as a string."""
        text = element.value.get(key)
        raw = self.data[element.start : element.end]
        if not isinstance(text, str):
            yield self.bad(element.start, f"no {key}", raw)
            return
        try:
            data = text.encode("utf-8")
            begin = skip_space(data, 0, len(data))
            value, stop, depth = Text(data).value(begin, len(data))
            if skip_space(data, stop, len(data)) != len(data):
                raise BadJSON(stop, "more text behind the record")
            if not isinstance(value, dict):
                raise BadJSON(begin, "not an object")
            if (depth_of(data[begin:stop]) if depth > 500 else depth) > self.max_depth:
                raise BadJSON(begin, "nested too deep")
        except (BadJSON, UnicodeEncodeError) as error:
            yield self.bad(element.start, f"the text in {key}: {error}", text.encode("utf-8", "replace"))
            return
        yield from self.object_record(element.start, data[begin:stop], value, "inner")

    def is_event(self, value):
        """A26."""
        return "eventVersion" in value or ("eventName" in value and "eventSource" in value)

    def bad(self, offset, reason, raw):
        return Problem(self.next_number(), offset, reason, raw)

    def next_number(self):
        self.number += 1
        return self.number - 1
