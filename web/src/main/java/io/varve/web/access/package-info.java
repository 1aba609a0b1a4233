/// Who may call: users, sessions, API keys.
@NullMarked
package io.varve.web.access;

import org.jspecify.annotations.NullMarked;
