package io.varve.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class FirstAdminTest {
    @Test
    void thePasswordIsFoundInTheLineTheServerPrints() {
        assertThat(FirstAdmin.in("VARVE-FIRST-ADMIN user=admin password=correct horse battery"))
                .contains(new FirstAdmin("admin", "correct horse battery"));
        assertThat(FirstAdmin.in("INFO started")).isEmpty();
    }
}
