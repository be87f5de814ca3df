import MHPipeKit
import MHPipePlan

/// Files that the units of a run lead to more than once: a folder beside one that holds it, links, further names.
///
/// Keeps nothing of files that have one name, so that a run of many files takes no more memory.
struct RepeatedFiles {
    /// A unit whose file is that of another one.
    private struct Repetition {
        /// The place of its source in the plan.
        let source: Int
        let name: String
        let earlierName: String
    }

    /// For each source, its list, where it is one of files.
    private let lists: [(any FileListing)?]
    /// The units whose files may come again by another path.
    private var known: [FileIdentity: (source: Int, name: String)] = [:]
    /// How many units read a file that another unit reads as well.
    private(set) var count = 0
    /// The first of those that no source has told of: one source is told when it is given a path twice.
    private var first: Repetition?
    private var untold = 0

    init(_ lists: [any UnitList]) {
        self.lists = lists.map { $0 as? any FileListing }
    }

    /// Takes note of a unit.
    ///
    /// - Parameters:
    ///   - unit: The unit.
    ///   - source: The place of its source in the plan.
    ///   - isTaken: False for one that is not read, which is none that is read twice.
    mutating func note(_ unit: any SourceUnit, of source: Int, isTaken: Bool = true) {
        guard let list = lists[source], let file = cast(unit, to: (any FileBacked).self)?.file else { return }
        for earlier in lists[..<source] {
            if let name = earlier?.name(of: file) { return isTaken ? count(source, unit.name, name) : () }
        }
        guard file.mayRepeat else { return }
        if let name = list.name(of: file), name != unit.name {
            if isTaken { count(source, max(name, unit.name), min(name, unit.name)) }
        } else if let earlier = known[file.identity] {
            if isTaken { count(source, unit.name, earlier.name, isTold: earlier == (source, unit.name)) }
        } else {
            known[file.identity] = (source, unit.name)
        }
    }

    private mutating func count(_ source: Int, _ name: String, _ earlierName: String, isTold: Bool = false) {
        count += 1
        guard !isTold else { return }
        untold += 1
        first = first ?? Repetition(source: source, name: name, earlierName: earlierName)
    }

    /// What to tell the user, and by which source; nil when there is nothing new.
    var warning: (source: Int, text: String)? {
        guard let first else { return nil }
        let other = first.name == first.earlierName ? "another source" : "'\(first.earlierName)'"
        let text =
            untold == 1
            ? "'\(first.name)' is read already by way of \(other), and its events count twice"
            : "\(untold) files are read more than once, and their events count as often; the first is "
                + "'\(first.name)', which is read already by way of \(other)"
        return (first.source, text)
    }
}
