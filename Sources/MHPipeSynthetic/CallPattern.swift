/// The text of a part of an event, with places that differ from event to event: `{"bucketName":"<<bucket>>"}`.
struct CallPattern: ExpressibleByStringLiteral, Sendable {
    private enum Part: Sendable {
        case text([UInt8])
        case value(CallValue)
    }

    private let parts: [Part]

    /// What many patterns have in common, by the name that stands for it.
    private static let shared = [
        "credentials":
            #""credentials":{"accessKeyId":"ASIA<<unique>>","sessionToken":"<<sessionToken>>","expiration":"<<dateLater>>"}"#,
        "bucketResource":
            #"[{"accountId":"<<account>>","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::<<bucket>>"}]"#,
        "objectResource":
            #"[{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::<<bucket>>/<<objectKey>>"},{"accountId":"<<account>>","#
            + #""type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::<<bucket>>"}]"#,
        "keyResource":
            #"[{"accountId":"<<account>>","type":"AWS::KMS::Key","ARN":"arn:aws:kms:<<region>>:<<account>>:key/<<key>>"}]"#,
    ]

    init(stringLiteral text: String) {
        self.init(text)
    }

    /// Reads a pattern; what stands between `<<` and `>>` and is no value stays as it is, which a test would find.
    init(_ pattern: String) {
        var pattern = pattern
        for (name, text) in Self.shared {
            while let range = pattern.firstRange(of: "<<\(name)>>") { pattern.replaceSubrange(range, with: text) }
        }
        var parts: [Part] = []
        var text: [UInt8] = []
        var rest = pattern[...]
        while let open = rest.firstRange(of: "<<") {
            text.append(contentsOf: rest[..<open.lowerBound].utf8)
            rest = rest[open.upperBound...]
            guard let close = rest.firstRange(of: ">>"),
                let value = CallValue(rawValue: String(rest[..<close.lowerBound]))
            else {
                text.append(contentsOf: "<<".utf8)
                continue
            }
            parts.append(.text(text))
            parts.append(.value(value))
            text = []
            rest = rest[close.upperBound...]
        }
        text.append(contentsOf: rest.utf8)
        self.parts = parts + [.text(text)]
    }

    func write(_ event: SyntheticEvent, into text: inout [UInt8], _ random: inout SyntheticRandom) {
        for part in parts {
            switch part {
            case .text(let bytes): text.append(contentsOf: bytes)
            case .value(let value): value.write(event, into: &text, &random)
            }
        }
    }
}
