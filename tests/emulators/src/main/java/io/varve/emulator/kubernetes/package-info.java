/// The API server of a Kubernetes cluster: bearer tokens, RBAC, pages, logs, exec over WebSocket, ephemeral containers
/// and
/// access reviews, after the API reference and KEP-4006. What a container runs, really runs in a
/// [device][io.varve.emulator.device].
///
/// `KubernetesEmulator.start(TestClock.running())`, then `token(user)` and `pod(namespace, name, containers…)`.
@NullMarked
package io.varve.emulator.kubernetes;

import org.jspecify.annotations.NullMarked;
