package io.varve.artefact;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.255, 10.0.0.255",
        "::, 0:0:0:0:0:0:0:0",
        "::1, 0:0:0:0:0:0:0:1",
        "fe80::, fe80:0:0:0:0:0:0:0",
        "2001:DB8::8:800:200c:417a, 2001:db8:0:0:8:800:200c:417a",
        "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
        "::ffff:192.0.2.1, 192.0.2.1",
        "::ffff:c000:201, 192.0.2.1",
        "64:ff9b::192.0.2.33, 64:ff9b:0:0:0:0:c000:221"
    })
    void addressIsReadAndWrittenInOneForm(String given, String written) {
        assertThat(IpAddress.parse(given).map(IpAddress::text)).contains(written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":::",
                "1",
                "256.0.0.1",
                "1.2.3",
                "1.2.3.4.5",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "12345::",
                "::1.2.3.4:5",
                "::1.2.3",
                "pts/0",
                ":0",
                "localhost",
                "a.example",
                "1:"
            })
    void whatIsNoAddressStaysAName(String given) {
        assertThat(IpAddress.parse(given)).isEmpty();
    }
}
