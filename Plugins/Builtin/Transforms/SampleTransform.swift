import MHPipeKit

/// Keeps a part of the events, by a hash of their ids: the same ones in every run, for any number of workers.
///
/// All copies of an event are kept or none is, and what a smaller rate keeps a larger one keeps too. An event without an id
/// is taken by the bytes of its record, without what transforms added. The hash is part of the interface: it does not change
/// between versions.
struct SampleTransform: Transform, DescribedTransform, ReasoningTransform {
    static let name = "sample"
    static let summary = "Keeps a part of the events, the same ones in every run."

    struct Options: PluginOptions {
        var rate = SampleRate()
        var by = FieldPath("eventID")
        var seed = 0

        static let all: [Option<Options>] = [
            .required("rate", \.rate, "The part of the events to keep.", example: "1/100"),
            .optional("by", \.by, "The field whose hash decides.", example: "userIdentity.arn"),
            .optional("seed", \.seed, "Another number keeps other events."),
        ]
    }

    private let rate: SampleRate
    private let bound: UInt64?
    private let by: FieldPath
    private let seed: UInt64
    private let scratch = OutputBuffer()

    init(_ options: Options, _ context: PluginContext) {
        rate = options.rate
        bound = options.rate.bound
        by = options.by
        seed = UInt64(bitPattern: Int64(options.seed))
    }

    static func adds(_ options: Options) -> [EventField]? { [] }

    static func drops(_ options: Options) -> Bool { options.rate.bound != nil }

    mutating func process(_ batch: EventBatch) {
        guard let bound else { return }
        let reader = FieldReader(by, batch)
        batch.keepRows { row in hash(reader.slice(row), batch, row) < bound }
    }

    func dropReasons(_ event: Event) -> [Reason] {
        let reading = Reason.Reading(field: by.text, json: event[by]?.json)
        return [Reason("its hash is not in the part of \(rate.optionText) that is kept", [reading])]
    }

    private func hash(_ slice: JSONSlice, _ batch: EventBatch, _ row: Int) -> UInt64 {
        switch slice.kind {
        case .string where slice.isEscaped:
            scratch.removeAll()
            unsafe JSONText.decode(slice.bytes) { scratch.append($0) }
            return unsafe Self.hash(scratch.bytes, seed)
        case .string where unsafe !slice.bytes.isEmpty, .number, .bool: return unsafe Self.hash(slice.bytes, seed)
        default: return unsafe Self.hash(batch.recordBytes(row), seed)
        }
    }

    /// FNV-1a, 64 bits, and the end of SplitMix64, without which its upper bits would depend on few bytes.
    static func hash(_ bytes: UnsafeBufferPointer<UInt8>, _ seed: UInt64) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ (seed &* 0x9e37_79b9_7f4a_7c15)
        for place in bytes.indices { hash = unsafe (hash ^ UInt64(bytes[place])) &* 0x100_0000_01b3 }
        hash = (hash ^ (hash >> 30)) &* 0xbf58_476d_1ce4_e5b9
        hash = (hash ^ (hash >> 27)) &* 0x94d0_49bb_1331_11eb
        return hash ^ (hash >> 31)
    }
}
