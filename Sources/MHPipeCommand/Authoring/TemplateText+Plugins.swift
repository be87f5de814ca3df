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
        import MHPipeKit

        /// Writes events as JSON lines.
        struct @TYPE@: FileSink {
            static let name = "@NAME@"
            static let summary = "Writes events as JSON lines."

            struct Options: PluginOptions {
                var path: OutputPath = ""

                static let all: [Option<Options>] = [
                    .required("path", \.path, "The file to write.", example: "out.jsonl")
                ]
            }

            var output: FileOutput

            init(_ options: Options, _ context: PluginContext) {
                output = FileOutput(options.path)
            }

            // What makes the bytes; without this function, JSON lines.
            func makeEncoder() -> JSONLinesEncoder { JSONLinesEncoder() }
        }

        """#

    static let sinkTest = #"""
            @Test func writesALine() throws {
                let file = FileManager.default.temporaryDirectory.appending(path: "@NAME@-\(UUID().uuidString)")
                defer { try? FileManager.default.removeItem(at: file) }
                var options = @TYPE@.Options()
                options.path = OutputPath(stringLiteral: file.path(percentEncoded: false))
                var sink = @TYPE@(options, PluginContext(stage: "test"))
                var encoder = sink.makeEncoder()
                let bytes = OutputBuffer()
                encoder.encode(EventBatch(records: [#"{"eventName":"X"}"#]), into: bytes)
                try sink.open()
                try sink.write(bytes.bytes)
                try sink.finish()
                try sink.commit()
                #expect(try String(contentsOf: file, encoding: .utf8) == "{\"eventName\":\"X\"}\n")
            }
        }

        """#
}
