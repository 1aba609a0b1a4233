package io.varve.provider.defender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.defender.DefenderEmulator;
import io.varve.provider.Check;
import io.varve.provider.Containment;
import io.varve.provider.Preflight;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.Platform;
import io.varve.provider.collector.RemoteHost;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("contained")
class DefenderHostsTest {
    private static final String OLD = "00000000000000000000000000000000000000aa";

    @TempDir
    Path folder;

    private Contoso contoso;

    @BeforeEach
    void tenant() throws Exception {
        contoso = Contoso.in(folder);
    }

    @AfterEach
    void nothingWasContainedOrReleased() {
        contoso.emulator.assertNoContainmentCalls();
        contoso.close();
    }

    private RemoteHost find(String target) throws Exception {
        return contoso.hosts().find(contoso.connection(), target);
    }

    private Containment containment() throws Exception {
        return contoso.hosts().containment(contoso.connection(), find(contoso.machine.id()));
    }

    private void anotherOfTheName() {
        ObjectNode facts = DefenderEmulator.json()
                .put("id", OLD)
                .put("computerDnsName", Contoso.HOST)
                .put("osPlatform", "Linux");
        contoso.emulator
                .add(facts, Optional.empty())
                .lastSeen(contoso.clock.instant().minus(Duration.ofDays(20)));
    }

    @Test
    void hostIsFoundByItsIdAndByItsName() throws Exception {
        assertThat(find(contoso.machine.id()).name()).isEqualTo(Contoso.HOST);
        RemoteHost host = find(Contoso.HOST);
        assertThat(host.id()).isEqualTo(contoso.machine.id());
        assertThat(host.platform()).contains(Platform.LINUX);
        assertThat(host.online()).contains(true);
    }

    @Test
    void newestOfANameIsChosenAndTheOthersAreReported() throws Exception {
        anotherOfTheName();
        RemoteHost host = find(Contoso.HOST);
        assertThat(host.id()).isEqualTo(contoso.machine.id());
        assertThat(host.others()).singleElement().asString().contains(OLD);
        assertThat(find(OLD).others()).singleElement().asString().contains(contoso.machine.id());
    }

    @Test
    void unknownHostIsNotFound() {
        for (String target : new String[] {"nobody", "it's '; drop", "ffffffffffffffffffffffffffffffffffffffff"}) {
            assertThatThrownBy(() -> find(target))
                    .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
        }
        contoso.emulator.behaviour().notFoundForNoMachines = false;
        assertThatThrownBy(() -> find("nobody")).isInstanceOf(ProviderException.class);
    }

    @Test
    void containmentFollowsFromTheIsolationActions() throws Exception {
        assertThat(containment()).isEqualTo(Containment.CONTAINED);
        contoso.device.containment(io.varve.emulator.device.Containment.RELEASE_PENDING);
        assertThat(containment()).isEqualTo(Containment.PENDING);
        contoso.device.containment(io.varve.emulator.device.Containment.NORMAL);
        assertThat(containment()).isEqualTo(Containment.NORMAL);
        contoso.device.containment(io.varve.emulator.device.Containment.PENDING);
        assertThat(containment()).isEqualTo(Containment.PENDING);
    }

    @Test
    void preflightSaysWhatIsKnownWithoutTouchingTheHost() throws Exception {
        anotherOfTheName();
        contoso.grantWithout("Library.Manage");
        Preflight look = new DefenderProvider(contoso.clock, contoso.waiting)
                .preflight(contoso.connection(), contoso.machine.id(), "triage")
                .orElseThrow();
        assertThat(look.host()).contains(Contoso.HOST);
        assertThat(look.platform()).contains("linux");
        assertThat(look.others()).hasSize(1);
        assertThat(look.online()).contains(true);
        assertThat(look.containment()).isEqualTo(Containment.CONTAINED);
        assertThat(look.touches()).isNotEmpty();
        assertThat(look.checks()).anySatisfy(check -> {
            assertThat(check.name()).isEqualTo("Library.Manage");
            assertThat(check.result()).isEqualTo(Check.Result.MISSING);
            assertThat(check.mend()).contains("Grant admin consent");
        });
        assertThat(contoso.emulator.actions("LiveResponse")).isEmpty();
    }

    @Test
    void preflightOfAnUnknownHostSaysSo() throws Exception {
        Preflight look = new DefenderProvider(contoso.clock, contoso.waiting)
                .preflight(contoso.connection(), "nobody", "triage")
                .orElseThrow();
        assertThat(look.host()).isEmpty();
        assertThat(look.containment()).isEqualTo(Containment.UNKNOWN);
    }
}
