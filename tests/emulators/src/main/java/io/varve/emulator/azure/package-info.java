/// Microsoft Azure: the control plane of virtual machines, disks and snapshots, and the pages of snapshots behind
/// signed
/// addresses.
@NullMarked
package io.varve.emulator.azure;

import org.jspecify.annotations.NullMarked;
