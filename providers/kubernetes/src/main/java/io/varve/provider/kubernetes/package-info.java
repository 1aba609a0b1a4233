/// Kubernetes: a pod by its state, its logs and the files of its containers, through the API server.
@NullMarked
package io.varve.provider.kubernetes;

import org.jspecify.annotations.NullMarked;
