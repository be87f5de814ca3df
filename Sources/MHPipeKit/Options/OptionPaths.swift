/// A path that an option holds; the types of it say what becomes of what is there.
public protocol PathOption: OptionValue, Hashable, ExpressibleByStringLiteral {
    /// The path, as written.
    var path: String { get }

    /// States a path.
    ///
    /// - Parameter value: The path.
    init(stringLiteral value: String)
}

extension PathOption {
    /// What the user has to write.
    public static var typeName: String { "a path" }

    /// Reads a path.
    ///
    /// - Parameter node: A scalar.
    /// - Throws: `OptionError` when there is no text.
    public init(config node: ConfigNode) throws(OptionError) {
        guard let text = node.text else { throw OptionError("needs a path, not \(node.kindName)") }
        guard !text.isEmpty else { throw OptionError("needs a path, not an empty text") }
        guard !text.utf8.contains(0) else {
            throw OptionError("needs a path, and '\(text)' holds a NUL character, which no path can have")
        }
        self.init(stringLiteral: text)
    }

    /// The path.
    public var optionText: String { path }
}

/// The path of a file that a plugin reads; `-` is standard input.
public struct InputPath: PathOption {
    /// The path, as written.
    public var path: String

    /// States the path of a file.
    ///
    /// - Parameter value: The path.
    public init(stringLiteral value: String) {
        path = value
    }

    /// Says that the path is read.
    public var pathUses: [PathUse] { path == "-" || path.isEmpty ? [] : [.inputFile(path)] }
}

/// The path of a folder that a plugin reads with all below it.
public struct InputTree: PathOption {
    /// The path, as written.
    public var path: String

    /// States the path of a folder.
    ///
    /// - Parameter value: The path.
    public init(stringLiteral value: String) {
        path = value
    }

    /// What the user has to write.
    public static var typeName: String { "the path of a folder" }

    /// Says that the tree is read.
    public var pathUses: [PathUse] { path.isEmpty ? [] : [.inputTree(path)] }
}

/// The path of a file that a plugin writes; `-` is standard output.
public struct OutputPath: PathOption {
    /// The path, as written.
    public var path: String

    /// States a path.
    ///
    /// - Parameter value: The path.
    public init(stringLiteral value: String) {
        path = value
    }

    /// Says that the path is written.
    public var pathUses: [PathUse] { path.isEmpty ? [] : [.output(path)] }
}

/// The path of a folder that a plugin writes into, or of what it makes ready by itself.
public struct OutputTree: PathOption {
    /// The path, as written.
    public var path: String

    /// States a path.
    ///
    /// - Parameter value: The path.
    public init(stringLiteral value: String) {
        path = value
    }

    /// Says that it is written.
    public var pathUses: [PathUse] { path.isEmpty ? [] : [.outputTree(path)] }
}
