package io.varve.artefact.linux;

import io.varve.event.DataType;
import io.varve.event.EventData;
import io.varve.event.Field;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Changes to users and groups. Texts as in shadow-utils' `useradd.c`, `usermod.c`, `groupadd.c` and `passwd.c`.
final class Accounts {
    private static final Pattern NEW_USER = Pattern.compile(
            "new user: name=([^,]*), UID=(\\d+), GID=(\\d+), home=([^,]*), shell=([^,]*)(?:, from=(.*))?");
    private static final Pattern NEW_GROUP = Pattern.compile("new group: name=([^,]*)(?:, GID=(\\d+))?");
    private static final Pattern MEMBER =
            Pattern.compile("add(?:ed)? '?([^\\s']+)'? to (?:shadow )?group '?([^\\s']+)'?.*");
    private static final Pattern MEMBER_BY = Pattern.compile("user (\\S+) added by (\\S+) to group (\\S+)");
    private static final Pattern REMOVED = Pattern.compile(
            "(?:delete user '(.+)'|removed group '(.+)' owned by '.*'|group '(.+)' removed(?: from \\S+)?)");
    private static final Pattern CHANGED = Pattern.compile("changed? user '?([^']+?)'? (.+)");
    private static final Pattern PASSWORD = Pattern.compile("password for '?([^']+?)'? changed(?: by '?([^']*?)'?)?");

    private Accounts() {}

    static Optional<EventData> read(LogLine line) {
        String text = line.text().strip();
        Matcher match = NEW_USER.matcher(text);
        if (match.matches()) {
            return Optional.of(new UserAdded(
                    line, match.group(1), match.group(2), match.group(3), match.group(4), match.group(5)));
        }
        match = NEW_GROUP.matcher(text);
        if (match.matches()) {
            return Optional.of(new GroupAdded(line, match.group(1), Optional.ofNullable(match.group(2))));
        }
        match = MEMBER.matcher(text);
        if (match.matches()) {
            return Optional.of(new MemberAdded(line, match.group(1), match.group(2), ""));
        }
        match = MEMBER_BY.matcher(text);
        if (match.matches()) {
            return Optional.of(new MemberAdded(line, match.group(1), match.group(3), match.group(2)));
        }
        match = REMOVED.matcher(text);
        if (match.matches()) {
            return Optional.of(removed(line, match));
        }
        match = CHANGED.matcher(text);
        if (match.matches()) {
            return Optional.of(new UserChanged(line, match.group(1), match.group(2)));
        }
        match = PASSWORD.matcher(text);
        return match.matches()
                ? Optional.of(new PasswordChanged(
                        line,
                        match.group(1),
                        Optional.ofNullable(match.group(2)).orElse("")))
                : Optional.empty();
    }

    private static EventData removed(LogLine line, Matcher match) {
        if (match.group(1) != null) {
            return new UserRemoved(line, match.group(1));
        }
        return new GroupRemoved(line, match.group(2) != null ? match.group(2) : match.group(3));
    }

    @DataType("linux:account:user_added")
    record UserAdded(
            LogLine line,
            @Field("user.target.name") String user,
            @Field("user.target.id") String uid,
            @Field("group.id") String gid,
            @Field("account.home") String home,
            @Field("account.shell") String shell)
            implements EventData {
        @Override
        public String message() {
            return "User %s (uid %s, home %s, shell %s) was created".formatted(user, uid, home, shell);
        }
    }

    @DataType("linux:account:user_removed")
    record UserRemoved(
            LogLine line, @Field("user.target.name") String user) implements EventData {
        @Override
        public String message() {
            return "User %s was deleted".formatted(user);
        }
    }

    @DataType("linux:account:user_changed")
    record UserChanged(
            LogLine line,
            @Field("user.target.name") String user,
            @Field("account.change") String change) implements EventData {
        @Override
        public String message() {
            return "User %s was changed: %s".formatted(user, change);
        }
    }

    @DataType("linux:account:password_changed")
    record PasswordChanged(
            LogLine line,
            @Field("user.target.name") String user,
            @Field("user.name") String by) implements EventData {
        @Override
        public String message() {
            return "The password of %s was changed%s".formatted(user, by.isEmpty() ? "" : " by " + by);
        }
    }

    @DataType("linux:account:group_added")
    record GroupAdded(
            LogLine line,
            @Field("group.name") String group,
            @Field("group.id") Optional<String> gid) implements EventData {
        @Override
        public String message() {
            return "Group %s was created".formatted(group);
        }
    }

    @DataType("linux:account:group_removed")
    record GroupRemoved(LogLine line, @Field("group.name") String group) implements EventData {
        @Override
        public String message() {
            return "Group %s was deleted".formatted(group);
        }
    }

    @DataType("linux:account:member_added")
    record MemberAdded(
            LogLine line,
            @Field("user.target.name") String user,
            @Field("group.name") String group,
            @Field("user.name") String by)
            implements EventData {
        @Override
        public String message() {
            return "User %s was added to group %s".formatted(user, group);
        }
    }
}
