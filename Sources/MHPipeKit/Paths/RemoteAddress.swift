/// The address of something that is no file: `s3://bucket/key`, `arn:aws:s3:::bucket/key`.
struct RemoteAddress {
    private let text: String
    private let scheme: String
    /// What is behind `://`.
    private let place: Substring
    private let isARN: Bool

    private static let wellKnown = ["s3", "gs", "http", "https", "file"]

    init?(_ path: String) {
        text = path
        let arn = path.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        isARN = arn.count == 6 && arn[0] == "arn"
        if isARN {
            scheme = String(arn[2])
            place = arn[5]
            return
        }
        let letters = path.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
        let rest = path[letters.endIndex...]
        scheme = letters.lowercased()
        // What joins paths makes one slash of two.
        let isJoined = Self.wellKnown.contains(scheme) && rest.hasPrefix(":/")
        guard letters.first?.isLetter == true, rest.hasPrefix("://") || isJoined else { return nil }
        place = rest.dropFirst(rest.hasPrefix("://") ? 3 : scheme == "file" ? 1 : 2)
    }

    /// Words for it; `mayBeObject` is true where the address of an object would do.
    func mistake(for purpose: PathMistake.Purpose, mayBeObject: Bool) -> Diagnostic {
        let isInput = purpose == .input
        let isObject = scheme == "s3" && mayBeObject
        let what = isObject ? "an object is written as s3://bucket/key" : "mhpipe \(isInput ? "reads" : "writes") files"
        let label = scheme == "file" ? "write '\(place)'" : isObject ? "write '\(url)'" : nil
        return Diagnostic(
            "'\(text)' is \(isARN ? "an ARN" : "a URL"), and \(what)",
            label: label,
            notes: label != nil ? [] : isInput ? [fetching] : storing
        )
    }

    /// What brings it to the disk.
    private var fetching: String {
        let last = place.split(separator: "/").last.map(String.init) ?? "logs"
        switch scheme {
        case "s3": return "source 's3' reads it: url: \(url)"
        case "gs":
            return "copy it first: gcloud storage cp --recursive \(url) . , and read './\(last)'"
        case "http", "https":
            // Of a bucket, the name stands before the host's or is the first part of the path.
            if let bucket = place.wholeMatch(of: /([^\/]+?)[.]s3[.-][^\/]*amazonaws[.]com\/?(.*)/) {
                return "source 's3' reads buckets: url: s3://\(bucket.1)/\(bucket.2)"
            }
            return "fetch it first: curl -O '\(url)' , and read './\(last)'"
        default:
            return "copy it to the disk first, and name the file or folder there"
        }
    }

    /// What brings a file there.
    private var storing: [String] {
        switch scheme {
        case "s3":
            [
                "write a file, and copy it when the run is done: aws s3 cp FILE \(url)",
                "sinks jsonl and csv write objects as well",
            ]
        case "gs": ["write a file, and copy it when the run is done: gcloud storage cp FILE \(url)"]
        default: ["write a file, and copy it there when the run is done"]
        }
    }

    private var url: String { "\(scheme)://\(place)" }
}
