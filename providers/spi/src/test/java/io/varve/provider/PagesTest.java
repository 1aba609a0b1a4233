package io.varve.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.provider.ProviderException.Kind;
import org.junit.jupiter.api.Test;

final class PagesTest {
    @Test
    void a_list_ends_where_no_page_is_named() throws Exception {
        var pages = new Pages("listing", 5);
        assertThat(pages.hasNext("a")).isTrue();
        assertThat(pages.hasNext("b")).isTrue();
        assertThat(pages.hasNext("a")).as("a token may come again later").isTrue();
        assertThat(pages.hasNext("")).isFalse();
        assertThat(pages.hasNext(null)).isFalse();
    }

    @Test
    void a_page_that_names_itself_is_said() throws Exception {
        var pages = new Pages("listing the builds", 5);
        assertThat(pages.hasNext("a")).isTrue();
        assertThatThrownBy(() -> pages.hasNext("a"))
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.kind()).isEqualTo(Kind.FAILED))
                .hasMessage("listing the builds: the same page is handed out again");
    }

    @Test
    void a_list_of_more_pages_than_such_a_list_has_is_said_and_the_last_allowed_one_is_read() throws Exception {
        var pages = new Pages("listing the builds", 3);
        assertThat(pages.hasNext("a")).isTrue();
        assertThat(pages.hasNext("b")).isTrue();
        assertThatThrownBy(() -> pages.hasNext("c"))
                .isInstanceOf(ProviderException.class)
                .hasMessageContaining("listing the builds: more than 3 pages");
    }
}
