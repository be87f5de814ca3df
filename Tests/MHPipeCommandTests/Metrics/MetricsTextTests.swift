import MHPipeTestSupport
import Testing

@testable import MHPipeCommand

struct MetricsTextTests {
    @Test func valuesAreWrittenAsPrometheusReadsThem() {
        var text = MetricsText()
        text.add("a_total", .counter, "What \\ it\nis.", 3)
        text.add(
            "b",
            .gauge,
            "Others.",
            [
                MetricsText.Sample(labels: [("stage", "a\"b\\c\nd"), ("kind", "é")], value: 1.5),
                MetricsText.Sample(value: 1_900_000_000), MetricsText.Sample(value: .infinity),
                MetricsText.Sample(value: .nan),
            ]
        )
        text.add("none", .gauge, "Nothing.", [])
        #expect(
            text.text == #"""
                # HELP a_total What \\ it\nis.
                # TYPE a_total counter
                a_total 3
                # HELP b Others.
                # TYPE b gauge
                b{stage="a\"b\\c\nd",kind="é"} 1.5
                b 1900000000
                b +Inf
                b NaN

                """#
        )
    }
}
