import MHPipeKit

/// Encodes events as JSON lines: as they are, or as objects that all have the same keys.
enum LinesEncoder: EventEncoder, TallyKeeping {
    case events(JSONLinesEncoder)
    case columns(ColumnLinesEncoder)

    mutating func encode(_ batch: EventBatch, into output: OutputBuffer) {
        switch self {
        case .events(var encoder): encoder.encode(batch, into: output)
        case .columns(var encoder):
            encoder.encode(batch, into: output)
            self = .columns(encoder)
        }
    }
}

extension LinesEncoder: RecordCopying {
    var copiesRecords: Bool { if case .events = self { true } else { false } }
}
