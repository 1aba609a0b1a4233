/// REST and the browser interface. One package per feature; docs/rest.md describes what they answer.
@NullMarked
package io.varve.web;

import org.jspecify.annotations.NullMarked;
