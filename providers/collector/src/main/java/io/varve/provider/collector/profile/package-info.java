/// What a capture collects: profiles as data, named after ForensicArtifacts definitions.
@NullMarked
package io.varve.provider.collector.profile;

import org.jspecify.annotations.NullMarked;
