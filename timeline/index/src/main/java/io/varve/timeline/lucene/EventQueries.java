package io.varve.timeline.lucene;

import io.varve.timeline.EventFilter;
import io.varve.timeline.Match;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.AutomatonQuery;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.FieldExistsQuery;
import org.apache.lucene.search.FuzzyQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TermRangeQuery;
import org.apache.lucene.search.WildcardQuery;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.QueryBuilder;
import org.apache.lucene.util.automaton.Automata;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.Operations;
import org.apache.lucene.util.automaton.RegExp;

/// The questions that can be asked of the index, each as a Lucene query. Texts are data here, never syntax.
final class EventQueries {
    /// Work allowed to make one wildcard or regular expression ready.
    static final int AUTOMATON_WORK = 10_000;

    private static final List<String> TEXT = List.of(IndexFields.MESSAGE, IndexFields.VALUES);
    private static final EventAnalyzer PIECES = new EventAnalyzer(EventAnalyzer.Mode.PIECES);

    private EventQueries() {}

    static Query of(EventFilter filter) {
        var all = new BooleanQuery.Builder();
        all.add(MatchAllDocsQuery.INSTANCE, Occur.FILTER);
        if (!filter.text().isBlank()) {
            all.add(QueryLanguage.read(filter.text()), Occur.FILTER);
        }
        filter.match().ifPresent(match -> all.add(of(match), Occur.FILTER));
        return all.build();
    }

    static Query of(Match match) {
        return switch (match) {
            case Match.Is(String field, String value) -> is(field, value);
            case Match.StartsWith(String field, String start) -> new PrefixQuery(IndexFields.keywordTerm(field, start));
            case Match.EndsWith(String field, String end) -> wildcard(field, "*" + literal(end));
            case Match.Has(String field) -> has(field);
            case Match.Words(String words) -> words(words);
            case Match.All(List<Match> parts) -> combine(parts, Occur.FILTER);
            case Match.Any(List<Match> parts) -> combine(parts, Occur.SHOULD);
            case Match.Not(Match part) -> not(of(part));
        };
    }

    private static Query combine(List<Match> parts, Occur occur) {
        var all = new BooleanQuery.Builder();
        if (occur == Occur.FILTER) {
            all.add(MatchAllDocsQuery.INSTANCE, Occur.FILTER);
        }
        for (Match part : parts) {
            all.add(of(part), occur);
        }
        return all.build();
    }

    static Query not(Query query) {
        return new BooleanQuery.Builder()
                .add(MatchAllDocsQuery.INSTANCE, Occur.FILTER)
                .add(query, Occur.MUST_NOT)
                .build();
    }

    static Query any(List<Query> queries) {
        var any = new BooleanQuery.Builder();
        queries.forEach(query -> any.add(query, Occur.SHOULD));
        return any.build();
    }

    static Query is(String field, String value) {
        return switch (field) {
            case IndexFields.ID, IndexFields.RECORD -> identity(field, value);
            case IndexFields.MESSAGE -> words(IndexFields.MESSAGE, value);
            default -> new TermQuery(IndexFields.keywordTerm(field, value));
        };
    }

    static Query identity(String field, String hash) {
        return new TermQuery(new Term(field, IndexFields.identity(hash.toLowerCase(Locale.ROOT))));
    }

    static Query has(String field) {
        return switch (field) {
            case IndexFields.ID, IndexFields.RECORD, IndexFields.MESSAGE -> MatchAllDocsQuery.INSTANCE;
            case "timestamp" -> new FieldExistsQuery(IndexFields.TIME);
            default -> new PrefixQuery(new Term(IndexFields.KEYWORDS, IndexFields.prefix(field)));
        };
    }

    /// The words next to each other in the message, or in the values.
    static Query words(String words) {
        return any(TEXT.stream().map(field -> words(field, words)).toList());
    }

    static Query words(String field, String words) {
        Query phrase = new QueryBuilder(PIECES).createPhraseQuery(field, words);
        return phrase == null ? new MatchNoDocsQuery("no letter or digit in it") : phrase;
    }

    static Query fuzzyWord(String word, int edits) {
        String lower = word.toLowerCase(Locale.ROOT);
        return any(TEXT.stream()
                .<Query>map(field -> new FuzzyQuery(new Term(field, lower), edits))
                .toList());
    }

    /// A pattern over the keyword values of a field; `\` escapes.
    static Query wildcard(String field, String pattern) {
        String term = literal(IndexFields.prefix(field)) + pattern.toLowerCase(Locale.ROOT);
        return new WildcardQuery(new Term(IndexFields.KEYWORDS, term), AUTOMATON_WORK);
    }

