import MHPipeKit

/// An object that a scan has gone through, asked for what it is.
///
/// A known key costs one look. Any other is searched for, which only objects that are no plain events come to.
@safe
struct ScannedObject {
    let cursor: JSONCursor
    /// Its index position.
    let position: Int
    /// The positions of its known fields.
    let fields: UnsafePointer<UInt32>

    /// True for an event without a key that a record of CloudTrail does not have.
    ///
    /// What all but a few objects are is told from their known fields alone.
    var isPlainEvent: Bool {
        var others: UInt32 = 0
        for field in Self.others { unsafe others |= fields[field] }
        return others == 0 && hasEventKeys && !isNotice(.eventSource)
    }

    private static let others = KnownField.records.rawValue...KnownField.notificationSource.rawValue

    /// True for a record of CloudTrail, wherever it stands: it says its version, or its name and its source, and does
    /// not come from another stream of AWS's, as what triggers a Lambda function does.
    var isEvent: Bool {
        hasEventKeys && !isNotice(.eventSource) && !isNotice(.notificationSource)
    }

    private var hasEventKeys: Bool {
        has(.eventVersion) || has(.eventName) && has(.eventSource)
    }

    /// The index position of the first array of records in an object that holds such; nil for any other object.
    ///
    /// An array of records makes it a container only where it comes before what makes it an event. So this can be told
    /// when the object is not all there, or is damaged further on: what the scan has seen till then decides.
    var arrayOfRecords: Int? {
        let keys = ContainerFrame.Kind.fields
        guard keys.contains(where: has) else { return nil }
        // All that stands before the value of the last known key is sound.
        let last = (0..<KnownField.count).reduce(0) { unsafe max($0, Int(fields[$1])) }
        var isNamed = false
        var hasSource = false
        var key = position + 1
        while key + 2 <= last {
            switch unsafe KnownField(rawValue: KnownFieldTable.shared.find(escaped: cursor.stringBytes(key))) {
            case .eventVersion: return nil
            case .eventName: isNamed = true
            case .eventSource: hasSource = true
            case let field? where keys.contains(field) && cursor.byte(at: key + 2) == UInt8(ascii: "["): return key + 2
            default: break
            }
            if key + 2 == last || isNamed && hasSource { return nil }
            // Behind the value and its comma.
            key = cursor.skip(key + 2) + 1
        }
        return nil
    }

    /// The name that AWS gives what the object comes from, `aws:sqs` and the like; nil when it gives none.
    var streamName: String? {
        let field: KnownField = isNotice(.eventSource) ? .eventSource : .notificationSource
        return unsafe isNotice(field) ? cursor.slice(Int(fields[field.rawValue])).string : nil
    }

    func has(_ field: KnownField) -> Bool {
        unsafe fields[field.rawValue] > 0
    }

    /// The index position of a known field's value, when that begins with a byte.
    func place(of field: KnownField, opening first: Unicode.Scalar) -> Int? {
        let place = unsafe Int(fields[field.rawValue])
        return place > 0 && cursor.byte(at: place) == UInt8(ascii: first) ? place : nil
    }

    /// The index position of the value of any key, in the object itself or one in it, when that begins with a byte.
    func place(of key: StaticString, in object: Int? = nil, opening first: Unicode.Scalar) -> Int? {
        let key = unsafe UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount)
        let place = unsafe cursor.find(key, in: object ?? position)
        return place >= 0 && cursor.byte(at: place) == UInt8(ascii: first) ? place : nil
    }

    func hasKey(_ key: StaticString) -> Bool {
        unsafe cursor.find(UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount), in: position) >= 0
    }

    /// True when the value of a key is a certain string.
    func says(_ key: StaticString, _ text: StaticString) -> Bool {
        place(of: key, opening: "\"").map { cursor.slice($0).isString(text) } ?? false
    }

    private static let noticePrefix = Array("aws:".utf8)

    /// True when the value of a field begins with `aws:`, as no source of a CloudTrail record does.
    @inline(__always)
    private func isNotice(_ field: KnownField) -> Bool {
        let place = unsafe Int(fields[field.rawValue])
        guard place > 0, cursor.byte(at: place) == UInt8(ascii: "\"") else { return false }
        let source = unsafe cursor.stringBytes(place)
        guard let first = unsafe source.first, first == UInt8(ascii: "a") || first == UInt8(ascii: "\\") else {
            return false
        }
        return unsafe source.starts(with: Self.noticePrefix)
            || JSONText.hasBackslash(source) && JSONText.decode(source).utf8.starts(with: Self.noticePrefix)
    }
}
