/// What the agent reads of the file system: globs, listings, contents.
@NullMarked
package io.varve.provider.endpoint.agent.files;

import org.jspecify.annotations.NullMarked;
