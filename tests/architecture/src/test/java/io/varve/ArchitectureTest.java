package io.varve;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Who may import whom: the folder table, as rules.
final class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.varve");

    /// Each package and the packages of ours it may use besides itself.
    private static final Map<String, Set<String>> MAY_USE = new TreeMap<>(Map.ofEntries(
            Map.entry("io.varve.event", Set.of()),
            Map.entry("io.varve.binary", Set.of()),
            Map.entry("io.varve.evidence", Set.of()),
            Map.entry("io.varve.evidence.s3", Set.of("io.varve.evidence")),
            Map.entry("io.varve.evidence.azure", Set.of("io.varve.evidence")),
            Map.entry("io.varve.evidence.gcs", Set.of("io.varve.evidence")),
            Map.entry("io.varve.acquisition.model", Set.of()),
            Map.entry("io.varve.postgres", Set.of()),
            Map.entry("io.varve.disk", Set.of("io.varve.binary", "io.varve.event")),
            Map.entry("io.varve.artefact", Set.of("io.varve.binary", "io.varve.event", "io.varve.disk")),
            Map.entry(
                    "io.varve.engine",
                    Set.of(
                            "io.varve.binary",
                            "io.varve.event",
                            "io.varve.disk",
                            "io.varve.artefact",
                            "io.varve.evidence")),
            Map.entry("io.varve.timeline", Set.of("io.varve.event")),
            Map.entry(
                    "io.varve.investigation",
                    Set.of("io.varve.timeline", "io.varve.event", "io.varve.evidence", "io.varve.acquisition.model")),
            Map.entry("io.varve.provider", Set.of("io.varve.evidence")),
            Map.entry("io.varve.provider.collector", Set.of("io.varve.provider", "io.varve.evidence")),
            Map.entry(
                    "io.varve.provider.endpoint",
                    Set.of("io.varve.provider", "io.varve.provider.collector", "io.varve.evidence")),
            Map.entry(
                    "io.varve.provider.crowdstrike",
                    Set.of("io.varve.provider", "io.varve.provider.collector", "io.varve.evidence")),
            Map.entry(
                    "io.varve.provider.defender",
                    Set.of("io.varve.provider", "io.varve.provider.collector", "io.varve.evidence")),
            Map.entry(
                    "io.varve.provider.sentinelone",
                    Set.of("io.varve.provider", "io.varve.provider.collector", "io.varve.evidence")),
            Map.entry("io.varve.provider.darktrace", Set.of("io.varve.provider", "io.varve.evidence")),
            Map.entry(
                    "io.varve.provider.aws",
                    Set.of("io.varve.provider", "io.varve.provider.collector", "io.varve.evidence")),
            Map.entry(
                    "io.varve.provider.azure",
                    Set.of("io.varve.provider", "io.varve.provider.collector", "io.varve.evidence")),
            Map.entry(
                    "io.varve.provider.gcp",
                    Set.of("io.varve.provider", "io.varve.provider.collector", "io.varve.evidence")),
            Map.entry(
                    "io.varve.provider.kubernetes",
                    Set.of("io.varve.provider", "io.varve.provider.collector", "io.varve.evidence")),
            Map.entry("io.varve.emulator", Set.of()),
            Map.entry(
                    "io.varve.acquisition",
                    Set.of("io.varve.acquisition.model", "io.varve.provider", "io.varve.evidence")),
            Map.entry("io.varve.database", Set.of("io.varve.acquisition.model", "io.varve.evidence", "io.varve.event")),
            Map.entry(
                    "io.varve.worker",
                    Set.of(
                            "io.varve.acquisition",
                            "io.varve.acquisition.model",
                            "io.varve.timeline",
                            "io.varve.investigation",
                            "io.varve.event",
                            "io.varve.evidence",
                            "io.varve.database",
                            "io.varve.provider")),
            Map.entry(
                    "io.varve.web",
                    Set.of(
                            "io.varve.acquisition",
                            "io.varve.acquisition.model",
                            "io.varve.timeline",
                            "io.varve.investigation",
                            "io.varve.event",
                            "io.varve.evidence",
                            "io.varve.database",
                            "io.varve.provider",
                            "io.varve.provider.collector",
                            "io.varve.provider.endpoint")),
            Map.entry("io.varve.supervisor", Set.of("io.varve.postgres", "io.varve.evidence"))));

    @TestFactory
    Stream<DynamicTest> every_package_uses_only_what_it_may() {
        return MAY_USE.entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(
                        entry.getKey(),
                        () -> mayUse(entry.getKey(), entry.getValue()).check(CLASSES)));
    }

    private static ArchRule mayUse(String part, Set<String> others) {
        return noClasses()
                .that(are(part))
                .should()
                .dependOnClassesThat(new DescribedPredicate<JavaClass>("belong to another part") {
                    @Override
                    public boolean test(JavaClass type) {
                        String owner = part(type);
                        return !owner.isEmpty() && !owner.equals(part) && !others.contains(owner);
                    }
                })
                .allowEmptyShould(true);
    }

    @Test
    void every_class_belongs_to_a_part_of_the_table() {
        assertThat(CLASSES.stream().filter(type -> part(type).isEmpty()).map(JavaClass::getName))
                .isEmpty();
    }

    @Test
    void the_engine_and_what_it_links_know_no_framework_network_or_database() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.varve.engine..",
                        "io.varve.artefact..",
                        "io.varve.disk..",
                        "io.varve.binary..",
                        "io.varve.event..")
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                                "io.quarkus..",
                                "jakarta..",
                                "java.net..",
                                "java.net.http..",
                                "org.hibernate..",
                                "org.postgresql..")
                        // names a file, not a connection: the only way to the raw bytes of a file name
                        .and(not(equivalentTo(java.net.URI.class))))
                .check(CLASSES);
    }

    @Test
    void parsers_read_no_clock() {
        noClasses()
                .that()
                .resideInAPackage("io.varve.artefact..")
                .should()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(CLASSES);
    }

    @Test
    void hibernate_is_known_to_the_database_module_only() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.varve.database..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.hibernate..", "jakarta.persistence..")
                .check(CLASSES);
    }

    @Test
    void the_event_store_is_known_to_the_index_module_only() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.varve.timeline..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.lucene..")
                .check(CLASSES);
    }

    /// Azure gives the bytes of a disk's snapshot as a blob: its provider reads them with the same client.
    @Test
    void each_object_store_s_client_is_known_to_its_own_module_and_to_the_provider_of_the_same_cloud() {
        Map.of(
                        List.of("io.varve.evidence.s3.."), new String[] {"io.minio..", "okhttp3.."},
                        List.of("io.varve.evidence.azure..", "io.varve.provider.azure.."),
                                new String[] {"com.azure.storage.."},
                        List.of("io.varve.evidence.gcs..", "io.varve.provider.gcp.."),
                                new String[] {"com.google.cloud.storage.."})
                .forEach((parts, clients) -> noClasses()
                        .that()
                        .resideOutsideOfPackages(parts.toArray(String[]::new))
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(clients)
                        .check(CLASSES));
    }

    @Test
    void quarkus_is_known_to_web_and_worker_only() {
        classes()
                .that()
                .resideOutsideOfPackages("io.varve.web..", "io.varve.worker..")
                .should()
                .onlyDependOnClassesThat()
                .resideOutsideOfPackage("io.quarkus..")
                .check(CLASSES);
    }

    private static DescribedPredicate<JavaClass> are(String part) {
        return new DescribedPredicate<>("belong to " + part) {
            @Override
            public boolean test(JavaClass type) {
                return part(type).equals(part);
            }
        };
    }

    /// The longest package of the table that holds the class; empty when none does.
    private static String part(JavaClass type) {
        String name = type.getPackageName();
        if (!name.startsWith("io.varve")) {
            return "";
        }
        String best = "";
        for (String candidate : MAY_USE.keySet()) {
            boolean inside = name.equals(candidate) || name.startsWith(candidate + ".");
            if (inside && candidate.length() > best.length()) {
                best = candidate;
            }
        }
        return best;
    }
}
