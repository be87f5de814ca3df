/// What the key of a file that CloudTrail delivered says of the events in it.
///
/// `[prefix/]AWSLogs/[o-ORG/]ACCOUNT/CloudTrail[-KIND]/REGION/YYYY/MM/DD/` and
/// `ACCOUNT_CloudTrail[-KIND]_REGION_YYYYMMDDTHHmmZ_UNIQUE.json.gz`; the name is a key by itself, and says it more exactly.
package struct CloudTrailKey: Sendable, Hashable {
    /// The account, 12 digits.
    package private(set) var account: String?
    package private(set) var region: String?
    /// When it was delivered; the events are older.
    package private(set) var delivered: Range<Timestamp>?

    /// Reads the path of a file; nil when it is no such key.
    package init?(file path: some Collection<UInt8>) {
        let path = Array(path)
        let slash = path.lastIndex(of: UInt8(ascii: "/"))
        let folder = slash.flatMap { CloudTrailKey(folder: path[..<$0]) }
        guard let key = CloudTrailKey(name: path[(slash.map { $0 + 1 } ?? 0)...]) ?? folder else { return nil }
        self = key
        account = account ?? folder?.account
    }

    /// Reads the path of a folder: what the keys of all files below it have in common; nil when it says nothing of them.
    package init?(folder path: some Collection<UInt8>) {
        let parts = path.split(separator: UInt8(ascii: "/"))
        guard let root = parts.lastIndex(where: { $0.elementsEqual("AWSLogs".utf8) }) else { return nil }
        var rest = parts[(root + 1)...]
        if let first = rest.first, first.starts(with: "o-".utf8) { rest.removeFirst() }
        guard let account = rest.popFirst(), let kind = rest.popFirst(), Self.isKind(kind) else { return nil }
        self.account = Self.account(account)
        guard let region = rest.popFirst() else { return }
        guard Self.isRegion(region) else { return nil }
        self.region = String(decoding: region, as: UTF8.self)
        guard let first = rest.first else { return }
        guard let day = Self.day(Array(rest.prefix(3)), year: first) else { return nil }
        delivered = day
    }

    private init?(name: ArraySlice<UInt8>) {
        guard let ending = Self.endings.first(where: { name.reversed().starts(with: $0.reversed()) }) else {
            return nil
        }
        var parts = name.dropLast(ending.count).split(separator: UInt8(ascii: "_"))
        guard parts.count > 3, Self.isKind(parts[1]), Self.isRegion(parts[2]) else { return nil }
        // The name of a trail, which digests have before the time, may hold anything.
        if parts[1].elementsEqual(Self.digest) {
            if parts[parts.count - 1].elementsEqual("backfill".utf8) { parts.removeLast() }
            delivered = parts.last.flatMap { Self.time($0) }
        } else {
            // AWS shows one name that has nothing between the time and what follows.
            delivered = Self.time(parts[3])
        }
        guard delivered != nil else { return nil }
        account = Self.account(parts[0])
        region = String(decoding: parts[2], as: UTF8.self)
    }

    // MARK: - Parts

    private static let endings = [".json.gz", ".json", ".json.zst"].map { Array($0.utf8) }
    private static let log = Array("CloudTrail".utf8)
    private static let digest = Array("CloudTrail-Digest".utf8)

    private static func isKind(_ text: some Collection<UInt8>) -> Bool {
        guard text.starts(with: log) else { return false }
        let rest = text.dropFirst(log.count)
        return rest.isEmpty || (rest.first == UInt8(ascii: "-") && rest.count > 1)
    }

    /// Ids that are no 12 digits have been seen in keys, and say nothing of those in records.
    private static func account(_ text: some Collection<UInt8>) -> String? {
        AccountID.isSound(text) ? String(decoding: text, as: UTF8.self) : nil
    }

    private static func isRegion(_ text: some Collection<UInt8>) -> Bool {
        text.contains(UInt8(ascii: "-"))
            && text.allSatisfy { $0 &- 0x61 < 26 || $0 &- 0x30 < 10 || $0 == UInt8(ascii: "-") }
    }

    /// The time that folders of a year, a month and a day stand for; nil when there is no such time.
    private static func day(_ parts: [some Collection<UInt8>], year: some Collection<UInt8>) -> Range<Timestamp>? {
        guard let year = number(year, digits: 4) else { return nil }
        let rest = parts.dropFirst().map { number($0, digits: 2) }
        let numbers = rest.compactMap(\.self)
        guard numbers.count == rest.count else { return nil }
        return CivilSpan(year: year, month: numbers.first, day: numbers.dropFirst().first)?.range
    }

    /// The minute or second of `20260131T2359Z` or `20260131T235959Z`, whatever stands behind it.
    private static func time(_ text: ArraySlice<UInt8>) -> Range<Timestamp>? {
        let digits = text.prefix { $0 != UInt8(ascii: "Z") }
        guard digits.count < text.count, digits.count == 13 || digits.count == 15,
            digits[digits.startIndex + 8] == UInt8(ascii: "T")
        else { return nil }
        func part(_ offset: Int, _ count: Int = 2) -> Int? {
            number(digits.dropFirst(offset).prefix(count), digits: count)
        }
        guard let year = part(0, 4), let month = part(4), let day = part(6), let hour = part(9), let minute = part(11),
            let second = digits.count == 15 ? part(13) : 0, hour < 24, minute < 60, second < 60,
            let start = Timestamp(year: year, month: month, day: day)
        else { return nil }
        let time = start.advanced(by: .seconds(hour * 3600 + minute * 60 + second))
        return time..<time.advanced(by: .seconds(digits.count == 15 ? 1 : 60))
    }

    private static func number(_ text: some Collection<UInt8>, digits: Int) -> Int? {
        guard text.count == digits, text.allSatisfy({ $0 &- 0x30 < 10 }) else { return nil }
        return text.reduce(0) { $0 * 10 + Int($1 &- 0x30) }
    }
}
