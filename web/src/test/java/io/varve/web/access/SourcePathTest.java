package io.varve.web.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("contained")
final class SourcePathTest {
    private static final String BASE = "/api/v1/incidents/by-source/";

    @ParameterizedTest
    @CsvSource({
        "crowdstrike/f00:ind:ba4:123-10-456, crowdstrike, f00:ind:ba4:123-10-456",
        "crowdstrike/f00%3Aind%3Aba4, crowdstrike, f00:ind:ba4",
        "scc/organizations/1/sources/2/findings/3, scc, organizations/1/sources/2/findings/3",
        "scc/organizations%2F1%2Fsources%2f2, scc, organizations/1/sources/2",
        "scc/%2F%2Fsecuritycenter.googleapis.com%2Fx, scc, //securitycenter.googleapis.com/x",
        "generic/50%25, generic, 50%",
        "generic/a%252Fb, generic, a%2Fb",
        "generic/%C3%BC%20%3B, generic, 'ü ;'"
    })
    void anIdIsReadAsItWasSent(String path, String source, String id) {
        assertThat(SourcePath.read(BASE + path)).contains(new SourcePath(source, id));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "generic/..",
                "generic/../../keys",
                "generic/%2e%2E/x",
                "generic/a/./b",
                "generic//a",
                "generic/a;b",
                "generic/a%",
                "generic/%zz",
                "generic/%ff",
                "generic/a/",
                "Generic/a",
                "generic"
            })
    void anAddressThatMayBeReadInTwoWaysNamesNothing(String path) {
        assertThat(SourcePath.read(BASE + path)).isEmpty();
    }

    @Test
    void nothingElseIsAnIncidentOfASource() {
        assertThat(SourcePath.read("/api/v1/incidents/1/forensics")).isEmpty();
        assertThat(SourcePath.read("/api/v1/keys/by-source/generic/1")).isEmpty();
    }
}
