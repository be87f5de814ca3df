import MHPipeKit
import MHPipePlan

/// What a pass makes of what is no record: how much is lost with it, and what is said of that.
extension WindowPass {
    /// Reports what is wrong with the text of a member that holds no records.
    func noteDefect(from: Int, to: Int) throws {
        let start = unsafe Int(window.index[from])
        guard let defect = window.defect(from: start, to: tokenEnd(to - 1)) else { return }
        try note(
            .file,
            unsafe "\(defect.reason.description) at byte \(reader.windowOffset + defect.offset)",
            from: from,
            to: to
        )
    }

    /// A value that is not JSON: it is passed over when its brackets pair, and given up with all that follows when not.
    mutating func recover(_ offset: Int, _ reason: String, in array: Bool) throws -> Step {
        guard !isTooFar(offset, from: position) else { return try oversized(.record) }
        let reason = unsafe "\(reason) at byte \(reader.windowOffset + offset)"
        guard array || !isLine else { return try abandon(reason, isRecord: true) }
        switch scanner.pairing(window, from: position) {
        case .end(let end):
            guard isFinal || end < window.indexCount else { return try more(.record) }
            guard length(position, end) <= maxRecordBytes else { return try oversized(.record) }
            guard !array || end == window.indexCount || isBoundary(end) else { break }
            try note(.record, reason, from: position, to: end, number: try reader.takeNumber())
            position = end
            if array { expect(.commaOrEnd) }
            return .goOn
        case .unpaired(let place):
            if unsafe isTooFar(Int(window.index[place]), from: position) { return try oversized(.record) }
        case .ranOut:
            let isWhole = unsafe isFinal && window.count - Int(window.index[position]) <= maxRecordBytes
            if !isWhole { return try more(.record) }
        }
        return try abandon(reason, isRecord: true)
    }

    /// Asks for more of the value at the position, of which there may be no more than of the largest record.
    ///
    /// - Parameters:
    ///   - scope: What is lost when it is too large.
    ///   - value: The position of the value, when that is another one.
    /// - Returns: What to do.
    /// - Throws: What the consumer throws.
    mutating func more(_ scope: InputProblem.Scope, at value: Int? = nil) throws -> Step {
        let held = unsafe window.count - Int(window.index[value ?? position])
        guard isFinal ? held > maxRecordBytes : held >= reader.context.reach else { return .needsMore }
        return try oversized(scope, at: value)
    }

    /// Passes over a value that is larger than a record may be.
    mutating func oversized(_ scope: InputProblem.Scope, at value: Int? = nil) throws -> Step {
        let start = unsafe Int(window.index[value ?? position])
        let rest = unsafe UnsafeBufferPointer(rebasing: text[start...])
        let number = scope == .record ? try reader.takeNumber() : nil
        try unsafe reader.note(
            scope,
            at: start,
            record: number,
            reason:
                "a \(scope == .record ? "record" : "value") of more than \(maxRecordBytes) bytes (max_record_bytes)",
            raw: unsafe UnsafeBufferPointer(rebasing: rest.prefix(min(maxRecordBytes, QuarantineFile.mostRaw)))
        )
        expect(.commaOrEnd)
        var skipper = ValueSkipper()
        let (count, isDone) = unsafe skipper.skip(rest)
        if isDone { advance(to: start + count) } else { unsafe reader.skip = .value(skipper) }
        return .goOn
    }

    /// True when a value that goes on to an offset is larger than a record may be.
    func isTooFar(_ offset: Int, from position: Int) -> Bool {
        unsafe offset - Int(window.index[position]) >= maxRecordBytes
    }

    var maxRecordBytes: Int { reader.context.settings.maxRecordBytes }

    /// The length of what stands between two positions.
    func length(_ position: Int, _ end: Int) -> Int {
        unsafe tokenEnd(end - 1) - Int(window.index[position])
    }

    /// True when a record may end before this token.
    func isBoundary(_ end: Int) -> Bool {
        cursor.byte(at: end) == UInt8(ascii: ",") || cursor.byte(at: end) == UInt8(ascii: "]")
    }

    /// Gives up the rest of the line, or of the file.
    mutating func abandon(_ reason: String, isRecord: Bool = false) throws -> Step {
        let start = unsafe Int(window.index[position])
        // What is kept of it is the same for any window.
        guard isFinal || window.count - start >= QuarantineFile.mostRaw else { return .needsMore }
        let rest = unsafe UnsafeBufferPointer(rebasing: text[start...].prefix(QuarantineFile.mostRaw))
        try unsafe reader.note(
            isLine ? .record : .file,
            at: start,
            record: isRecord || isLine ? try reader.takeNumber() : nil,
            reason: isLine ? reason : "\(reason); the rest of the \(reader.context.noun) is left out",
            raw: unsafe rest
        )
        unsafe reader.frames.removeAll(keepingCapacity: true)
        unsafe reader.skip = .rest
        return .goOn
    }

    /// Reports what stands between two positions.
    func note(_ scope: InputProblem.Scope, _ reason: String, from: Int, to: Int, number: Int? = nil) throws {
        let start = unsafe Int(window.index[from])
        let end = to > from ? tokenEnd(to - 1) : start
        let raw = unsafe UnsafeBufferPointer(start: window.text + start, count: max(end - start, 0))
        try unsafe reader.note(scope, at: start, record: number, reason: reason, raw: raw)
    }

    /// The offset behind the last byte of the token at a position.
    func tokenEnd(_ position: Int) -> Int {
        let byte = cursor.byte(at: position)
        // What follows a bracket or comma may have been left out of the index.
        if byte == UInt8(ascii: ",") || ContainerFrame.isBracket(byte) { return unsafe Int(window.index[position]) + 1 }
        var end = unsafe Int(window.index[position + 1])
        while unsafe end > Int(window.index[position]) + 1, unsafe window.text[end - 1] <= UInt8(ascii: " ") {
            end -= 1
        }
        return end
    }
}
