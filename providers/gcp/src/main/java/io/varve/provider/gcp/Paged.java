package io.varve.provider.gcp;

import com.google.api.gax.paging.Page;
import io.varve.provider.Pages;
import io.varve.provider.ProviderException;
import java.util.ArrayList;
import java.util.List;

/// Lists of Google's client libraries, read to their end, which has to come.
final class Paged {
    private Paged() {}

    /// What is on all pages.
    ///
    /// @param what for messages, e.g. `listing images of project p`
    /// @param pages of which the next one is fetched when it is asked for
    /// @throws ProviderException FAILED, when they do not end, see [Pages]
    static <T> List<T> all(String what, Iterable<? extends Page<T>> pages) throws ProviderException {
        var all = new ArrayList<T>();
        var counted = new Pages(what, Pages.MOST);
        for (Page<T> page : pages) {
            page.getValues().forEach(all::add);
            counted.hasNext(page.getNextPageToken());
        }
        return all;
    }
}
