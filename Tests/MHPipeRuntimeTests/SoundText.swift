import MHPipeKit
import MHPipeTestSupport

/// Texts of all kinds that are read, to be damaged.
enum SoundText {
    /// A sound text of any of the kinds that are read.
    static func any(_ random: inout SplitMix64) -> [UInt8] {
        var generator = GeneratedJSON(seed: random.next())
        generator.depth = 3
        generator.whiteSpace = random.pick([0, 0, 6])
        let kind = random.below(12)
        let isLines = [2, 3, 9].contains(kind)
        if isLines { generator.whiteSpace = 0 }
        let events = (0..<2 + random.below(6)).map { number in
            let record = generator.record()
            let inside = generator.whiteSpace == 0 ? record.compact : record.written
            let source = random.pick(sources)
            return random.once(in: 8) ? inside : "{\"eventVersion\":\"1\",\"n\":\(number),\(source)\"r\":\(inside)}"
        }
        let text =
            switch kind {
            case 0, 1: "{\"Records\":[\(events.joined(separator: ","))]}"
            case 2: events.joined(separator: "\n") + (random.once(in: 2) ? "\n" : "")
            case 3: events.map { "{\"Records\":[\($0),\($0)]}" }.joined(separator: "\n")
            case 4: "[\(events.joined(separator: ",\n"))]"
            case 5: "{\n\"Records\": [\n\(events.joined(separator: ",\n"))\n]\n}\n"
            case 6: "{\"x\":{\"y\":[]},\"Records\":[\(events.joined(separator: ","))],\"Records\":[\(events[0])]}"
            case 7: "{\"Events\":[\(events.map { "{\"CloudTrailEvent\":\(quoted($0))}" }.joined(separator: ","))]}"
            case 8: "{\"logEvents\":[\(events.map { "{\"message\":\(quoted($0))}" }.joined(separator: ","))]}"
            case 9: events.map { random.pick(Wrapping.allCases).document($0) }.joined(separator: "\n")
            case 10: "[\(events.map { random.pick(Wrapping.allCases).document($0) }.joined(separator: ","))]"
            default:
                random.pick(Wrapping.allCases.filter { !$0.takesAnObject }).document(events.joined(separator: "\n"))
            }
        return Array(text.utf8)
    }

    /// The source of records that are dropped where that is tried.
    static let droppedSource = "s3.amazonaws.com"

    private static let sources =
        Array(repeating: #""eventSource":"s3.amazonaws.com","#, count: 8) + [
            "", #""eventSource":"mgh.amazonaws.com","#, #""eventSource":"\u0073\u0033.amazonaws.com","#,
            #""eventSource":"s3.amazonaws.com","eventSource":"mgh.amazonaws.com","#, #""eventSource":null,"#,
            #""eventSource":"s3.amazonaws.com","EventSource":"aws:s3","#, #""q":{"eventSource":"s3.amazonaws.com"},"#,
            #""eventSource":"aws:s3","#,
        ]

    private static func quoted(_ text: String) -> String {
        var escaped: [UInt8] = []
        JSONText.escape(text.utf8, into: &escaped)
        return "\"\(String(decoding: escaped, as: UTF8.self))\""
    }
}
