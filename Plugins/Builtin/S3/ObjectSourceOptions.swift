import MHPipeKit

/// What the options of a source of objects say beside where those are.
struct ObjectSource: Sendable {
    var objects = ObjectOptions()
    var connection = ConnectionOptions()
    var selection = SelectionOptions()
}

/// The options of a source that reads objects.
protocol ObjectSourceOptions: SelectingOptions, ObjectReadingOptions {
    var common: ObjectSource { get set }
}

extension ObjectSourceOptions {
    var objects: ObjectOptions {
        get { common.objects }
        set { common.objects = newValue }
    }

    var connection: ConnectionOptions {
        get { common.connection }
        set { common.connection = newValue }
    }

    var selection: SelectionOptions {
        get { common.selection }
        set { common.selection = newValue }
    }

    /// The declarations of `common`, for the end of `all`, with those of the source's own that say which objects are read.
    static func ofObjects(_ own: [Option<Self>] = []) -> [Option<Self>] {
        connecting + readingObjects + own + selecting
    }
}
