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

    /// A part of a path, without a copy: this is done for every file of a walk.
    private typealias Text = ArraySlice<UInt8>

    /// Reads the path of a file; nil when it is no such key.
    package init?(file path: [UInt8]) {
        let name = path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
        if let key = CloudTrailKey(name: path[name...]) {
            self = key
            account = account ?? CloudTrailKey(folderText: path[..<name])?.account
        } else if let folder = CloudTrailKey(folderText: path[..<name]) {
            self = folder
        } else {
            return nil
        }
    }

    /// Reads the path of a folder: what the keys of all files below it have in common; nil when it says nothing of them.
    package init?(folder path: [UInt8]) {
        self.init(folderText: path[...])
    }

    private init?(folderText path: Text) {
        guard var rest = Self.belowRoot(path), var account = Self.takePart(&rest, "/") else { return nil }
        if account.starts(with: "o-".utf8) {
            guard let next = Self.takePart(&rest, "/") else { return nil }
            account = next
        }
        guard let kind = Self.takePart(&rest, "/"), Self.isKind(kind) else {
            return nil
        }
        self.account = Self.account(account)
        guard let region = Self.takePart(&rest, "/") else { return }
        guard Self.isRegion(region) else { return nil }
        self.region = String(decoding: region, as: UTF8.self)
        guard let year = Self.takePart(&rest, "/") else { return }
        let (month, day) = (Self.takePart(&rest, "/"), Self.takePart(&rest, "/"))
        guard let delivered = Self.days(year, month, day) else { return nil }
        self.delivered = delivered
    }

    private init?(name: Text) {
        guard let ending = Self.endings.first(where: { name.suffix($0.count).elementsEqual($0) }) else {
            return nil
        }
        var rest = name.dropLast(ending.count)
        guard let account = Self.takePart(&rest, "_"), let kind = Self.takePart(&rest, "_"), Self.isKind(kind),
            let region = Self.takePart(&rest, "_"), Self.isRegion(region), var last = Self.takePart(&rest, "_")
        else { return nil }
        if kind.elementsEqual(Self.digest) {
            // The name of a trail, which digests have before the time, may hold anything.
            while let part = Self.takePart(&rest, "_"), !part.elementsEqual("backfill".utf8) || !rest.isEmpty {
                last = part
            }
        }
        // AWS shows one name of a log that has nothing between the time and what follows.
        guard let time = Self.time(last) else { return nil }
        delivered = time
        self.account = Self.account(account)
        self.region = String(decoding: region, as: UTF8.self)
    }

    // MARK: - Parts

    private static let endings = [".json.gz", ".json", ".json.zst"].map { Array($0.utf8) }
    private static let log = Array("CloudTrail".utf8)
    private static let digest = Array("CloudTrail-Digest".utf8)

    /// What stands behind the last folder of that name.
    private static func belowRoot(_ path: Text) -> Text? {
        var (rest, below) = (path, Text?.none)
        while let part = takePart(&rest, "/") {
            if part.elementsEqual("AWSLogs".utf8) { below = rest }
        }
        return below
    }

    /// The next part that is not empty.
    private static func takePart(_ rest: inout Text, _ separator: Unicode.Scalar) -> Text? {
        let separator = UInt8(ascii: separator)
        rest = rest.drop { $0 == separator }
        let part = rest.prefix { $0 != separator }
        rest = rest[part.endIndex...]
        return part.isEmpty ? nil : part
    }

    private static func isKind(_ text: Text) -> Bool {
        guard text.starts(with: log) else { return false }
        let rest = text.dropFirst(log.count)
        return rest.isEmpty || (rest.first == UInt8(ascii: "-") && rest.count > 1)
    }

    /// Ids that are no 12 digits have been seen in keys, and say nothing of those in records.
    private static func account(_ text: Text) -> String? {
        AccountID.isSound(text) ? String(decoding: text, as: UTF8.self) : nil
    }

    private static func isRegion(_ text: Text) -> Bool {
        text.contains(UInt8(ascii: "-"))
            && text.allSatisfy { $0 &- 0x61 < 26 || $0 &- 0x30 < 10 || $0 == UInt8(ascii: "-") }
    }

    /// The time that folders of a year, a month and a day stand for; nil when there is no such time.
    private static func days(_ year: Text, _ month: Text?, _ day: Text?) -> Range<Timestamp>? {
        guard let year = number(year, digits: 4) else { return nil }
        guard let month else { return CivilSpan(year: year)?.range }
        guard let month = number(month, digits: 2) else { return nil }
        guard let day else { return CivilSpan(year: year, month: month)?.range }
        return number(day, digits: 2).flatMap { CivilSpan(year: year, month: month, day: $0)?.range }
    }

    /// The minute or second of `20260131T2359Z` or `20260131T235959Z`, whatever stands behind it.
    private static func time(_ text: Text) -> Range<Timestamp>? {
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

    private static func number(_ text: Text, digits: Int) -> Int? {
        guard text.count == digits, text.allSatisfy({ $0 &- 0x30 < 10 }) else { return nil }
        return text.reduce(0) { $0 * 10 + Int($1 &- 0x30) }
    }
}
