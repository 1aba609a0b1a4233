/// Google Cloud: Compute Engine, Cloud Build, Cloud Logging, token endpoint and rights, ours; Cloud
/// Storage by `fake-gcs-server`.
@NullMarked
package io.varve.emulator.gcp;

import org.jspecify.annotations.NullMarked;
