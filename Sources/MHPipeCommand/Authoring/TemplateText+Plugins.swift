extension TemplateText {
    static let transform = #"""
        import MHPipeKit

        /// Adds the text of one field as the key `@NAME@`.
        struct @TYPE@: Transform {
            static let name = "@NAME@"
            static let summary = "Adds the text of one field as the key '@NAME@'."

            struct Options: PluginOptions {
                var field = FieldPath("eventName")

                static let all: [Option<Options>] = [
                    .optional("field", \.field, "The field whose text is added.", example: "userIdentity.type")
                ]
            }

            private let field: FieldPath

            init(_ options: Options, _ context: PluginContext) {
                field = options.field
            }

            static func adds(_ options: Options) -> [EventField]? { [EventField("@NAME@")] }

            func process(_ batch: EventBatch) {
                let column = batch.addColumn("@NAME@")
                for event in batch {
                    if let text = event[field]?.string { column.set(.string(text), row: event.row) }
                }
            }
        }

        """#

    static let transformTest = #"""
            @Test func addsTheTextOfTheField() throws {
                let records = [#"{"eventName":"GetObject"}"#, #"{"eventName":7}"#]
                let lines = try PluginTrial.lines(@TYPE@.self, "field: eventName", records: records)
                #expect(lines == [#"{"eventName":"GetObject","@NAME@":"GetObject"}"#, records[1]])
            }
        }

        """#

    static let source = #"""
        import Foundation
        import MHPipeKit

        /// Reads one file.
        struct @TYPE@: ListedSource {
            static let name = "@NAME@"
            static let summary = "Reads one file."

            struct Options: PluginOptions {
                var path: InputPath = ""

                static let all: [Option<Options>] = [
                    .required("path", \.path, "The file to read.", example: "sample.jsonl")
                ]
            }

            private let path: String

            init(_ options: Options, _ context: PluginContext) {
                path = options.path.path
            }

            func units(report: (UnreadableInput) -> Void) throws -> [any SourceUnit] {
                guard FileManager.default.isReadableFile(atPath: path) else {
                    throw StageError("cannot read '\(path)'", advice: "it must be a file that is there")
                }
                return [Unit(name: path)]
            }

            private struct Unit: SourceUnit {
                let name: String

                var size: Int? {
                    (try? FileManager.default.attributesOfItem(atPath: name))?[.size] as? Int
                }

                func open() throws -> any ByteStream {
                    guard let file = FileHandle(forReadingAtPath: name) else { throw StageError("cannot be opened") }
                    return Stream(file)
                }
            }

            private final class Stream: ByteStream {
                private let file: FileHandle

                init(_ file: FileHandle) {
                    self.file = file
                }

                func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
                    do {
                        let bytes = try file.read(upToCount: buffer.count) ?? Data()
                        buffer.copyBytes(from: bytes)
                        return bytes.count
                    } catch {
                        throw StageError("cannot be read any further: \(error.localizedDescription)")
                    }
                }
            }
        }

        """#

    static let sourceTest = #"""
            @Test func handsOutTheFile() throws {
                var options = @TYPE@.Options()
                options.path = InputPath(stringLiteral: #filePath)
                let source = @TYPE@(options, PluginContext(stage: "test"))
                let units = try source.units { _ in }
                #expect(units.map(\.name) == [#filePath])
            }
        }

        """#

    static let sink = #"""
        import Foundation
        import MHPipeKit

        /// Writes events as JSON lines.
        struct @TYPE@: Sink {
            static let name = "@NAME@"
            static let summary = "Writes events as JSON lines."

            struct Options: PluginOptions {
                var path: OutputPath = ""

                static let all: [Option<Options>] = [
                    .required("path", \.path, "The file to write.", example: "out.jsonl")
                ]
            }

            private let path: String
            private var file: FileHandle?

            init(_ options: Options, _ context: PluginContext) throws {
                path = options.path.path
                if path == "-" { throw OptionError(option: "path", "needs a file, not standard output") }
            }

            mutating func open() throws {
                guard FileManager.default.createFile(atPath: temporaryPath, contents: nil),
                    let file = FileHandle(forWritingAtPath: temporaryPath)
                else { throw StageError("cannot write '\(path)'", advice: "its folder must be there and take new files") }
                self.file = file
            }

            mutating func write(_ bytes: UnsafeBufferPointer<UInt8>) throws {
                try attempt { try file?.write(contentsOf: Data(bytes)) }
            }

            mutating func finish() throws {
                try attempt {
                    try file?.synchronize()
                    try file?.close()
                }
                file = nil
            }

            mutating func commit() throws {
                guard rename(temporaryPath, path) == 0 else {
                    throw StageError("cannot write '\(path)': \(String(cString: strerror(errno)))")
                }
            }

            mutating func abort() {
                try? file?.close()
                try? FileManager.default.removeItem(atPath: temporaryPath)
            }

            /// In the folder of the result, so that a rename puts it in its place.
            private var temporaryPath: String { path + ".part" }

            private func attempt(_ work: () throws -> Void) throws {
                do {
                    try work()
                } catch {
                    throw StageError("cannot write '\(path)': \(error.localizedDescription)")
                }
            }
        }

        """#

    static let sinkTest = #"""
            @Test func wantsAFile() {
                var options = @TYPE@.Options()
                options.path = "-"
                let expected = OptionError(option: "path", "needs a file, not standard output")
                #expect(throws: expected) { try @TYPE@(options, PluginContext(stage: "test")) }
            }
        }

        """#
}
