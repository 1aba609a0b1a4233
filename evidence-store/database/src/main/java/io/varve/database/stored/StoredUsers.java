package io.varve.database.stored;

import io.varve.acquisition.model.Organisation;
import io.varve.database.User;
import io.varve.database.Users;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.StatelessSession;

@ApplicationScoped
@Transactional
class StoredUsers implements Users {
    private final StatelessSession session;
    private final StoredLocks locks;

    @Inject
    StoredUsers(StatelessSession session, StoredLocks locks) {
        this.session = session;
        this.locks = locks;
    }

    @Override
    public boolean insertFirst(User user) {
        locks.transaction("first user of " + user.organisation());
        if (!all(user.organisation()).isEmpty()) {
            return false;
        }
        insert(user);
        return true;
    }

    @Override
    public void insert(User user) {
        session.insert(UserRow.of(user));
    }

    @Override
    public Optional<User> find(UUID id) {
        return Optional.ofNullable(session.get(UserRow.class, id)).map(UserRow::user);
    }

    @Override
    public Optional<User> named(Organisation organisation, String name) {
        return session.createSelectionQuery(
                        "from UserRow where organisation = :organisation and name = :name", UserRow.class)
                .setParameter("organisation", organisation.value())
                .setParameter("name", name)
                .uniqueResultOptional()
                .map(UserRow::user);
    }

    @Override
    public List<User> all(Organisation organisation) {
        return session.createSelectionQuery(
                        "from UserRow where organisation = :organisation order by name", UserRow.class)
                .setParameter("organisation", organisation.value())
                .getResultStream()
                .map(UserRow::user)
                .toList();
    }

    @Override
    public void password(UUID user, String hash) {
        session.createMutationQuery("update UserRow set password = :hash where id = :user")
                .setParameter("hash", hash)
                .setParameter("user", user)
                .executeUpdate();
        session.createMutationQuery("delete from SessionRow where localUser = :user")
                .setParameter("user", user)
                .executeUpdate();
    }
}
