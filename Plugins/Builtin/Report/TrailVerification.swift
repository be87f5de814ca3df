import MHPipeIO
import MHPipeKit

/// What `verify-trail --report` has written: its sums, and in the report's database what it found that is not valid.
///
/// The file is read a line at a time, since it has one for each file of a trail.
struct TrailVerification {
    let name: String
    /// The hash of the file itself.
    let sha256: String
    /// All of it but the findings.
    let object: JSONValue
    /// How many findings are in the database.
    private(set) var found = 0
    /// True when its findings could not be those of a trail of which all is valid, or its sums are not those of its findings:
    /// a file that says `verified` then was changed, or made by something else.
    private(set) var contradictsVerified = false

    private static let schema = 1
    private static let mostBytes = 16 << 20

    /// Reads it.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - database: The report's.
    /// - Throws: `StageError` when it cannot be read, or is something else.
    init(_ path: InputPath, in database: SQLiteDatabase) throws {
        let file = FilePath(path.path)
        name = file.text
        do {
            let before = try FileStatus(file)
            sha256 = Hexadecimal.text(try FileDigest(file).sha256)
            try database.execute(
                "CREATE TABLE trail_findings(rank TEXT, what TEXT, name TEXT, verdict TEXT, reason TEXT, detail TEXT)"
            )
            let add = try database.prepareInsert("INSERT INTO trail_findings VALUES (?, ?, ?, ?, ?, ?)")
            var reader = Reader()
            let lines = try LineReader(file)
            while let line = try lines.next() {
                guard let texts = try reader.take(line) else { continue }
                try database.step(add, texts.map { Array($0.utf8) })
                found += 1
            }
            guard let object = reader.object else { throw Refusal.cut }
            guard object["schema"]?.int == Self.schema, object["verified"]?.bool != nil, object["summary"] != nil else {
                throw Refusal.other
            }
            self.object = object
            contradictsVerified =
                reader.isAnyNotValid
                || reader.sums.contains { key, counts in
                    counts.contains { object["summary"]?[key]?[$0]?.int ?? 0 != $1 }
                }
            let after = try FileStatus(file)
            guard before.identity == after.identity, before.size == after.size, before.modified == after.modified else {
                throw Refusal.changed
            }
        } catch let failure as InputFailure {
            throw StageError(failure.description, advice: failure.advice)
        } catch let refusal as Refusal {
            throw StageError(
                "cannot tell of digest files by '\(name)': \(refusal.rawValue)",
                advice:
                    "a file that 'mhpipe verify-trail PLACE --report FILE' has written is expected, as it was written"
            )
        } catch let failure as SQLiteDatabase.Failure {
            throw failure.stageError("the temporary database", "reading '\(name)'")
        }
    }

    private enum Refusal: String, Error {
        case other = "it is no report of a verification, or one of another form"
        case cut = "it was cut off, or is no report of a verification"
        case changed = "it changed while it was read"
    }

    /// Takes lines apart: what stands before the findings, findings, and what stands behind them.
    private struct Reader {
        private enum Place { case head, findings, tail }

        private var place = Place.head
        private var rest: [UInt8] = []

        /// How many files have which verdict, as the findings say it, under the keys of the sums.
        private(set) var sums = Dictionary(
            uniqueKeysWithValues: ["digests", "backfillDigests", "logs"].map { key in
                (key, Dictionary(uniqueKeysWithValues: ["valid", "invalid", "unverified"].map { ($0, 0) }))
            }
        )

        /// True when a finding keeps a trail from being verified.
        private(set) var isAnyNotValid = false

        private static let start = Array("\"findings\":[".utf8)
        private static let end = Array("],".utf8)
        private static let valid = Array("\"verdict\":\"valid\"".utf8)

        /// All lines but those of findings; nil when they are no JSON, or not all are there.
        var object: JSONValue? { place == .tail ? StrictJSON.object(rest) : nil }

        /// The columns of a finding that is to be shown.
        mutating func take(_ line: [UInt8]) throws(Refusal) -> [String]? {
            switch place {
            case .head where line.suffix(Reader.start.count).elementsEqual(Reader.start):
                place = .findings
            case .head, .tail: break
            case .findings where line == Self.end: place = .tail
            case .findings:
                // A quotation mark in a text has a backslash before it, so these are the type and the verdict.
                if line.firstRange(of: Self.valid) != nil, let key = Self.sum(of: line) {
                    sums[key]?["valid", default: 0] += 1
                    return nil
                }
                return try finding(line.last == UInt8(ascii: ",") ? line.dropLast() : line[...])
            }
            rest += line + [UInt8(ascii: "\n")]
            guard rest.count <= mostBytes else { throw .other }
            return nil
        }

        /// The key of the sums that a valid file counts in; nil for what is no file.
        private static func sum(of line: [UInt8]) -> String? {
            if line.firstRange(of: log) != nil { return "logs" }
            guard line.firstRange(of: digest) != nil else { return nil }
            return line.firstRange(of: backfill) == nil ? "digests" : "backfillDigests"
        }

        private static let log = Array("\"type\":\"log\"".utf8)
        private static let digest = Array("\"type\":\"digest\"".utf8)
        private static let backfill = Array("\"backfill\":true".utf8)

        private mutating func finding(_ line: ArraySlice<UInt8>) throws(Refusal) -> [String]? {
            guard let object = StrictJSON.object(Array(line)), let type = object.text("type") else { throw .other }
            let (verdict, reason) = (object.text("verdict") ?? "", object.text("reason") ?? "")
            let detail = object.text("detail") ?? ""
            let name = object.text("object") ?? ""
            if type == "log" { sums["logs"]?[verdict, default: 0] += 1 }
            if type == "digest" {
                sums[object["backfill"]?.bool == true ? "backfillDigests" : "digests"]?[verdict, default: 0] += 1
            }
            // A chain that begins anew where another one has ended leaves nothing out.
            let leavesOut = type != "gap" || object.text("start") != object.text("end")
            if type != "chain", leavesOut { isAnyNotValid = true }
            switch type {
            case "log": return [verdict == "invalid" ? "0" : "5", "log file", name, verdict, reason, detail]
            case "digest": return [verdict == "invalid" ? "1" : "6", "digest file", name, verdict, reason, detail]
            case "gap":
                let chain = ["account", "region", "trail"].compactMap { object.text($0) }.joined(separator: " ")
                let stretch = "\(object.text("start") ?? "") to \(object.text("end") ?? "")"
                return ["2", "no digest file tells", stretch, "gap", reason, chain]
            case "unlisted": return ["3", "log file", name, "unlisted", "no digest file lists it", ""]
            case "folder": return ["4", "folder", name.isEmpty ? reason : name, "unverified", reason, ""]
            default: return nil
            }
        }
    }
}
