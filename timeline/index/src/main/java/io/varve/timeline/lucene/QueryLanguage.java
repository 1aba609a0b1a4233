package io.varve.timeline.lucene;

import io.varve.timeline.QueryException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.lucene.index.Term;
import org.apache.lucene.queryparser.classic.ParseException;
import org.apache.lucene.queryparser.classic.QueryParser;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.util.automaton.TooComplexToDeterminizeException;
import org.jspecify.annotations.Nullable;

/// The query language of the timeline, `docs/query-language.md`: Lucene's classic syntax, every name a field.
final class QueryLanguage extends QueryParser {
    private static final int MOST_CLAUSES = 200;
    private static final int LONGEST_EXPRESSION = 500;
    private static final int MOST_REPETITIONS = 1_000;
    private static final int MOST_EDITS = 2;
    private static final String ANYWHERE = "";
    private static final Pattern REPETITION = Pattern.compile("\\{(\\d*)(?:,(\\d*))?}");
    private static final Map<String, String> OTHER_NAMES =
            Map.of("path", "location.path", "evidence", "location.evidence", "time", "timestamp");

    private int clauses;

    private QueryLanguage() {
        super(ANYWHERE, new EventAnalyzer(EventAnalyzer.Mode.PIECES));
        setDefaultOperator(Operator.AND);
        setSplitOnWhitespace(true);
        setAllowLeadingWildcard(true);
        setDeterminizeWorkLimit(EventQueries.AUTOMATON_WORK);
    }

    /// @throws QueryException when the text cannot be read, or is too costly
    static Query read(String text) {
        String plain = QuerySyntax.plain(text);
        try {
            return new QueryLanguage().parse(plain);
        } catch (ParseException e) {
            throw new QueryException("the query cannot be read: " + reason(e), e);
        } catch (TooComplexToDeterminizeException | IndexSearcher.TooManyClauses | StackOverflowError e) {
            throw new QueryException("the query is too complex", e);
        } catch (IllegalArgumentException e) {
            throw new QueryException("the query cannot be read: " + e.getMessage(), e);
        }
    }

    private static String reason(ParseException e) {
        Throwable first = e.getCause() == null ? e : e.getCause();
        if (first instanceof ParseException parse && parse.currentToken != null && parse.currentToken.next != null) {
            String image = parse.currentToken.next.image;
            return image.isEmpty() ? "it ends too early" : "unexpected " + image;
        }
        return String.valueOf(first.getMessage()).lines().findFirst().orElse("bad syntax");
    }

    private String count(@Nullable String field) {
        if (++clauses > MOST_CLAUSES) {
            throw new QueryException("the query has more than %d parts".formatted(MOST_CLAUSES));
        }
        String name = field == null ? ANYWHERE : field;
        return OTHER_NAMES.getOrDefault(name, name);
    }

    @Override
    protected Query getFieldQuery(String field, String text, boolean quoted) {
        String name = count(field);
        return switch (name) {
            case ANYWHERE -> EventQueries.words(text);
            case "timestamp" -> {
                TimeText time = TimeText.of(text);
                yield EventQueries.between(Optional.of(time.first()), Optional.of(time.end()));
            }
            case "_exists_" -> EventQueries.has(text);
            default -> EventQueries.is(name, text);
        };
    }

    @Override
    protected Query getFieldQuery(String field, String text, int slop) {
        return getFieldQuery(field, text, true);
    }

    @Override
    protected Query getPrefixQuery(String field, String start) {
        String escaped = escape(start);
        return getWildcardQuery(field, escaped + "*");
    }

    @Override
    protected Query getWildcardQuery(String field, String pattern) {
        String name = count(field);
        if (name.equals("*") || (name.equals(ANYWHERE) && pattern.equals("*"))) {
            return MatchAllDocsQuery.INSTANCE;
        }
        if (pattern.equals("*")) {
            return EventQueries.has(name);
        }
        return switch (name) {
            case ANYWHERE -> EventQueries.wildcardWord(ANYWHERE, pattern);
            case IndexFields.MESSAGE -> EventQueries.wildcardWord(IndexFields.MESSAGE, pattern);
            case IndexFields.ID, IndexFields.RECORD, "timestamp" ->
                throw new QueryException(name + " takes no wildcards");
            default -> EventQueries.wildcard(name, pattern);
        };
    }

