package io.varve.web.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.web.problem.ProblemException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessFilterTest {
    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/keys", "/api/v1/keys/", "/api/v1/keys/4b1c2f0e-9a6e-4d8f-8a52-6a0c1df0b7aa"})
    void addressOfKeysIsAboutKeys(String path) {
        assertThat(AccessFilter.resource(path)).isEqualTo("keys");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1//keys",
                "//api/v1/keys",
                "/api/v1/keys;a=b",
                "/api;a/v1/keys",
                "/api/v1/session/../keys",
                "/api/v1/session;/keys",
                "/api/v1/./keys",
                "/api/v1/%6beys",
                "/api/v1/session%2f..%2fkeys",
                "/api/v1",
                "/elsewhere"
            })
    void addressThatMayBeReadInTwoWaysNamesNothing(String path) {
        assertThatThrownBy(() -> AccessFilter.resource(path)).isInstanceOf(ProblemException.class);
    }
}
