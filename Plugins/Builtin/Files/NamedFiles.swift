import MHPipeIO
import MHPipeKit

/// Files that were named one by one.
final class NamedFiles: FileListing {
    private let entries: [NextUnit]
    private let names: [FileIdentity: String]
    private var place = 0
    let total: UnitTotal?
    private let pruned: Int
    let keySighting: SelectionSighting

    /// - Parameters:
    ///   - units: What can be read, in order.
    ///   - unreadable: What cannot.
    ///   - pruned: How many hold nothing of what is asked for, by their keys.
    ///   - keySighting: What those keys say.
    init(
        _ units: [FileUnit],
        _ unreadable: [UnreadableInput],
        pruned: Int = 0,
        _ keySighting: SelectionSighting = SelectionSighting()
    ) {
        self.pruned = pruned
        self.keySighting = keySighting
        entries = unreadable.map(NextUnit.unreadable) + units.map(NextUnit.unit)
        let sizes = units.compactMap(\.size)
        total = UnitTotal(units: units.count, bytes: sizes.count == units.count ? sizes.reduce(0, +) : nil)
        let named = units.compactMap { unit in unit.file.map { ($0.identity, unit.name) } }
        names = Dictionary(named) { first, _ in first }
    }

    func next() -> NextUnit {
        guard place < entries.count else { return .end }
        place += 1
        return entries[place - 1]
    }

    var tally: InputTally {
        InputTally(seen: entries.count + pruned, pruned: pruned, waiting: entries.count - place)
    }

    func name(of file: FileReference) -> String? { names[file.identity] }
}