    /// A pattern over the words of an event. One that crosses separators, like `10.0.0.*` or `up.s?`, is looked for in
    /// whole chunks, at the beginning of a piece and up to the end of one.
    static Query wildcardWord(String field, String pattern) {
        String lower = pattern.toLowerCase(Locale.ROOT);
        List<String> fields = field.isEmpty() ? TEXT : List.of(field);
        if (!crossesSeparator(lower)) {
            return any(fields.stream()
                    .<Query>map(name -> new WildcardQuery(new Term(name, lower), AUTOMATON_WORK))
                    .toList());
        }
        Automaton before = Operations.optional(Operations.concatenate(List.of(Automata.makeAnyString(), separator())));
        Automaton after = Operations.optional(Operations.concatenate(List.of(separator(), Automata.makeAnyString())));
        Automaton middle = WildcardQuery.toAutomaton(new Term("", lower), AUTOMATON_WORK);
        Automaton whole =
                Operations.determinize(Operations.concatenate(List.of(before, middle, after)), AUTOMATON_WORK);
        return any(fields.stream()
                .<Query>map(name -> new AutomatonQuery(new Term(name, lower), whole))
                .toList());
    }

    private static boolean crossesSeparator(String pattern) {
        return pattern.chars().anyMatch(c -> c != '*' && c != '?' && EventAnalyzer.separates((char) c));
    }

    /// The separators of ASCII.
    private static Automaton separator() {
        var ranges = new ArrayList<Automaton>();
        for (char c = ' '; c < 128; c++) {
            if (EventAnalyzer.separates(c)) {
                ranges.add(Automata.makeChar(c));
            }
        }
        return Operations.union(ranges);
    }

    static Query regexp(String field, String expression) {
        Automaton value = new RegExp(expression, RegExp.NONE, RegExp.CASE_INSENSITIVE).toAutomaton();
        if (field.isEmpty()) {
            Automaton whole = Operations.determinize(value, AUTOMATON_WORK);
            return any(TEXT.stream()
                    .<Query>map(name -> new AutomatonQuery(new Term(name, expression), whole))
                    .toList());
        }
        Automaton whole = Operations.determinize(
                Operations.concatenate(List.of(Automata.makeString(IndexFields.prefix(field)), value)), AUTOMATON_WORK);
        return new AutomatonQuery(new Term(IndexFields.KEYWORDS, field + ":/" + expression + "/"), whole);
    }

    /// Texts between two others.
    static Query range(String field, Optional<String> low, Optional<String> high, boolean withLow, boolean withHigh) {
        BytesRef first = IndexFields.keyword(field, low.orElse(""));
        BytesRef last = high.map(value -> IndexFields.keyword(field, value)).orElseGet(() -> after(field));
        return new TermRangeQuery(
                IndexFields.KEYWORDS, first, last, low.isEmpty() || withLow, high.isPresent() && withHigh);
    }

    static Query numbers(String field, double low, double high, boolean withLow, boolean withHigh) {
        return new TermRangeQuery(
                IndexFields.NUMBERS,
                IndexFields.number(field, low),
                IndexFields.number(field, high),
                withLow,
                withHigh);
    }

    /// The first term past all of the field's.
    private static BytesRef after(String field) {
        BytesRef prefix = new BytesRef(IndexFields.prefix(field));
        prefix.bytes[prefix.offset + prefix.length - 1]++;
        return prefix;
    }

    /// Dated events from the first instant up to, not including, the second.
    static Query between(Optional<Instant> from, Optional<Instant> to) {
        long low = from.map(Ticks::ceiling).orElse(Long.MIN_VALUE);
        long high = to.map(Ticks::ceiling).orElse(Long.MAX_VALUE);
        return high == Long.MIN_VALUE || low >= high
                ? new MatchNoDocsQuery("empty range of time")
                : LongPoint.newRangeQuery(IndexFields.TIME, low, high - 1);
    }

    static Query undated() {
        return new TermQuery(IndexFields.keywordTerm(IndexFields.UNDATED, "true"));
    }

    private static String literal(String text) {
        var pattern = new StringBuilder(text.length() + 8);
        for (int i = 0; i < text.length(); i++) {
            if ("*?\\".indexOf(text.charAt(i)) >= 0) {
                pattern.append('\\');
            }
            pattern.append(text.charAt(i));
        }
        return pattern.toString();
    }
}
