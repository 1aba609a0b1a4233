package io.varve.artefact;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.event.EventJson;
import io.varve.event.TimelineEvent;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Every parser over every fixture in the folder named after its data type.
class FixturesTest {
    @TestFactory
    Stream<DynamicTest> everyFixtureGivesTheExpectedEvents() {
        return Fixture.all().map(fixture -> DynamicTest.dynamicTest(fixture.toString(), () -> check(fixture)));
    }

    @TestFactory
    Stream<DynamicTest> everyFixtureIsClaimedByItsOwnParserFirst() {
        return Fixture.all()
                .map(fixture -> DynamicTest.dynamicTest(
                        fixture.toString(),
                        () -> assertThat(Fixture.claiming(fixture.file()).map(ArtefactParser::name))
                                .contains(fixture.parser().name())));
    }

    private static void check(Fixture fixture) throws IOException {
        CollectingSink sink = fixture.run();
        var text = new StringBuilder();
        for (TimelineEvent event : sink.events()) {
            text.append(EventJson.write(event)).append('\n');
        }
        fixture.expect(text.append(sink.ledger()).append('\n').toString());
    }
}
