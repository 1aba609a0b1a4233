/// What alert sources send and how it is read: one reader per source, all ending in one form. Everything read here is
/// hostile; no reader throws anything but [UnreadableAlertException].
@NullMarked
package io.varve.acquisition.source;

import org.jspecify.annotations.NullMarked;
