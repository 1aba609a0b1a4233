/// Secrets of integrations: anybody may seal one, only workers can open it.
@NullMarked
package io.varve.acquisition.secret;

import org.jspecify.annotations.NullMarked;
