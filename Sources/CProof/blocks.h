// What all forms make of their blocks in the same way.

WIDE matches equal_brackets(block bytes) { return either(equal(bytes, '['), equal(bytes, ']')); }

// Where 't' is followed by 'S' or 'N', as in `eventSource` and `eventName`, and in few other words.
WIDE matches key_letters(const uint8_t *text, block bytes) {
    const block next = load(text + 1);
    return both(equal(bytes, 't'), either(equal(next, 'S'), equal(next, 'N')));
}