    @Override
    protected Query getFuzzyQuery(String field, String word, float similarity) {
        String name = count(field);
        if (!name.equals(ANYWHERE)) {
            throw new QueryException("~ works on words without a field");
        }
        int edits = similarity >= 1 ? (int) Math.min(similarity, MOST_EDITS) : MOST_EDITS;
        return EventQueries.fuzzyWord(word, edits);
    }

    @Override
    protected Query getRegexpQuery(String field, String expression) {
        String name = count(field);
        checkCost(expression);
        if (name.equals(IndexFields.MESSAGE) || name.equals("timestamp")) {
            throw new QueryException(name + " takes no regular expression");
        }
        return EventQueries.regexp(name, expression);
    }

    /// Repetitions multiply when they are nested, so their product is what may not be large.
    private static void checkCost(String expression) {
        if (expression.length() > LONGEST_EXPRESSION) {
            throw new QueryException("the regular expression is longer than " + LONGEST_EXPRESSION);
        }
        long product = 1;
        Matcher repetition = REPETITION.matcher(expression);
        while (repetition.find()) {
            product *= Math.max(number(repetition.group(1)), number(repetition.group(2)));
            if (product > MOST_REPETITIONS) {
                throw new QueryException("the regular expression repeats more than " + MOST_REPETITIONS + " times");
            }
        }
    }

    private static long number(@Nullable String digits) {
        if (digits == null || digits.isEmpty()) {
            return 1;
        }
        return digits.length() > 4 ? Integer.MAX_VALUE : Math.max(1, Long.parseLong(digits));
    }

    @Override
    protected Query getRangeQuery(
            String field, @Nullable String low, @Nullable String high, boolean withLow, boolean withHigh) {
        String name = count(field);
        Optional<String> first = Optional.ofNullable(low);
        Optional<String> last = Optional.ofNullable(high);
        if (name.equals("timestamp")) {
            return EventQueries.between(
                    first.map(TimeText::of).map(time -> withLow ? time.first() : time.end()),
                    last.map(TimeText::of).map(time -> withHigh ? time.end() : time.first()));
        }
        if (name.equals(ANYWHERE) || name.equals(IndexFields.MESSAGE)) {
            throw new QueryException("a range needs a field in front of it");
        }
        Optional<Double> lowest = first.flatMap(QueryLanguage::numeric);
        Optional<Double> highest = last.flatMap(QueryLanguage::numeric);
        if (lowest.isPresent() == first.isPresent() && highest.isPresent() == last.isPresent()) {
            return EventQueries.numbers(
                    name,
                    lowest.orElse(Double.NEGATIVE_INFINITY),
                    highest.orElse(Double.POSITIVE_INFINITY),
                    first.isEmpty() || withLow,
                    last.isEmpty() || withHigh);
        }
        return EventQueries.range(name, first, last, withLow, withHigh);
    }

    private static Optional<Double> numeric(String text) {
        return text.matches("-?[0-9]{1,18}(\\.[0-9]{1,18})?") ? Optional.of(Double.valueOf(text)) : Optional.empty();
    }

    /// A question that only excludes means everything else; Lucene alone would find nothing.
    @Override
    protected @Nullable Query getBooleanQuery(List<BooleanClause> parts) throws ParseException {
        boolean onlyExcludes = !parts.isEmpty() && parts.stream().allMatch(BooleanClause::isProhibited);
        if (onlyExcludes) {
            parts.add(new BooleanClause(MatchAllDocsQuery.INSTANCE, BooleanClause.Occur.MUST));
        }
        return super.getBooleanQuery(parts);
    }

    @Override
    protected Query newPrefixQuery(Term prefix) {
        throw new IllegalStateException(prefix.toString());
    }
}
