extension JSONValue {
    /// True when a key of the object, with whatever value, is there.
    package func has(_ key: String) -> Bool { self[key] != nil }

    /// The text under a key; nil when there is none, or something else.
    package func text(_ key: String) -> String? { self[key]?.string }
}
