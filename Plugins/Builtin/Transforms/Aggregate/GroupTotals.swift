import MHPipeKit

/// What is known of the events of one group: how many there are, and of some fields the first and last values and how
/// many different ones.
struct GroupTotals {
    /// A value, and when it was: the bytes of the event's time, which compare as times do, and its number in the input.
    struct Dated {
        var time: [UInt8]
        var number: Int
        var json: [UInt8]

        func isBefore(_ other: Dated) -> Bool {
            time == other.time ? number < other.number : time.lexicographicallyPrecedes(other.time)
        }
    }

    var count = 0
    /// The values that the group has in common, as JSON text; empty for a missing one.
    var by: [[UInt8]]
    var first: [Dated?]
    var last: [Dated?]
    var distinct: [DistinctValues]

    init(by: [[UInt8]], first: Int, last: Int, distinct: Int) {
        self.by = by
        self.first = Array(repeating: nil, count: first)
        self.last = Array(repeating: nil, count: last)
        self.distinct = Array(repeating: DistinctValues(), count: distinct)
    }

    /// What it takes in memory, about.
    var byteCount: Int {
        by.reduce(400) { $0 + $1.count + 48 } + (first + last).reduce(0) { $0 + ($1?.json.count ?? 0) + 150 }
            + distinct.reduce(0) { $0 + $1.byteCount }
    }

    mutating func noteFirst(_ place: Int, _ value: Dated) {
        if let known = first[place], !value.isBefore(known) { return }
        first[place] = value
    }

    mutating func noteLast(_ place: Int, _ value: Dated) {
        if let known = last[place], value.isBefore(known) { return }
        last[place] = value
    }

    /// Takes in what is known of other events of the group.
    mutating func merge(_ other: GroupTotals, limit: Int) {
        count += other.count
        // Equal values may be written in several ways; which is shown shall not depend on the order.
        for place in by.indices where other.by[place].lexicographicallyPrecedes(by[place]) {
            by[place] = other.by[place]
        }
        for (place, value) in other.first.enumerated() { if let value { noteFirst(place, value) } }
        for (place, value) in other.last.enumerated() { if let value { noteLast(place, value) } }
        for place in distinct.indices { distinct[place].merge(other.distinct[place], limit: limit) }
    }
}

/// Different values of a field, exact up to a limit.
struct DistinctValues {
    private(set) var values: Set<[UInt8]> = []
    /// True when there were more than the limit.
    private(set) var isOver = false
    private(set) var byteCount = 64

    mutating func insert(_ value: [UInt8], limit: Int) {
        guard !isOver, !values.contains(value) else { return }
        guard values.count < limit else {
            isOver = true
            return
        }
        values.insert(value)
        byteCount += value.count + 80
    }

    mutating func merge(_ other: DistinctValues, limit: Int) {
        for value in other.values { insert(value, limit: limit) }
        if other.isOver { isOver = true }
    }

    func append(to output: OutputBuffer) {
        output.append(number: isOver ? 1 : 0)
        output.append(number: values.count)
        for value in values { output.append(counted: value) }
    }

    init() {}

    init(_ reader: inout StateReader) throws {
        let isOver = try reader.number() == 1
        for _ in 0..<(try reader.count()) { insert(try reader.counted(), limit: .max) }
        self.isOver = isOver
    }
}

extension GroupTotals {
    func append(to output: OutputBuffer) {
        output.append(number: count)
        output.append(number: by.count)
        for value in by { output.append(counted: value) }
        for values in [first, last] {
            output.append(number: values.count)
            for value in values {
                output.append(counted: value?.time ?? [])
                output.append(number: value?.number ?? 0)
                output.append(counted: value?.json ?? [])
            }
        }
        output.append(number: distinct.count)
        for values in distinct { values.append(to: output) }
    }

    init(_ reader: inout StateReader) throws {
        count = try reader.count()
        by = []
        for _ in 0..<(try reader.count()) { by.append(try reader.counted()) }
        (first, last, distinct) = (try Self.dated(&reader), try Self.dated(&reader), [])
        for _ in 0..<(try reader.count()) { distinct.append(try DistinctValues(&reader)) }
    }

    private static func dated(_ reader: inout StateReader) throws -> [Dated?] {
        var values: [Dated?] = []
        for _ in 0..<(try reader.count()) {
            let value = Dated(time: try reader.counted(), number: try reader.count(), json: try reader.counted())
            values.append(value.json.isEmpty ? nil : value)
        }
        return values
    }
}
