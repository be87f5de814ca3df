import Libc
import MHPipeKit

/// What a transform knows from run to run, in some files of sorted fingerprints, which are merged by `SegmentMerge`, and a file of texts.
final class KnownFingerprints: EarlierFingerprints {
    private let folder: StateFolder
    private let stage: String
    private let known: CommitRecord.Known
    private let segments: [KnownSegment]
    /// Opened when the first text is asked for.
    private var texts: FolderFile?

    /// - Throws: `StageError` when a file is damaged, or not there.
    init(_ folder: StateFolder, stage: String, _ known: CommitRecord.Known) throws {
        (self.folder, self.stage, self.known) = (folder, stage, known)
        segments = try known.segments.map { segment in
            try KnownSegment(folder, CommitRecord.file(ofStage: stage, segment), count: segment.count)
        }
        // What is added would lie behind a hole.
        guard known.textBytes > 0 else { return }
        let file = try FolderFile(folder, textFile)
        guard try file.size() >= known.textBytes else { throw file.damage }
        texts = file
    }

    var head: [UInt8] { known.head }

    var textBytes: Int { known.textBytes }

    func useFilters(ofAtMost most: Int) throws -> Int {
        var used = 0
        // The later files are the smaller ones.
        for segment in segments.reversed() where used + segment.filterBytes <= most {
            try segment.useFilter()
            used += segment.filterBytes
        }
        return used
    }

    func find(_ high: UInt64, low: UInt64?) throws -> UInt64? {
        for segment in segments {
            if let found = try segment.find(high, low: low) { return found }
        }
        return nil
    }

    func text(_ count: Int, at offset: Int) throws -> [UInt8] {
        let file = try texts ?? FolderFile(folder, textFile)
        texts = file
        guard count >= 0, offset >= 0, count <= textBytes - offset else { throw file.damage }
        return try file.bytes(count, at: offset)
    }

    var damageOfTexts: StageError { FolderFile.damage(of: folder.shown(textFile)) }

    private var textFile: String { CommitRecord.textFile(ofStage: stage) }

    /// Writes what a run has learned; a second time it changes nothing.
    ///
    /// - Parameters:
    ///   - kept: What it has learned.
    ///   - run: The run's number.
    /// - Returns: What is known then, which is on the disk but for entries of the folder.
    /// - Throws: `StageError` when a file cannot be written or read.
    func adding(_ kept: KeptFingerprints, run: Int) throws -> CommitRecord.Known {
        var next = known
        next.head = kept.head
        if !kept.texts.isEmpty { next.textBytes = try appending(kept.texts) }
        guard !kept.fingerprints.isEmpty else { return next }
        let counts = segments.map(\.count)
        let merged = segments.suffix(SegmentMerge<KeptFingerprint>.merged(counts, with: kept.fingerprints.count))
        let files = merged.reversed().map { segment in RecordList { try segment.records(from: $0) } }
        let merge = SegmentMerge([RecordList(kept.fingerprints.sorted(by: KeptFingerprint.isBefore))] + files)
        var segment = CommitRecord.Segment(run: run, count: 0)
        var writer = try KnownSegmentWriter(
            folder,
            CommitRecord.file(ofStage: stage, segment),
            most: merged.reduce(kept.fingerprints.count) { $0 + $1.count }
        )
        while let fingerprint = try merge.next() { try writer.append(fingerprint) }
        try writer.finish()
        segment.count = writer.count
        next.segments = known.segments.dropLast(merged.count) + [segment]
        return next
    }

    /// Writes texts behind those that count.
    private func appending(_ bytes: [UInt8]) throws -> Int {
        let descriptor = try folder.open(textFile, O_RDWR | O_CREAT)
        let number = DescriptorWriting.truncate(descriptor.number, to: textBytes)
        guard number == 0 else {
            throw StageError("cannot write '\(folder.shown(textFile))': \(SystemFailure.reason(number))")
        }
        try folder.put(bytes, to: descriptor.number, sync: true, textFile)
        return textBytes + bytes.count
    }
}
