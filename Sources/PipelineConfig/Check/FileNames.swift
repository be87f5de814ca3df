import MHPipeKit

/// The files that an output may write, as far as that can be told before there are events.
struct FileNames {
    private let folder: CanonicalPath
    /// The names below the folder.
    private let names: [NamePattern]

    init(_ template: PathTemplate) {
        folder = CanonicalPath(template.folder, isOutput: true)
        names = template.namePatterns
    }

    /// True when a file may be one of them, or lies where folders for them may be made.
    func mayBe(_ path: CanonicalPath, isTree: Bool = false) -> Bool {
        guard let other = path.names(below: folder)?.map({ NamePattern(literal: Array($0)) }) else { return false }
        guard isTree || other.count == names.count else { return false }
        return zip(names, other).allSatisfy { $0.mayEqual($1) } && other.count <= names.count
    }

    /// True when both may write one file.
    func mayMeet(_ other: FileNames) -> Bool {
        if let between = other.folder.names(below: folder) {
            let names = between.map { NamePattern(literal: Array($0)) } + other.names
            return names.count == self.names.count && zip(names, self.names).allSatisfy { $0.mayEqual($1) }
        }
        return folder.names(below: other.folder) != nil && other.mayMeet(self)
    }
}
