package io.varve.provider;

import io.varve.provider.ProviderException.Kind;
import org.jspecify.annotations.Nullable;

/// Counts the pages of one list, so that it ends whatever the vendor answers: a page that names itself as
/// the next one, or a list of more pages than such a list can have, is a failure that says so. What was
/// listed until then is not used: half a list of what is to be removed is none.
public final class Pages {
    /// For lists of what one account has of one kind.
    public static final int MOST = 1_000;

    private final String what;
    private final int most;
    private String last = "";
    private int pages;

    /// @param what for the message, e.g. `listing the builds of project p`
    /// @param most pages that are read
    public Pages(String what, int most) {
        this.what = what;
        this.most = most;
    }

    /// To be called with what each page says.
    ///
    /// @param next token of the page after it; null or empty at the end
    /// @return whether there is a page after it
    public boolean hasNext(@Nullable String next) throws ProviderException {
        if (next == null || next.isEmpty()) {
            return false;
        }
        if (next.equals(last)) {
            throw new ProviderException(Kind.FAILED, what + ": the same page is handed out again");
        }
        if (++pages >= most) {
            throw new ProviderException(
                    Kind.FAILED, "%s: more than %d pages, which no such list has".formatted(what, most));
        }
        last = next;
        return true;
    }
}
