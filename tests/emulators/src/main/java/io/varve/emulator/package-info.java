/// Servers that behave like the vendors, with their limits and errors, and the hosts behind them. Never in the product.
@NullMarked
package io.varve.emulator;

import org.jspecify.annotations.NullMarked;
