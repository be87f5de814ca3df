import CSimdJSON
import Libc
import MHPipeKit

/// The answers of a program to the events of one batch, and what they make of it.
///
/// An answer is a line: an object is the event from now on, `null` or nothing drops it, and a string says why it could
/// not be worked on. An answer that is what was sent leaves the record alone, with its own bytes.
///
/// Invariant: a batch that was given new records reads `text` and the
/// indexer's memory, which stay as they are until the next batch.
@safe
final class ExecAnswers {
    /// What the program has written, line by line.
    let text = ReceivedText()
    private let handle: CHandle
    private var indexer: OpaquePointer { unsafe handle.pointer }
    private let scanner = RecordScanner()
    private let rows = RowTable()
    private var ids = ExecEventIDs()

    private enum Verdict {
        case same
        case changed
        case dropped
        case rejected(String)
    }

    init() throws {
        guard let handle = unsafe CHandle(owning: mhp_indexer_create(nil), free: { unsafe mhp_indexer_free($0) }) else {
            throw StageError("not enough memory to index answers")
        }
        self.handle = handle
    }

    /// Puts the answers into effect.
    ///
    /// - Parameters:
    ///   - batch: The events that were sent, all that are selected.
    ///   - sent: The lines that were sent.
    ///   - starts: Where each of them begins, and where the last ends.
    /// - Throws: `ExecFailure` for an answer that is none.
    func apply(to batch: EventBatch, sent: UnsafeBufferPointer<UInt8>, starts: [Int]) throws(ExecFailure) {
        ids.begin(batch)
        var isChanged = false
        var isLess = false
        var rejected: [Int: String] = [:]
        var kept = [Int](repeating: -1, count: batch.rowCount)
        for (line, row) in batch.selection.enumerated() {
            let event = unsafe UnsafeBufferPointer(rebasing: sent[starts[line]..<starts[line + 1] - 1])
            switch try unsafe verdict(line, event) {
            case .same:
                kept[row] = line
            case .changed:
                kept[row] = line
                isChanged = true
            case .dropped:
                isLess = true
            case .rejected(let reason):
                rejected[row] = reason
            }
        }
        batch.reject(rows: rejected)
        if isLess { batch.keepRows { kept[$0] >= 0 } }
        if isChanged { try replace(batch, kept) }
    }

    private func verdict(_ line: Int, _ event: UnsafeBufferPointer<UInt8>) throws(ExecFailure) -> Verdict {
        let answer = unsafe text.line(line)
        if answer.count == event.count, let left = answer.baseAddress, let right = event.baseAddress,
            unsafe memcmp(left, right, event.count) == 0
        {
            return .same
        }
        switch unsafe answer.first(where: { $0 > 0x20 }) {
        case nil:
            return .dropped
        case UInt8(ascii: "{"):
            return .changed
        case UInt8(ascii: "n") where unsafe answer.elementsEqual("null".utf8):
            return .dropped
        default:
            let value = unsafe JSONValue.checked(Array(answer))
            if value?.isNull == true { return .dropped }
            if let reason = value?.string { return .rejected(reason) }
            throw ExecFailure(
                unsafe "answers event \(line) of a batch with \(answer.excerpt), which is no event",
                advice: ExecFailure.outputAdvice,
                isFinal: true
            )
        }
    }

    /// Puts the answers in the place of the batch's records; `kept` has the line of each row that is still in, or -1.
    private func replace(_ batch: EventBatch, _ kept: [Int]) throws(ExecFailure) {
        let window = try window()
        let cursor = JSONCursor(window)
        rows.removeAll()
        var fields = [UInt32](repeating: 0, count: KnownField.count)
        var position = 0
        for row in 0..<batch.rowCount {
            let number = batch.rows.records[row].number
            let line = kept[row]
            guard line >= 0 else {
                unsafe fields.withUnsafeMutableBufferPointer { unsafe $0.update(repeating: 0) }
                unsafe rows.append(RowTable.Record(nowhere: number), fields: fields)
                continue
            }
            let start = line == 0 ? 0 : text.ends[line - 1]
            while position < window.indexCount, unsafe Int(window.index[position]) < start { position += 1 }
            guard case .complete(let end) = unsafe scanner.scan(window, from: position, fields: &fields),
                unsafe end == window.indexCount || Int(window.index[end]) >= text.ends[line],
                unsafe Int(window.index[end - 1]) < text.ends[line],
                window.defect(from: start, to: text.ends[line]) == nil
            else { throw invalid(line) }
            let id = Int(fields[KnownField.eventID.rawValue])
            if id > 0, unsafe ids.isOfAnother(cursor.slice(id).bytes, than: row) { throw misplaced(line) }
            unsafe rows.append(window, from: position, to: end, number: number, fields: fields)
            position = end
        }
        batch.replaceRecords(window, rows)
    }

    /// The index of all answers.
    private func window() throws(ExecFailure) -> IndexedText {
        let bytes = unsafe text.ended()
        var index: UnsafeMutablePointer<UInt32>?
        var count = 0
        let status = unsafe Int(mhp_indexer_index(indexer, bytes.baseAddress, bytes.count, &index, &count))
        guard status == MHP_INDEX_OK, let base = bytes.baseAddress, let index = unsafe index else {
            // Text that has no index, or is no UTF-8, is rare, so the line is found the slow way.
            let line = text.ends.indices.first { line in
                let answer = unsafe text.line(line)
                return unsafe answer.first(where: { $0 > 0x20 }) == UInt8(ascii: "{")
                    && JSONValue.checked(Array(answer)) == nil
            }
            throw invalid(line ?? 0)
        }
        return unsafe IndexedText(
            text: base,
            count: bytes.count,
            index: index,
            indexCount: count,
            defects: ScalarIndexer.badEscapes(bytes),
            owner: self
        )
    }

    private func misplaced(_ line: Int) -> ExecFailure {
        ExecFailure(
            unsafe "answers event \(line) of a batch with what has the eventID of another event: \(text.line(line).excerpt)",
            advice:
                "every event needs one answer, in order; to drop one, answer null (jq: `if COND then . else null end`)",
            isFinal: true
        )
    }

    private func invalid(_ line: Int) -> ExecFailure {
        ExecFailure(
            unsafe "answers event \(line) of a batch with what is no JSON object: \(text.line(line).excerpt)",
            advice: "an answer is the event as one line of valid JSON, in UTF-8",
            isFinal: true
        )
    }
}
