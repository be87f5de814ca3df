import MHPipeIO

/// Objects that were listed and wait for their turn, in some 45 bytes each.
///
/// Of a key only what differs from the one before it is kept: keys of CloudTrail begin and end alike.
struct PendingKeys {
    private var bytes: [UInt8] = []
    private var classes: [String] = []
    /// How many wait.
    private(set) var count = 0
    private var place = 0
    /// The key that was put in last, and the one that was taken last.
    private var lastIn: [UInt8] = []
    private var lastOut: [UInt8] = []

    /// What they take in memory, about.
    var byteCount: Int { bytes.count }

    init() {}

    init(_ objects: some Sequence<S3Object>) {
        for object in objects { append(object) }
        lastIn = []
    }

    private mutating func append(_ object: S3Object) {
        let key = Array(object.key.utf8)
        let most = min(key.count, lastIn.count)
        var start = 0
        while start < most, key[start] == lastIn[start] { start += 1 }
        var end = 0
        while end < most - start, key[key.count - 1 - end] == lastIn[lastIn.count - 1 - end] { end += 1 }
        put(start)
        put(end)
        put(key.count - start - end)
        bytes += key[start..<(key.count - end)]
        put(object.size)
        put(tag: object)
        lastIn = key
        count += 1
    }

    mutating func popFirst() -> S3Object? {
        guard count > 0 else { return nil }
        count -= 1
        let (start, end, middle) = (take(), take(), take())
        lastOut.replaceSubrange(start..<(lastOut.count - end), with: bytes[place..<(place + middle)])
        place += middle
        let size = take()
        var object = S3Object(key: String(decoding: lastOut, as: UTF8.self), etag: "", size: size)
        takeTag(&object)
        return object
    }

    // MARK: - Numbers and tags

    private mutating func put(_ number: Int) {
        var rest = UInt(number)
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7f) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    private mutating func take() -> Int {
        var (number, shift) = (UInt(0), UInt(0))
        while true {
            let byte = bytes[place]
            place += 1
            number |= UInt(byte & 0x7f) << shift
            if byte < 0x80 { return Int(number) }
            shift += 7
        }
    }

    /// The ETag of most objects is 32 hexadecimal digits, with the number of parts behind it where there are several.
    private mutating func put(tag object: S3Object) {
        let parts = object.etag.split(separator: "-", omittingEmptySubsequences: false)
        let hash = Hexadecimal.bytes(parts[0]).flatMap { $0.count == 16 && Hexadecimal.text($0) == parts[0] ? $0 : nil }
        let number = parts.count == 2 ? Int(parts[1]).flatMap { "\($0)" == parts[1] && $0 >= 0 ? $0 : nil } : nil
        let form = hash == nil || parts.count > 2 || parts.count == 2 && number == nil ? 0 : parts.count
        let flags = [object.isRestored, object.versionID != nil, !object.isLatest, object.isDeleteMarker]
        let bits = flags.enumerated().reduce(0) { $0 | ($1.element ? 4 << $1.offset : 0) }
        put(form | bits | classNumber(object.storageClass) << 6)
        if let version = object.versionID {
            put(version.utf8.count)
            bytes += version.utf8
        }
        guard form > 0, let hash else {
            put(object.etag.utf8.count)
            bytes += object.etag.utf8
            return
        }
        bytes += hash
        if let number { put(number) }
    }

    private mutating func takeTag(_ object: inout S3Object) {
        let mark = take()
        object.isRestored = mark & 4 != 0
        object.isLatest = mark & 16 == 0
        object.isDeleteMarker = mark & 32 != 0
        object.storageClass = mark >> 6 == 0 ? nil : classes[(mark >> 6) - 1]
        if mark & 8 != 0 { object.versionID = takeText() }
        guard mark & 3 > 0 else {
            object.etag = takeText()
            return
        }
        object.etag = Hexadecimal.text(bytes[place..<(place + 16)])
        place += 16
        if mark & 3 == 2 { object.etag += "-\(take())" }
    }

    private mutating func takeText() -> String {
        let count = take()
        defer { place += count }
        return String(decoding: bytes[place..<(place + count)], as: UTF8.self)
    }

    private mutating func classNumber(_ name: String?) -> Int {
        guard let name else { return 0 }
        if let index = classes.firstIndex(of: name) { return index + 1 }
        classes.append(name)
        return classes.count
    }
}
