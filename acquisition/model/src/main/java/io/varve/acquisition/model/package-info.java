/// Alerts, incidents, assets, rules and captures as plain records, and the repositories that keep them.
@NullMarked
package io.varve.acquisition.model;

import org.jspecify.annotations.NullMarked;
