package io.varve.tests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The database of an installation, for questions about more rows than the interface gives out. Only read.
final class Database implements AutoCloseable {
    private static final int PORT_LINE = 3;

    private final Connection connection;

    private Database(Connection connection) {
        this.connection = connection;
    }

    static Database of(Installation varve) throws IOException, SQLException {
        Path home = varve.data.resolve("postgres");
        String port = Files.readAllLines(home.resolve("data").resolve("postmaster.pid"))
                .get(PORT_LINE)
                .strip();
        Connection connection = DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:%s/varve".formatted(port),
                "varve",
                Files.readString(home.resolve("password-varve")));
        connection.setReadOnly(true);
        return new Database(connection);
    }

    long number(String query) throws SQLException {
        return Long.parseLong(rows(query).getFirst());
    }

    /// Numbers by name: a name and a number a row.
    Map<String, Long> numbers(String query) throws SQLException {
        var numbers = new LinkedHashMap<String, Long>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                numbers.put(rows.getString(1), rows.getLong(2));
            }
        }
        return numbers;
    }

    /// The first column.
    List<String> rows(String query) throws SQLException {
        var found = new ArrayList<String>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                found.add(String.valueOf(rows.getString(1)));
            }
        }
        return found;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
