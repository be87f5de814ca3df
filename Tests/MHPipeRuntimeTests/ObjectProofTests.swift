import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeRuntime

/// What is proven of an object is what its index and the scanner say of it.
@Suite(.timeLimit(.minutes(30))) struct ObjectProofTests {
    @Test func theFastestFormIsUsual() throws {
        #expect(ObjectProof.forms.map(\.form).contains("portable"))
        #expect(ObjectProof.usual == nil || ObjectProof.forms.contains { $0.form == ObjectProof.usual?.form })
    }

    /// Texts, and where the object ends that is proven.
    private static let texts: [(String, Int?)] = [
        ("{}", 2), ("{}x", 2), (#"{"a":1}"#, 7), (#"{"a":1},{"#, 7), (#"{"a":[{},[],[[1]],{"b":{}}]}"#, 28),
        (#"{"a":"\"}{"}"#, 12), (#"{"a":-0.5e+10}"#, 14), (#"{"a":"\ud800"}"#, 14), (#"{"é":"😀"}"#, 13),
        ("", nil), ("[]", nil), ("{", nil), (#"{"a":1"#, nil), (#" {}"#, nil), (#"{ }"#, nil), (#"{"a": 1}"#, nil),
        (#"{"a":1 }"#, nil), (#"{"a":01}"#, nil), (#"{"a":1.}"#, nil), (#"{"a":tru}"#, nil), (#"{"a":nul"}"#, nil),
        (#"{"a"}"#, nil), (#"{"a":}"#, nil), (#"{"a":1,}"#, nil), (#"{,"a":1}"#, nil), (#"{"a":1"b":2}"#, nil),
        (#"{"a":1:2}"#, nil), (#"{1:2}"#, nil), (#"{"a":[1,]}"#, nil), (#"{"a":[1}"#, nil), (#"{"a":[1]]}"#, nil),
        (#"{"a":{"b"}}"#, nil), (#"{"a":["b":1]}"#, nil), (#"{"a":"\x"}"#, nil), (#"{"a":"\u12"}"#, nil),
        ("{\"a\":\"\n\"}", nil), (#"{"a":"b""#, nil), (#"{"a":"b\"}"#, nil), (#"{"a":NaN}"#, nil), ("{\"a\":1\0}", nil),
    ]

    @Test(arguments: ObjectProof.forms.map(\.form), texts)
    func provesWhatIsJSON(form: String, text: (String, Int?)) throws {
        #expect(try Self.prove(text.0, form)?.end == text.1, "\(text.0)")
    }

    @Test(arguments: ObjectProof.forms.map(\.form), [(59, true), (60, true), (61, false), (70, false)])
    func provesNothingOfADeepObject(form: String, depth: (Int, Bool)) throws {
        for (open, close) in [(#"{"a":"#, "}"), ("[", "]"), (#"[{"b":{},"a":"#, "}]")] {
            let levels = open.contains("[{") ? (depth.0 - 1) / 2 : depth.0 - 1
            let inner = String(repeating: open, count: levels) + "1" + String(repeating: close, count: levels)
            let isDeep = open.contains("[{") ? 1 + 2 * levels > 60 : !depth.1
            #expect(try (Self.prove("{\"x\":\(inner)}", form) == nil) == isDeep, "\(depth.0) of \(open)")
        }
    }

    /// Invalid UTF-8 at every place of a block.
    @Test(arguments: ObjectProof.forms.map(\.form))
    func provesNothingOfBadUTF8(form: String) throws {
        let proof = try #require(ObjectProof.forms.first { $0.form == form })
        for bad: [UInt8] in [
            [0x80], [0xC0, 0x80], [0xC3], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x1F],
        ] {
            for before in 0..<70 {
                let start = Array("{\"\(String(repeating: "x", count: before))".utf8)
                let text = start + bad + Array("\":1}".utf8)
                #expect(Self.prove(text, proof) == nil, "\(bad) behind \(before)")
            }
        }
    }

    /// Members behind the version, and what is known of the event: its source, its name; nil when it is not plain.
    private static let keys: [(String, [String]?)] = [
        ("", ["", ""]), (#","eventSource":"s","eventName":"n""#, ["s", "n"]), (#","eventName":"n","x":1"#, ["", "n"]),
        (#","x":{"eventSource":"i","eventName":"j"},"eventSource":"s""#, ["s", ""]),
        (#","x":[{"eventSource":"i"}],"y":"eventName","eventName":"n""#, ["", "n"]),
        (#","eventSource":"s","eventSource":"t""#, nil), (#","eventName":"s","eventName":"t""#, nil),
        (#","event\u0053ource":"s""#, nil), (#","x":"\u0065""#, nil), (#","x":"\u003c\u00e9\n""#, ["", ""]),
        (#","EventSource":"aws:s3""#, nil), (#","x":{"EventSource":"aws:s3"}"#, ["", ""]),
        (#","EventName":"n""#, ["", ""]),
        (#","x\"eventSource":"s""#, nil), (#","xeventSource":"s","eventSourceX":"t""#, ["", ""]),
    ]

    @Test(arguments: ObjectProof.forms.map(\.form), keys)
    func findsTheKeys(form: String, keys: (String, [String]?)) throws {
        // Where blocks end makes no difference.
        for filling in 0..<65 {
            let text = "{\"eventVersion\":\"\(String(repeating: "v", count: filling))\"\(keys.0)}"
            let object = try #require(try Self.prove(text, form), "\(text)")
            #expect(object.isPlainEvent == (keys.1 != nil), "\(text)")
            guard let expected = keys.1 else { continue }
            let values = [object.eventSource, object.eventName].map { Self.text(at: $0, in: text) }
            #expect(values == expected, "\(text)")
        }
    }

    /// Members behind the version, and what the further keys `awsRegion` and `sharedEventID` have; nil when it is not plain.
    private static let furtherKeys: [(String, [String]?)] = [
        ("", ["", ""]), (#","awsRegion":"r","sharedEventID":"s""#, ["r", "s"]), (#","sharedEventID":"s""#, ["", "s"]),
        (#","x":{"awsRegion":"i"},"awsRegion":"r""#, ["r", ""]), (#","x":[{"awsRegion":"i"}]"#, ["", ""]),
        (#","awsRegion":"r","awsRegion":"r""#, nil), (#","x\"awsRegion":"r""#, nil), (#","aws\u0052egion":"r""#, nil),
        (#","xawsRegion":"r","awsRegionX":"s","x":"awsRegion","sR":"tI""#, ["", ""]),
    ]

    @Test(arguments: ObjectProof.forms.map(\.form), furtherKeys)
    func findsFurtherKeys(form: String, keys: (String, [String]?)) throws {
        let wanted = ObjectProof.Keys([.awsRegion, .sessionCredentialFromConsole, .addendum, .sharedEventID])
        #expect(wanted.fields == [.awsRegion, .sessionCredentialFromConsole, .sharedEventID], "one has no turn")
        for filling in 0..<65 {
            let text = "{\"eventVersion\":\"\(String(repeating: "v", count: filling))\"\(keys.0)}"
            let object = try #require(try Self.prove(text, form, wanted), "\(text)")
            #expect(object.isPlainEvent == (keys.1 != nil), "\(text)")
            guard let expected = keys.1 else { continue }
            #expect(wanted.place(of: .sessionCredentialFromConsole, in: object) == 0)
            #expect(wanted.place(of: .addendum, in: object) == nil)
            let places = [KnownField.awsRegion, .sharedEventID].map { wanted.place(of: $0, in: object) ?? 0 }
            #expect(places.map { Self.text(at: $0, in: text) } == expected, "\(text)")
        }
    }

    /// The string that begins at a place, 0 for none.
    private static func text(at place: Int, in text: String) -> String {
        guard place > 0 else { return "" }
        let letters = text.utf8.dropFirst(place + 1).prefix { $0 != UInt8(ascii: "\"") }
        return letters.map { String(UnicodeScalar($0)) }.joined()
    }

    @Test func whatDoesNotBeginWithItsVersionIsNotPlain() throws {
        let form = try #require(ObjectProof.forms.first).form
        #expect(try Self.prove(#"{"eventSource":"s","eventVersion":"1"}"#, form)?.isPlainEvent == false)
    }

    @Test(arguments: FuzzSeeds.first(60))
    func saysWhatTheScannerSays(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var generator = GeneratedJSON(seed: random.next())
        generator.whiteSpace = random.pick([0, 0, 0, 30])
        let scanner = RecordScanner()
        for round in 0..<20 {
            let record = Array(generator.record().written.utf8)
            let text = random.once(in: 4) ? record : Mutation(record, &random).text
            let tail = random.pick(["", ",{\"a\":1}]}", "]}", "\"", "\\"])
            let expected = Self.scan(text + Array(tail.utf8), scanner)
            for proof in ObjectProof.forms {
                guard let object = Self.prove(text + Array(tail.utf8), proof) else {
                    let isPlain = expected.map { !$0.hasWhiteSpace && $0.depth <= 60 } ?? false
                    #expect(
                        !isPlain,
                        "seed \(seed), round \(round), \(proof.form): \(String(decoding: text, as: UTF8.self))"
                    )
                    continue
                }
                #expect(
                    object.end == expected?.end,
                    "seed \(seed), round \(round), \(proof.form): \(String(decoding: text, as: UTF8.self))"
                )
                guard object.isPlainEvent, let expected else { continue }
                #expect(object.eventSource == expected.eventSource && object.eventName == expected.eventName)
            }
        }
    }

    /// What the scanner finds of an object.
    private struct Scanned {
        var end = 0
        var eventSource = 0
        var eventName = 0
        var depth = 0
        var hasWhiteSpace = false
    }

    private static func scan(_ text: [UInt8], _ scanner: RecordScanner) -> Scanned? {
        text.withUnsafeBufferPointer { bytes -> Scanned? in
            guard let base = bytes.baseAddress, bytes.first == UInt8(ascii: "{") else { return nil }
            // A string that is not closed behind the object would take the index's end with it.
            let result = ScalarIndexer.index(bytes)
            let memory = IndexMemory(result.index)
            let window = IndexedText(
                text: base,
                count: bytes.count,
                index: memory.offsets,
                indexCount: result.index.count - 2,
                defects: result.defects,
                owner: memory
            )
            var fields = [UInt32](repeating: 0, count: KnownField.count)
            return fields.withUnsafeMutableBufferPointer { fields -> Scanned? in
                guard let places = fields.baseAddress,
                    case .complete(let position) = scanner.scan(window, from: 0, fields: places),
                    case let end = Int(window.index[position - 1]) + 1, window.defect(from: 0, to: end) == nil
                else { return nil }
                func place(_ field: KnownField) -> Int {
                    places[field.rawValue] == 0 ? 0 : Int(window.index[Int(places[field.rawValue])])
                }
                var scanned = Scanned(end: end, eventSource: place(.eventSource), eventName: place(.eventName))
                var depth = 0
                for token in 0..<position {
                    let byte = bytes[Int(window.index[token])]
                    if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") { depth += 1 }
                    if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") { depth -= 1 }
                    scanned.depth = max(scanned.depth, depth)
                    // Of white space, the byte before a token is some, or the one before is a scalar with some behind it.
                    let offset = Int(window.index[token])
                    if offset > 0, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[offset - 1]) {
                        scanned.hasWhiteSpace = true
                    }
                }
                return scanned
            }
        }
    }

    private static func prove(
        _ text: String,
        _ form: String,
        _ keys: ObjectProof.Keys? = nil
    ) throws -> ObjectProof.Object? {
        prove(Array(text.utf8), try #require(ObjectProof.forms.first { $0.form == form }), keys)
    }

    private static func prove(
        _ text: [UInt8],
        _ proof: ObjectProof,
        _ keys: ObjectProof.Keys? = nil
    ) -> ObjectProof.Object? {
        let padded = text + Array(repeating: UInt8(ascii: "}"), count: ObjectProof.padding)
        return padded.withUnsafeBufferPointer {
            proof.prove(UnsafeBufferPointer(rebasing: $0[..<text.count]), looking: keys)
        }
    }
}
