package io.varve.timeline.lucene;

import java.io.IOException;
import java.util.Locale;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionIncrementAttribute;
import org.apache.lucene.util.ArrayUtil;

/// Cuts text into words the way a responder searches: pieces of letters and digits in lower case, and around them whole
/// chunks such as a path, an address or a file name, so that wildcards can cross the dots and slashes.
///
/// `curl http://10.0.0.5/up.sh` gives `curl`, `http`, `10`, `0`, `0`, `5`, `up`, `sh` one after the other and
/// `http://10.0.0.5/up.sh` at the place of `http`. A question is cut into pieces only, and asked as a phrase.
final class EventAnalyzer extends Analyzer {
    /// Longest word in the index, in characters; the rest of a longer one is not searchable as a word.
    static final int LONGEST_WORD = 512;

    /// Stands between two values of one text: no phrase reaches across it.
    static final char BETWEEN_VALUES = '\u001e';

    private static final int GAP = 100;

    enum Mode {
        PIECES_AND_CHUNKS,
        PIECES
    }

    private final Mode mode;

    EventAnalyzer(Mode mode) {
        this.mode = mode;
    }

    @Override
    protected TokenStreamComponents createComponents(String field) {
        return new TokenStreamComponents(new Words(mode));
    }

    static boolean separates(char c) {
        return !Character.isLetterOrDigit(c)
                && !Character.isSurrogate(c)
                && Character.getType(c) != Character.NON_SPACING_MARK;
    }

    /// Whether a chunk ends here.
    private static boolean ends(char c) {
        return c <= ' ' || "\"'`,;()[]{}<>|=".indexOf(c) >= 0 || Character.isSpaceChar(c);
    }

    private static final class Words extends Tokenizer {
        private final CharTermAttribute term = addAttribute(CharTermAttribute.class);
        private final PositionIncrementAttribute increment = addAttribute(PositionIncrementAttribute.class);
        private final Mode mode;
        private char[] text = new char[1024];
        private int length;
        private int at;
        /// Where the chunk that was looked at last ends.
        private int chunkEnd;

        private boolean chunkWritten;
        /// Places to leave empty before the next word.
        private int gap;

        Words(Mode mode) {
            this.mode = mode;
        }

        @Override
        public void reset() throws IOException {
            super.reset();
            length = 0;
            at = 0;
            chunkEnd = 0;
            chunkWritten = false;
            gap = 0;
            for (int read = input.read(text, 0, text.length); read > 0; ) {
                length += read;
                text = ArrayUtil.grow(text, length + 1);
                read = input.read(text, length, text.length - length);
            }
        }

        @Override
        public boolean incrementToken() {
            clearAttributes();
            while (at < length) {
                if (at >= chunkEnd) {
                    if (startChunk()) {
                        return true;
                    }
                    continue;
                }
                if (separates(text[at])) {
                    at++;
                    continue;
                }
                return piece();
            }
            return false;
        }

        /// Looks at the chunk that begins here; true when it is a word of its own.
        private boolean startChunk() {
            while (at < length && ends(text[at])) {
                gap = text[at] == BETWEEN_VALUES ? GAP : gap;
                at++;
            }
            int end = at;
            int pieces = 0;
            for (boolean inside = false; end < length && !ends(text[end]); end++) {
                boolean piece = !separates(text[end]);
                pieces += piece && !inside ? 1 : 0;
                inside = piece;
            }
            chunkEnd = end;
            while (end > at && ".:!?".indexOf(text[end - 1]) >= 0) {
                end--;
            }
            if (mode == Mode.PIECES || pieces == 0 || !isMixed(at, end)) {
                return false;
            }
            write(at, end);
            chunkWritten = true;
            return true;
        }

        private boolean isMixed(int from, int to) {
            for (int i = from; i < to; i++) {
                if (separates(text[i])) {
                    return true;
                }
            }
            return false;
        }

        private boolean piece() {
            int end = at;
            while (end < length && !separates(text[end])) {
                end++;
            }
            write(at, end);
            if (chunkWritten) {
                increment.setPositionIncrement(0);
            }
            chunkWritten = false;
            at = end;
            return true;
        }

        private void write(int from, int to) {
            int size = Math.min(to - from, LONGEST_WORD);
            boolean plain = true;
            char[] word = term.resizeBuffer(size);
            for (int i = 0; i < size; i++) {
                char c = text[from + i];
                plain &= c < 128;
                word[i] = c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
            }
            term.setLength(size);
            increment.setPositionIncrement(1 + gap);
            gap = 0;
            if (!plain) {
                String lower = new String(text, from, size).toLowerCase(Locale.ROOT);
                term.setEmpty().append(lower);
            }
        }
    }
}
