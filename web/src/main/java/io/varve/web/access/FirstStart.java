package io.varve.web.access;

import io.quarkus.runtime.StartupEvent;
import io.varve.acquisition.model.Organisation;
import io.varve.acquisition.model.Rule;
import io.varve.acquisition.model.RuleId;
import io.varve.acquisition.model.Rules;
import io.varve.database.User;
import io.varve.database.Users;
import io.varve.web.WebConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/// Makes a fresh installation usable: the first administrator, whose password is said once, and a first rule.
@ApplicationScoped
public class FirstStart {
    private final Users users;
    private final Rules rules;
    private final WebConfig config;
    private final Clock clock;

    FirstStart(Users users, Rules rules, WebConfig config, Clock clock) {
        this.users = users;
        this.rules = rules;
        this.config = config;
        this.clock = clock;
    }

    void start(@Observes StartupEvent event) {
        if (!users.all(Organisation.DEFAULT).isEmpty()) {
            return;
        }
        String password = config.admin().password().orElseGet(Passwords::generate);
        var admin = new User(
                UUID.randomUUID(), Organisation.DEFAULT, "admin", Passwords.hash(password), true, clock.instant());
        if (!users.insertFirst(admin)) {
            return;
        }
        if (rules.all(Organisation.DEFAULT).isEmpty()) {
            rules.save(firstRule());
        }
        // Read by the supervisor and shown to the person who started Varve; never logged.
        System.out.println("VARVE-FIRST-ADMIN user=admin password=" + password);
        System.out.flush();
    }

    private static Rule firstRule() {
        return new Rule(
                RuleId.mint(),
                Organisation.DEFAULT,
                "High severity alert: triage",
                true,
                1,
                List.of(),
                60,
                List.of(),
                "*",
                List.of(),
                "triage",
                Duration.ofHours(1),
                20,
                Rule.USUAL_PATIENCE,
                Rule.Approval.NONE);
    }
}
