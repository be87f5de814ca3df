package import MHPipeKit

/// What the key of a digest file says of it.
///
/// `[prefix/]AWSLogs/[o-ORG/]ACCOUNT/CloudTrail-Digest/REGION/YYYY/MM/DD/` and
/// `ACCOUNT_CloudTrail-Digest_REGION_TRAIL_HOMEREGION_YYYYMMDDTHHMMSSZ[_backfill].json.gz`. The name of the trail may hold
/// anything, underscores included.
package struct DigestKey: Sendable, Hashable {
    package let chain: ChainName
    /// True for a digest that was made later, for a time that had none.
    package let isBackfill: Bool
    /// The end of the time that it is about.
    package let time: Timestamp

    private static let folder = "CloudTrail-Digest"

    /// Reads a key; nil when it is not one of a digest file.
    package init?(_ key: String) {
        let folders = Self.parts(key[...], UInt8(ascii: "/"))
        guard let name = folders.last, name.hasSuffix(".json.gz") else { return nil }
        var parts = Self.parts(name.dropLast(".json.gz".count), UInt8(ascii: "_"))
        isBackfill = parts.last == "backfill"
        if isBackfill { parts.removeLast() }
        guard parts.count >= 6, parts[1] == Self.folder, let time = Self.time(parts[parts.count - 1]) else {
            return nil
        }
        self.time = time
        let place = folders.lastIndex { $0 == Self.folder }
        let above = place.flatMap { $0 >= 2 ? folders[$0 - 2] : nil }
        chain = ChainName(
            organization: above?.hasPrefix("o-") == true ? String(above ?? "") : nil,
            account: String(parts[0]),
            region: String(parts[2]),
            trail: parts[3..<(parts.count - 2)].joined(separator: "_"),
            homeRegion: String(parts[parts.count - 2])
        )
    }

    /// By bytes, as keys are compared.
    private static func parts(_ text: Substring, _ separator: UInt8) -> [Substring] {
        text.utf8.split(separator: separator, omittingEmptySubsequences: false).map { Substring($0) }
    }

    /// `20260131T235959Z`.
    private static func time(_ text: Substring) -> Timestamp? {
        let bytes = Array(text.utf8)
        guard bytes.count == 16 else { return nil }
        func part(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
        return Timestamp(
            rfc3339: "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))\(part(8..<11)):\(part(11..<13)):\(part(13..<16))"
        )
    }
}

/// Which digest files follow one another: those of a trail, an account and a region.
package struct ChainName: Sendable, Hashable, Comparable {
    /// The organization whose trail it is, `o-` and what follows; nil for a trail of one account.
    package var organization: String?
    package var account: String
    package var region: String
    package var trail: String
    /// Where the trail was made; in all other regions it has a shadow of its own with its own digests.
    package var homeRegion: String

    package static func < (left: ChainName, right: ChainName) -> Bool {
        left.order.lexicographicallyPrecedes(right.order)
    }

    private var order: [String] { [organization ?? "", account, region, trail, homeRegion] }
}
