import Libc

/// What tells whether a file is as it was at some place: its size, and a hash of the last bytes before the place.
enum FileTail {
    static let mostBytes = 64 << 10

    /// The bytes of an open file.
    static func size(_ descriptor: Int32, _ place: OutputPlace) throws(OutputFailure) -> Int {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw OutputFailure(place.name, errorNumber: errno) }
        return Int(status.st_size)
    }

    /// True where the last byte of a file ends a line, or there is none.
    static func endsLine(_ place: OutputPlace) throws(OutputFailure) -> Bool {
        guard let file = place.path.open(O_RDONLY) else { return true }
        let size = try size(file.number, place)
        guard size > 0 else { return true }
        return try hash(file.number, before: size, count: 1, place) == hash([UInt8(ascii: "\n")])
    }

    /// FNV-1a (draft-eastlake-fnv) of the last bytes before an offset, at most `count` of them.
    static func hash(
        _ descriptor: Int32,
        before offset: Int,
        count: Int = mostBytes,
        _ place: OutputPlace
    ) throws(OutputFailure) -> UInt64 {
        var bytes = [UInt8](repeating: 0, count: max(min(offset, count, mostBytes), 0))
        let start = offset - bytes.count
        let count = unsafe bytes.withUnsafeMutableBytes {
            unsafe DescriptorReading.fill($0, from: descriptor, at: start)
        }
        guard count >= 0 else { throw OutputFailure(place.name, errorNumber: errno) }
        return hash(bytes[..<count])
    }

    static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
    }
}
